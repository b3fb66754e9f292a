import type { LimitStores } from "@claviger/core";

/** What each store was asked for, and did not answer. */
export interface StoreErrors {
  readonly shares: number;
  readonly blocks: number;
}

/** The same stores, with their failures counted. */
export function countErrors({ shares, blocks }: LimitStores): { stores: LimitStores; errors: () => StoreErrors } {
  const counted = { shares: 0, blocks: 0 };
  const noting = async <T>(of: keyof typeof counted, answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (error) {
      counted[of] += 1;
      throw error;
    }
  };
  return {
    stores: {
      shares: {
        join: (holder) => noting("shares", shares.join(holder)),
        renew: (holder) => noting("shares", shares.renew(holder)),
        end: (id, token) => noting("shares", shares.end(id, token)),
        leave: (holder) => noting("shares", shares.leave(holder)),
        claim: (act, claims, last) => noting("shares", shares.claim(act, claims, last)),
        exchange: (act, requests) => noting("shares", shares.exchange(act, requests)),
        inherit: (act, most) => noting("shares", shares.inherit(act, most)),
      },
      blocks: {
        take: (requests) => noting("blocks", blocks.take(requests)),
        forget: (wall) => noting("blocks", blocks.forget(wall)),
      },
    },
    errors: () => ({ ...counted }),
  };
}
