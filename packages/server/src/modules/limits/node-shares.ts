import type {
  Gone,
  HolderRow,
  Inheritance,
  LimiterClock,
  PartAct,
  PartStanding,
  Renewal,
  ShareAnswer,
  ShareClaim,
  ShareRequest,
  ShareStore,
} from "@claviger/core";
import type { Database } from "../../db/index.ts";
import { readWanted } from "./limits.store.ts";
import { isPostgresEpoch, PostgresShares } from "./postgres-shares.ts";
import { POSTGRES_STORE, SETTLED_MS, type StoreWish } from "./queries/registry.ts";
import type { RedisShares } from "./redis/redis-shares.ts";
import { Registry, type Standing } from "./registry.ts";

/** What becomes of limits while Redis gives no answer. */
export type RedisUnavailable = "refuse" | "postgresql" | "allow";

export interface NodeSharesOptions {
  readonly database: Database;
  readonly clock: LimiterClock;
  /** Makes the shares in Redis, where there is one. */
  readonly redis: ((registry: Registry) => RedisShares) | null;
  readonly whenUnavailable: RedisUnavailable;
}

/** After an outage Redis must have answered for so long before anybody divides there again. */
const STABLE_MS = 10_000;
/** So long an outage lasts before all go over to PostgreSQL, where that is wished. */
const PATIENCE_MS = 1_000;
const POSTGRES: StoreWish = { name: POSTGRES_STORE, onlyIfInUse: false };

/**
 * Shares where this installation divides at present: in PostgreSQL, or in Redis where all nodes can. Which of the two it is
 * the registry says, to all of them alike; going over from one to the other is a new epoch, like a record that was lost.
 */
export class NodeShares implements ShareStore {
  readonly #registry: Registry;
  readonly #postgres: PostgresShares;
  readonly #redis: RedisShares | null;
  readonly #options: NodeSharesOptions;
  #store: string = POSTGRES_STORE;
  #settled = true;

  constructor(options: NodeSharesOptions) {
    this.#options = options;
    const { database, clock, redis } = options;
    this.#registry = new Registry({ database, clock, wish: () => this.#wish() });
    this.#postgres = new PostgresShares(this.#registry);
    this.#redis = redis === null ? null : redis(this.#registry);
  }

  /** Whether windows are divided in Redis, as of the last renewal. */
  get isInRedis(): boolean {
    return this.#store !== POSTGRES_STORE;
  }

  /** As of the last renewal. */
  readings(): { readonly store: string; readonly settled: boolean; readonly silentParts: number } {
    return { store: this.#store, settled: this.#settled, silentParts: this.#redis?.reach.failing ?? 0 };
  }

  async renew(holder: HolderRow): Promise<Renewal> {
    const [standing, wanted] = await this.#registry.renew([holder], async (tx, store) =>
      store === POSTGRES_STORE ? readWanted(tx, [holder.id]) : [],
    );
    if (this.#redis !== null) await this.#redis.look(standing.installation, [holder]);
    const parts = await this.#parts(standing, holder, wanted);
    this.#store = standing.store;
    this.#settled = parts.every(({ settledMs }) => settledMs >= SETTLED_MS);
    return {
      alive: standing.alive.has(holder.id),
      others: standing.holders.filter(({ id, ended }) => !ended && id !== holder.id),
      parts,
    };
  }

  join(holder: HolderRow): Promise<void> {
    return this.#registry.join(holder);
  }

  end(id: string, token: string): Promise<void> {
    return this.#registry.end(id, token);
  }

  leave(holder: Omit<HolderRow, "token">): Promise<void> {
    return this.#registry.leave(holder);
  }

  claim(act: PartAct, claims: readonly ShareClaim[], last: boolean): Promise<readonly boolean[] | Gone> {
    return this.#of(act).claim(act, claims, last);
  }

  exchange(act: PartAct, requests: readonly ShareRequest[]): Promise<readonly ShareAnswer[] | Gone> {
    return this.#of(act).exchange(act, requests);
  }

  inherit(act: PartAct, most: number): Promise<readonly Inheritance[] | Gone> {
    return this.#of(act).inherit(act, most);
  }

  async #parts(standing: Standing, holder: HolderRow, wanted: PartStanding["wanted"]): Promise<PartStanding[]> {
    if (standing.store === POSTGRES_STORE) {
      this.#postgres.dropStaleSoon();
      return [{ ...(await this.#postgres.standing(standing)), wanted }];
    }
    if (this.#redis === null) throw new TypeError("a store that this node cannot divide in is not chosen");
    const [parts = []] = await this.#redis.standings(standing, [holder]);
    return parts;
  }

  /** Where this node can divide now. */
  #wish(): StoreWish {
    const redis = this.#redis;
    if (redis === null) return POSTGRES;
    const now = this.#options.clock.mono();
    const upMs = redis.reach.upFor(now);
    if (upMs !== null && upMs >= STABLE_MS) return { name: redis.store, onlyIfInUse: false };
    const downMs = redis.reach.downFor(now);
    const goesOver = this.#options.whenUnavailable === "postgresql" && downMs !== null && downMs >= PATIENCE_MS;
    return goesOver ? POSTGRES : { name: redis.store, onlyIfInUse: true };
  }

  #of({ epoch }: PartAct): PostgresShares | RedisShares {
    if (isPostgresEpoch(epoch)) return this.#postgres;
    if (this.#redis === null) throw new TypeError("without Redis nothing is of an epoch of Redis");
    return this.#redis;
  }
}
