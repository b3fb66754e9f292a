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
import { Gathered } from "./gathered.ts";
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

/** What is asked of shares for others; see `ShareStore`. */
export type LentShares = Omit<ShareStore, "inherit">;

type Wanted = Awaited<ReturnType<typeof readWanted>>[number];

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
  readonly #renewals = new Gathered<HolderRow, Renewal>((holders) => this.#renewAll(holders));
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

  renew(holder: HolderRow): Promise<Renewal> {
    return this.#renewals.add(holder);
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

  claim(act: PartAct, claims: readonly ShareClaim[], last: boolean, lent = false): Promise<readonly boolean[] | Gone> {
    if (isPostgresEpoch(act.epoch)) return this.#postgres.claim(act, claims, last, lent);
    return this.#inRedis.claim(act, claims, last);
  }

  exchange(act: PartAct, requests: readonly ShareRequest[], lent = false): Promise<readonly ShareAnswer[] | Gone> {
    if (isPostgresEpoch(act.epoch)) return this.#postgres.exchange(act, requests, lent);
    return this.#inRedis.exchange(act, requests);
  }

  /**
   * For a holder with this node between it and the store: what it asks may be carried out late, and is not after a newer act.
   * Of what it names nothing is taken for granted.
   */
  readonly lent: LentShares = {
    join: (holder) => this.#registry.joinLent(holder),
    renew: (holder) => this.renew(holder),
    end: (id, token) => this.end(id, token),
    leave: (holder) => this.leave(holder),
    claim: async (act, claims, last) => (this.#knows(act) ? this.claim(act, claims, last, true) : "moved"),
    exchange: async (act, requests) => (this.#knows(act) ? this.exchange(act, requests, true) : "moved"),
  };

  inherit(act: PartAct, most: number): Promise<readonly Inheritance[] | Gone> {
    return isPostgresEpoch(act.epoch) ? this.#postgres.inherit(act, most) : this.#inRedis.inherit(act);
  }

  async #renewAll(holders: readonly HolderRow[]): Promise<Renewal[]> {
    const ids = holders.map(({ id }) => id);
    const [standing, wanted] = await this.#registry.renew(holders, async (tx, store) =>
      store === POSTGRES_STORE ? readWanted(tx, ids) : [],
    );
    if (this.#redis !== null) await this.#redis.look(standing.installation, holders);
    const parts = await this.#parts(standing, holders, wanted);
    this.#store = standing.store;
    this.#settled = parts.every((each) => each.every(({ settledMs }) => settledMs >= SETTLED_MS));
    const living = standing.holders.filter(({ ended }) => !ended);
    return holders.map((holder, index) => ({
      alive: standing.alive.has(holder.id),
      others: living.filter(({ id }) => id !== holder.id),
      parts: parts[index] ?? [],
    }));
  }

  /** For each holder, in their order. */
  async #parts(
    standing: Standing,
    holders: readonly HolderRow[],
    wanted: readonly Wanted[],
  ): Promise<PartStanding[][]> {
    if (standing.store === POSTGRES_STORE) {
      this.#postgres.dropStaleSoon();
      const part = await this.#postgres.standing(standing);
      return holders.map(({ id }) => [{ ...part, wanted: wanted.filter(({ holder }) => holder === id) }]);
    }
    if (this.#redis === null) throw new TypeError("a store that this node cannot divide in is not chosen");
    return this.#redis.standings(standing, holders);
  }

  #knows(act: PartAct): boolean {
    return isPostgresEpoch(act.epoch) ? act.part === 0 : (this.#redis?.knows(act) ?? false);
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

  get #inRedis(): RedisShares {
    if (this.#redis === null) throw new TypeError("without Redis nothing is of an epoch of Redis");
    return this.#redis;
  }
}
