/**
 * A key that is rotated by itself.
 *
 * waiting → under way  its version is as old as it may become: the next one is issued, and on its way
 *         → held       the rotation was refused; tried again a day later
 * under way → waiting  the rotation is over
 *           → held     the secret did not arrive: the new version has ended, the old one goes on; tried again a day later
 * Of these only what is held stands in its row: the others follow from the key. A key that is revoked loses its schedule.
 */
export interface Schedule {
  readonly key: string;
  readonly account: string;
  /** Null: as policy says. */
  readonly everyDays: number | null;
  readonly overlapHours: number;
  /** Null where secrets are offered. */
  readonly store: string | null;
  readonly path: string | null;
  readonly nextAt: Date;
  readonly heldSince: Date | null;
  readonly heldBecause: HeldBecause | null;
  readonly heldDetail: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type HeldBecause = "store" | "unclaimed" | "refused";

/** What a schedule is decided by. */
export interface SeenKey {
  readonly revoked: boolean;
  /** What has expired stays so: nobody has said that it is to live again. */
  readonly expired: boolean;
  /** When the version in force was issued, in milliseconds since the epoch. */
  readonly issuedAt: number;
  /** Of its versions; null: they may become as old as they will. */
  readonly days: number | null;
  /** Whether a rotation is under way, or a secret. */
  readonly underWay: boolean;
}

export type ScheduleStep =
  | { readonly do: "remove" | "rotate" }
  /** Milliseconds since the epoch. */
  | { readonly do: "wait"; readonly until: number };

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** What policy says may change, and so may the clock: no key is left unlooked at for longer. */
const LOOK_MS = DAY_MS;

/** What is to be done with a key at this moment, in milliseconds since the epoch. */
export function stepSchedule({ revoked, expired, issuedAt, days, underWay }: SeenKey, now: number): ScheduleStep {
  if (revoked) return { do: "remove" };
  if (underWay) return { do: "wait", until: now + HOUR_MS };
  if (expired || days === null) return { do: "wait", until: now + LOOK_MS };
  const due = issuedAt + days * DAY_MS;
  return now >= due ? { do: "rotate" } : { do: "wait", until: Math.min(due, now + LOOK_MS) };
}

/** As the contract shows it. */
export function shapeSchedule({ store, path, nextAt, heldSince, createdAt, updatedAt, ...schedule }: Schedule) {
  return {
    ...schedule,
    deliverTo: store === null || path === null ? { offer: true } : { store, path },
    ...{ nextAt: nextAt.toISOString(), heldSince: heldSince?.toISOString() ?? null },
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
  };
}

/** What an audit event shows of it. */
export const auditedSchedule = ({ everyDays, overlapHours, store, path }: Schedule) => ({
  ...{ everyDays, overlapHours, store, path },
});

export const aboutSchedule = ({ key, account }: Pick<Schedule, "key" | "account">) => ({
  ...{ account, target: { type: "key", id: key } },
});
