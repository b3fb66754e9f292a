import {
  ClavigerError,
  type Gone,
  type HolderRow,
  type Inheritance,
  type LimiterClock,
  type PartAct,
  type PartStanding,
  type ShareAnswer,
  type ShareClaim,
  type ShareRequest,
  type Timers,
} from "@claviger/core";
import type { Logger } from "../../../kernel/log.ts";
import type { Random } from "../../../kernel/random.ts";
import { type PartRecord, POSTGRES_PART } from "../queries/registry.ts";
import { type Registry, redisStore, type Standing } from "../registry.ts";
import { KeptPart } from "./kept-part.ts";
import { Reach } from "./reach.ts";
import type { RedisClient } from "./redis-client.ts";
import { type RedisEpoch, RedisPart } from "./redis-part.ts";
import { Tidying } from "./tidying.ts";

export interface RedisSharesOptions {
  readonly client: RedisClient;
  readonly registry: Registry;
  readonly clock: LimiterClock;
  readonly random: Random;
  readonly timers: Timers;
  readonly logger: Logger;
  /** 1, or in a cluster more, so that all masters have some. Every node must have as many. */
  readonly parts: number;
  /** Told when a record is found to be gone. */
  lost(): void;
}

const EPOCH = /^redis:(\d{1,15}):([\w-]{1,100})$/;
/** How long a renewal waits for Redis: a part of the term, and no longer than this. A lease does not need its answer. */
const PATIENCE_PART = 20;
const MOST_PATIENCE_MS = 250;

/**
 * Shares in Redis or Valkey. Each part is one record, which counts as lost after a restart and a failover as well, because it
 * may lack what was written last; PostgreSQL says which record is the current one (see `Registry`). A lease depends on
 * PostgreSQL alone: while Redis gives no answer, what is held may be spent, and nobody is given more.
 */
export class RedisShares {
  readonly store: string;
  readonly reach: Reach;
  readonly #options: RedisSharesOptions;
  readonly #tidying: Tidying;
  #parts: readonly KeptPart[] = [];

  constructor(options: RedisSharesOptions) {
    this.#options = options;
    this.store = redisStore(options.parts);
    this.reach = new Reach(options.parts);
    this.#tidying = new Tidying(options);
  }

  /** Looks at all parts, and waits a little for what is found there. Never rejects. */
  async look(installation: string, holders: readonly HolderRow[]): Promise<void> {
    if (this.#parts.length === 0) this.#parts = this.#partsOf(installation);
    const ids = holders.map(({ id }) => id);
    const patienceMs = Math.min(MOST_PATIENCE_MS, ...holders.map(({ termMs }) => termMs / PATIENCE_PART));
    const looks = Promise.all(this.#parts.map((part) => part.look(ids)));
    await new Promise<void>((resolve) => {
      const cancel = this.#options.timers.after(patienceMs, resolve);
      void looks.then(() => {
        cancel();
        resolve();
      });
    });
  }

  /** How its parts stand for each of these holders, in their order, by what was found there last. */
  async standings(standing: Standing, holders: readonly HolderRow[]): Promise<PartStanding[][]> {
    const followed = await Promise.all(standing.parts.map((record) => this.#part(record).follow(record)));
    const current = { ...standing, parts: followed.map(({ record }) => record) };
    const settled = await this.#settle(current);
    this.#tidying.begin(current, this.#parts);
    const parts = followed.map(({ record, wanted }) => ({
      epoch: record.record === "" ? null : `redis:${record.seq}:${record.record}`,
      settledMs: settled.get(record) ?? record.settledMs,
      heirless: this.#part(record).isHeirless(record, standing.holders),
      wanted,
    }));
    return holders.map(({ id }) =>
      parts.map((part) => ({ ...part, wanted: part.wanted.filter(({ holder }) => holder === id) })),
    );
  }

  /** Whether there is such a part, and such an epoch can be. */
  knows({ part, epoch }: Pick<PartAct, "part" | "epoch">): boolean {
    return part < this.#parts.length && EPOCH.test(epoch);
  }

  async claim(act: PartAct, claims: readonly ShareClaim[], last: boolean): Promise<readonly boolean[] | Gone> {
    const epoch = epochOf(act);
    const answer = await this.#at(act.part).part.claim(act, epoch, claims, last);
    if (last && typeof answer !== "string") {
      await this.#options.registry.enter(act.holder, POSTGRES_PART + 1 + act.part, epoch.seq);
    }
    return answer;
  }

  async exchange(act: PartAct, requests: readonly ShareRequest[]): Promise<readonly ShareAnswer[] | Gone> {
    // Whoever waits for an answer waits in vain once, and then no more until there was one.
    if (this.reach.isFailing(act.part)) throw new ClavigerError("UNAVAILABLE", { internal: "Redis gives no answer" });
    try {
      return await this.#at(act.part).part.exchange(act, epochOf(act), requests);
    } catch (error) {
      this.reach.failed(act.part, this.#options.clock.mono());
      throw error;
    }
  }

  async inherit(act: PartAct): Promise<readonly Inheritance[] | Gone> {
    return this.#at(act.part).inherit(act, epochOf(act));
  }

  /** Redis first: what was given there is never more than what PostgreSQL calls settled allows. */
  async #settle(standing: Standing): Promise<ReadonlyMap<PartRecord, number>> {
    const { registry, logger } = this.#options;
    const settled = new Map<PartRecord, number>();
    try {
      for (const [record, settledMs] of await registry.settling(standing)) {
        if (!(await this.#part(record).part.settle(record, settledMs))) continue;
        await registry.settle(record, settledMs);
        settled.set(record, settledMs);
      }
    } catch (error) {
      logger.debug({ error }, "it could not be written down that a record of limits is whole again");
    }
    return settled;
  }

  #partsOf(installation: string): KeptPart[] {
    const { client, clock, parts } = this.#options;
    return Array.from({ length: parts }, (_, index) => {
      const looked = (answered: boolean): void => {
        if (answered) this.reach.answered(index, clock.mono());
        else this.reach.failed(index, clock.mono());
      };
      return new KeptPart({ ...this.#options, part: new RedisPart(client, installation, index), looked });
    });
  }

  #part({ number }: PartRecord): KeptPart {
    return this.#at(number - POSTGRES_PART - 1);
  }

  #at(index: number): KeptPart {
    const part = this.#parts[index];
    if (part === undefined) throw new TypeError("Redis has no such part");
    return part;
  }
}

function epochOf({ epoch }: PartAct): RedisEpoch {
  const [, seq, record] = EPOCH.exec(epoch) ?? [];
  if (record === undefined) throw new TypeError("an epoch of Redis names its record");
  return { seq: Number(seq), record };
}
