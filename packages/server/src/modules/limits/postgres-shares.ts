import type { Gone, Inheritance, PartAct, PartStanding, ShareAnswer, ShareClaim, ShareRequest } from "@claviger/core";
import { claimShares, dropStale, exchange, inherit, type ShareAct } from "./limits.store.ts";
import { enterEpoch, POSTGRES_PART } from "./queries/registry.ts";
import type { Registry, Standing } from "./registry.ts";

const EPOCH = /^postgresql:(\d{1,15})$/;
const DROPPED = 5_000;

/** Whether this is an epoch of PostgreSQL's part. */
export function isPostgresEpoch(epoch: string): boolean {
  return EPOCH.test(epoch);
}

/** Shares in PostgreSQL: one part, whose record is lost only with the database itself. */
export class PostgresShares {
  readonly #registry: Registry;
  #mayBeStale = true;
  #dropping = false;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** How its part stands, but for what is wanted of whom. */
  async standing(standing: Standing): Promise<Omit<PartStanding, "wanted">> {
    const [part] = standing.parts;
    if (part === undefined) throw new TypeError("a migrated database has this part");
    const settling = (await this.#registry.settling(standing)).get(part);
    if (settling !== undefined) await this.#registry.settle(part, settling);
    return {
      epoch: `postgresql:${part.seq}`,
      settledMs: settling ?? part.settledMs,
      heirless: standing.holders.some(({ ended }) => ended),
    };
  }

  /** @param lent whether it may be carried out late, after what the holder has asked since; likewise below */
  claim(act: PartAct, claims: readonly ShareClaim[], last: boolean, lent: boolean): Promise<readonly boolean[] | Gone> {
    this.#mayBeStale = true;
    const mine = shareAct(act, lent);
    return this.#registry.run(async (tx) => {
      const answer = await claimShares(tx, mine, claims);
      if (last && typeof answer !== "string") await enterEpoch(tx, act.holder, POSTGRES_PART, mine.seq);
      return answer;
    });
  }

  exchange(act: PartAct, requests: readonly ShareRequest[], lent: boolean): Promise<readonly ShareAnswer[] | Gone> {
    return this.#registry.run((tx) => exchange(tx, shareAct(act, lent), requests));
  }

  inherit(act: PartAct, most: number): Promise<readonly Inheritance[] | Gone> {
    return this.#registry.run((tx) => inherit(tx, shareAct(act, false), most));
  }

  /** Drops some of what is of earlier epochs and counts no more, once in a while. Goes on by itself; what fails comes again. */
  dropStaleSoon(): void {
    if (!this.#mayBeStale || this.#dropping) return;
    this.#dropping = true;
    void this.#registry
      .run((tx) => dropStale(tx, DROPPED))
      .then(
        (more) => {
          this.#mayBeStale = more;
        },
        () => undefined,
      )
      .finally(() => {
        this.#dropping = false;
      });
  }
}

function shareAct({ holder, now, epoch, order }: PartAct, lent: boolean): ShareAct {
  const seq = Number(EPOCH.exec(epoch)?.[1]);
  return { holder, now, seq, order: lent ? order : null };
}
