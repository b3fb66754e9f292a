import type { Moment } from "../coherence/moment.ts";
import type { LimitState } from "../limits/limit-state.ts";
import type { AppliedLimit } from "../limits/resolve-limits.ts";
import { ASK, BLOCKED, REFUSE } from "./counter.ts";
import { type Counter, Counters } from "./counters.ts";
import { ExchangeQueue } from "./exchange-queue.ts";
import { Holder } from "./holder.ts";
import { Parts } from "./parts.ts";
import { type LimiterPlatform, moment } from "./platform.ts";
import type { QuotaCounter } from "./quota-counter.ts";
import type { BlockStore, LimitStores } from "./stores.ts";
import { closeCounters, Upkeep, type UpkeepOptions } from "./upkeep.ts";

export interface LimiterOptions {
  readonly stores: LimitStores;
  readonly platform: LimiterPlatform;
  /** Milliseconds for which shares may be spent after the last renewal; after a crash others wait a tenth longer. Default 5 000. */
  readonly termMs?: number;
  /** Milliseconds between two rounds of upkeep; null: only when `upkeep` is called. Default a tenth of the term. */
  readonly upkeepMs?: number | null;
  /** Counters in memory at most; default 200 000. */
  readonly maxCounters?: number;
  /** Counters of source addresses for each account at most; default 20 000. */
  readonly maxSourcesPerAccount?: number;
  /** Counters told of in one exchange at most; default 200. */
  readonly batch?: number;
  /**
   * Whether, while windows cannot be divided, this process keeps to the whole amount of each by itself instead of refusing
   * what it has not reserved. All together may then let through as many times the amount as there are of them. Default never.
   */
  alone?(): boolean;
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
  /** Joins and begins the upkeep. Rejects where no holder can be begun. */
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
const BATCH = 200;
const RETRY_MS = 1_000;

const ACCEPTED: LimitOutcome = Object.freeze({ kind: "accepted" });
const UNAVAILABLE: LimitRefusal = Object.freeze({
  ...{ kind: "refused", code: "UNAVAILABLE", limit: null, retryAfterMs: RETRY_MS },
});

export function createLimiter(options: LimiterOptions): Limiter {
  return new HoldingLimiter(options);
}

/** Puts the parts together: counters that tell at once, queues to the store, the holder's lease, and the upkeep. */
class HoldingLimiter implements Limiter {
  readonly #platform: LimiterPlatform;
  readonly #alone: () => boolean;
  readonly #counters: Counters;
  readonly #parts: Parts;
  readonly #quotas: ExchangeQueue<QuotaCounter>;
  readonly #holder: Holder;
  readonly #upkeep: Upkeep;
  readonly #upkeepOptions: UpkeepOptions;
  /** The counters of the check under way, in the order of its limits. */
  readonly #found: Counter[] = [];
  /** Which of them the store must be asked about. */
  readonly #asks: number[] = [];
  #state: "new" | "started" | "stopped" = "new";

  constructor(options: LimiterOptions) {
    const { platform, stores, termMs = TERM_MS, batch = BATCH } = options;
    const { shares: store, blocks } = stores;
    this.#platform = platform;
    this.#alone = options.alone ?? (() => false);
    const holder = new Holder({
      ...{ store, platform, termMs },
      onLost: () => {
        counters.reset();
        parts.reset();
      },
    });
    const parts = new Parts(
      {
        ...{ store, platform, termMs, batch },
        holder: () => holder.id(),
        onLost: (id) => holder.lost(id),
        onMoved: () => void this.#upkeep.round(),
      },
      () => counters.reassign(),
    );
    this.#parts = parts;
    const bounds = {
      counters: options.maxCounters ?? MAX_COUNTERS,
      sourcesPerAccount: options.maxSourcesPerAccount ?? MAX_SOURCES,
    };
    const counters = new Counters(bounds, (counter) => parts.indexOf(counter));
    this.#holder = holder;
    this.#counters = counters;
    this.#quotas = new ExchangeQueue({
      ...{ platform, batch },
      tell: (some, now) => this.#tellQuotas(blocks.take, some, now),
      onAbandoned: () => undefined,
    });
    this.#upkeepOptions = {
      ...{ platform, blocks, holder, parts, counters },
      ask: (counter) => this.#tell(counter),
      everyMs: options.upkeepMs === undefined ? termMs / ROUNDS_PER_TERM : options.upkeepMs,
    };
    this.#upkeep = new Upkeep(this.#upkeepOptions);
  }

  get size(): number {
    return this.#counters.size;
  }

  check(limits: readonly AppliedLimit[], cost: number, now: Moment): LimitOutcome {
    if (limits.length === 0) return ACCEPTED;
    if (!Number.isSafeInteger(cost) || cost < 1) throw new TypeError("a cost is a whole number from 1");
    if (this.#state !== "started") return UNAVAILABLE;
    const found = this.#found;
    const asks = this.#asks;
    asks.length = 0;
    let lapsed = false;
    let undivided = false;
    let unavailable = false;
    for (let index = 0; index < limits.length; index += 1) {
      const limit = limits[index] as AppliedLimit;
      const counter = this.#counters.open(limit, now);
      if (counter === undefined) return limit.perSource === null ? UNAVAILABLE : refusal(limit, RETRY_MS);
      found[index] = counter;
      const test = counter.test(limit, cost, now);
      if (test === REFUSE) return this.#refuse(limits, cost, now);
      const part = counter.kind === "window" ? this.#parts.at(counter.part) : null;
      if (part !== null && !part.isValid(now)) {
        // The store was out of reach for long, the process stood still, or a clock was set.
        if (part.isDown(now) || this.#upkeep.isDown(now)) undivided = true;
        else lapsed = true;
      } else if (test === BLOCKED) undivided = true;
      else if (test === ASK) {
        if (!(part ?? this.#quotas).isDown(now)) asks.push(index);
        else if (part !== null) undivided = true;
        else unavailable = true;
      }
    }
    if (unavailable || (undivided && !this.#alone())) return UNAVAILABLE;
    if (lapsed) return { kind: "wait", ready: this.#upkeep.round() };
    if (asks.length > 0) return this.#ask(limits, cost, now);
    this.#spend(limits.length, cost, now);
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
    await this.#upkeep.stop();
    try {
      await closeCounters(this.#upkeepOptions);
      await this.#holder.leave();
    } catch (error) {
      const { logger } = this.#platform;
      logger.warn({ error }, "budgets could not all be given back; what is left of them counts as spent");
    }
  }

  /** Takes it along with the next exchange. */
  #tell(counter: Counter): Promise<void> {
    return counter.kind === "window" ? this.#parts.at(counter.part).queue.ask(counter) : this.#quotas.ask(counter);
  }

  async #tellQuotas(take: BlockStore["take"], some: ReadonlySet<QuotaCounter>, now: Moment): Promise<void> {
    const asked = [...some].map((counter) => ({ counter, request: counter.request(now) }));
    const answers = await take(asked.map(({ request }) => request));
    const then = moment(this.#platform.clock);
    for (const [index, { counter, request }] of asked.entries()) {
      const answer = answers[index];
      if (answer !== undefined) counter.answer(request, answer, then);
    }
  }

  /** From the first `count` of those found. */
  #spend(count: number, cost: number, now: Moment): void {
    for (let index = 0; index < count; index += 1) {
      const counter = this.#found[index] as Counter;
      if (!counter.spend(cost, now)) continue;
      if ((counter.kind === "window" ? this.#parts.at(counter.part) : this.#quotas).isDown(now)) continue;
      counter.wantMore();
      void this.#tell(counter);
    }
  }

  #ask(limits: readonly AppliedLimit[], cost: number, now: Moment): LimitOutcome {
    const answers = this.#asks.map((index) => {
      const counter = this.#found[index] as Counter;
      counter.want(limits[index] as AppliedLimit, cost, now);
      return this.#tell(counter);
    });
    return { kind: "wait", ready: Promise.all(answers).then(nothing) };
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
}

const waits = (ms: number | null): number => ms ?? Number.POSITIVE_INFINITY;
const nothing = (): void => undefined;

function refusal(limit: AppliedLimit, retryAfterMs: number | null): LimitRefusal {
  const slides = limit.per === "second" || limit.per === "minute" || limit.per === "hour";
  return { kind: "refused", code: slides ? "RATE_LIMITED" : "QUOTA_EXCEEDED", limit, retryAfterMs };
}
