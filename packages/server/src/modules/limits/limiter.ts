import type { AppliedLimit, LimitState, Moment } from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import type { BudgetStore } from "./budget-store.ts";
import { ASK, REFUSE } from "./counter.ts";
import { type Counter, Counters } from "./counters.ts";
import { ExchangeQueue } from "./exchange-queue.ts";
import { Holder } from "./holder.ts";
import { createBudgetStore } from "./limits.store.ts";
import { closeCounters, Upkeep } from "./upkeep.ts";

export interface LimiterOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds for which shares may be spent after the last renewal; after a crash others wait a tenth longer. Default 5 000. */
  readonly termMs?: number;
  /** Milliseconds between two rounds of upkeep; null: only when `upkeep` is called. Default a tenth of the term. */
  readonly upkeepMs?: number | null;
  /** Counters in memory at most; default 200 000. */
  readonly maxCounters?: number;
  /** Counters of source addresses for each account at most; default 20 000. */
  readonly maxSourcesPerAccount?: number;
}

export type LimitOutcome =
  | { readonly kind: "accepted" }
  | LimitRefusal
  /** Memory cannot tell. Once `ready` has resolved, decide anew about the whole request and ask again. */
  | { readonly kind: "wait"; readonly ready: Promise<void> };

export interface LimitRefusal {
  readonly kind: "refused";
  readonly code: "RATE_LIMITED" | "QUOTA_EXCEEDED" | "UNAVAILABLE";
  /** The limit that refused; of several the one that lasts longest. Null with UNAVAILABLE. */
  readonly limit: AppliedLimit | null;
  /** Milliseconds after which the same request may be accepted, at the earliest; null: never. */
  readonly retryAfterMs: number | null;
}

export interface Limiter {
  /**
   * Spends `cost` (a whole number from 1) from all limits, or from none. Synchronous and without I/O where memory can tell.
   * Call it last, after everything else that may refuse, in one block with the decision and the reading of the clocks.
   */
  check(limits: readonly AppliedLimit[], cost: number, now: Moment): LimitOutcome;
  /** How the limits stand, without spending. */
  peek(limits: readonly AppliedLimit[], now: Moment): LimitState[];
  /** Joins and begins the upkeep. Rejects where the database cannot be reached. */
  start(): Promise<void>;
  /** One round of upkeep: renews the lease, looks after others, takes over what they left, settles idle counters. Never rejects. */
  upkeep(): Promise<void>;
  /** Accepts nothing more, gives back what is not spent, and leaves. Never rejects. */
  stop(): Promise<void>;
  /** Counters now in memory. */
  readonly size: number;
}

const TERM_MS = 5_000;
const ROUNDS_PER_TERM = 10;
const MAX_COUNTERS = 200_000;
const MAX_SOURCES = 20_000;
const RETRY_MS = 1_000;

const ACCEPTED: LimitOutcome = Object.freeze({ kind: "accepted" });
const UNAVAILABLE: LimitRefusal = Object.freeze({
  ...{ kind: "refused", code: "UNAVAILABLE", limit: null, retryAfterMs: RETRY_MS },
});

export function createLimiter(options: LimiterOptions): Limiter {
  return new NodeLimiter(options, createBudgetStore(options.database));
}

/** Puts the parts together: counters that tell at once, a queue to the store, the holder's lease, and the upkeep. */
class NodeLimiter implements Limiter {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #counters: Counters;
  readonly #queue: ExchangeQueue;
  readonly #holder: Holder;
  readonly #upkeep: Upkeep;
  /** The counters of the check under way, in the order of its limits. */
  readonly #found: Counter[] = [];
  #state: "new" | "started" | "stopped" = "new";

  constructor(options: LimiterOptions, store: BudgetStore) {
    const { clock, logger, termMs = TERM_MS } = options;
    this.#clock = clock;
    this.#logger = logger;
    this.#counters = new Counters({
      counters: options.maxCounters ?? MAX_COUNTERS,
      sourcesPerAccount: options.maxSourcesPerAccount ?? MAX_SOURCES,
    });
    const holder = new Holder({ ...options, store, termMs, onLost: () => this.#counters.reset() });
    this.#holder = holder;
    this.#queue = new ExchangeQueue({
      ...{ store, clock, logger },
      holder: () => holder.id(),
      onLost: (id) => holder.lost(id),
    });
    this.#upkeep = new Upkeep({
      ...{ store, clock, logger, holder, counters: this.#counters, queue: this.#queue },
      everyMs: options.upkeepMs === undefined ? termMs / ROUNDS_PER_TERM : options.upkeepMs,
    });
  }

  get size(): number {
    return this.#counters.size;
  }

  check(limits: readonly AppliedLimit[], cost: number, now: Moment): LimitOutcome {
    if (limits.length === 0) return ACCEPTED;
    if (!Number.isSafeInteger(cost) || cost < 1) throw new TypeError("a cost is a whole number from 1");
    if (this.#state !== "started") return UNAVAILABLE;
    const found = this.#found;
    let asks = false;
    let windows = false;
    for (let index = 0; index < limits.length; index += 1) {
      const limit = limits[index] as AppliedLimit;
      const counter = this.#counters.open(limit, now);
      if (counter === undefined) return limit.perSource === null ? UNAVAILABLE : refusal(limit, RETRY_MS);
      found[index] = counter;
      const test = counter.test(limit, cost, now);
      if (test === REFUSE) return this.#refuse(limits, cost, now);
      if (test === ASK) asks = true;
      if (counter.kind === "window") windows = true;
    }
    if (windows && !this.#holder.isValid(now)) return this.#renewed(now);
    if (asks) return this.#ask(limits, cost, now);
    for (let index = 0; index < limits.length; index += 1) {
      const counter = found[index] as Counter;
      if (!counter.spend(cost, now)) continue;
      counter.wantMore();
      void this.#queue.ask(counter);
    }
    return ACCEPTED;
  }

  peek(limits: readonly AppliedLimit[], now: Moment): LimitState[] {
    return limits.map(
      (limit) =>
        this.#counters.get(limit.counter)?.state(limit, now) ?? {
          ...{ name: limit.name, limit: limit.amount, remaining: limit.amount, resetAt: now.wall },
        },
    );
  }

  async start(): Promise<void> {
    await this.#upkeep.start();
    this.#state = "started";
  }

  upkeep(): Promise<void> {
    return this.#upkeep.round();
  }

  async stop(): Promise<void> {
    if (this.#state === "stopped") return;
    this.#state = "stopped";
    this.#holder.stop();
    await this.#upkeep.stop();
    try {
      await closeCounters(this.#counters, this.#queue, this.#clock);
      await this.#holder.leave();
    } catch (error) {
      this.#logger.warn({ error }, "budgets could not all be given back; what is left of them counts as spent");
    }
  }

  /** Of all limits that refuse, the one that does so longest. */
  #refuse(limits: readonly AppliedLimit[], cost: number, now: Moment): LimitRefusal {
    let longest: LimitRefusal | null = null;
    for (const limit of limits) {
      const counter = this.#counters.get(limit.counter);
      if (counter?.test(limit, cost, now) !== REFUSE) continue;
      const retryAfterMs = counter.retryIn(limit, cost, now);
      if (longest === null || waits(retryAfterMs) > waits(longest.retryAfterMs)) longest = refusal(limit, retryAfterMs);
    }
    return longest ?? UNAVAILABLE;
  }

  #ask(limits: readonly AppliedLimit[], cost: number, now: Moment): LimitOutcome {
    if (this.#queue.isDown(now)) return UNAVAILABLE;
    const answers: Promise<void>[] = [];
    for (let index = 0; index < limits.length; index += 1) {
      const limit = limits[index] as AppliedLimit;
      const counter = this.#found[index] as Counter;
      if (counter.test(limit, cost, now) !== ASK) continue;
      counter.want(limit, cost, now);
      answers.push(this.#queue.ask(counter));
    }
    return { kind: "wait", ready: Promise.all(answers).then(nothing) };
  }

  /** The lease is over: the store was out of reach for long, the process stood still, or a clock was set. */
  #renewed(now: Moment): LimitOutcome {
    return this.#upkeep.isDown(now) ? UNAVAILABLE : { kind: "wait", ready: this.#upkeep.round() };
  }
}

const waits = (ms: number | null): number => ms ?? Number.POSITIVE_INFINITY;
const nothing = (): void => undefined;

function refusal(limit: AppliedLimit, retryAfterMs: number | null): LimitRefusal {
  const slides = limit.per === "second" || limit.per === "minute" || limit.per === "hour";
  return { kind: "refused", code: slides ? "RATE_LIMITED" : "QUOTA_EXCEEDED", limit, retryAfterMs };
}
