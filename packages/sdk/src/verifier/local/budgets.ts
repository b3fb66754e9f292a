import {
  createLimiter,
  type Limiter,
  type LimitStores,
  limitsFrom,
  type Moment,
  type ResolvedLimit,
  type ShownStanding,
  type Spent,
  type Timers,
  WIRE_LIMITS,
} from "@claviger/core";
import type { Clock } from "../../clock.ts";

export interface BudgetsPorts {
  readonly stores: LimitStores;
  readonly clock: Clock;
  /** Milliseconds for which what is lent may be spent after it was last renewed. */
  readonly termMs: number;
  /** A name that nobody else gives: random. */
  nextName(): string;
}

/** Rounds of upkeep in a term: what others lack and this process does not use goes to them within one. */
const ROUNDS_PER_TERM = 5;
/** A process that is lent nothing asks again after so long, and leaves it to a node meanwhile. */
const RETRY_MS = 2_000;
/** As many as a node lends one verifier; of them half, and for each account 20 000, may be of source addresses. */
const MOST_COUNTERS = 50_000;

const ELSEWHERE = Object.freeze({ kind: "elsewhere" as const });
const quiet = (): void => undefined;
const timers: Timers = {
  after: (ms, work) => {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Limits, spent in this process from what a node has lent it (C6): the limiter of core, whose store is the node.
 *
 * States: idle (no key with limits came yet) → joining → lent; back to idle where the node lends nothing, and then not asked
 * for a while. Closed at the end. What cannot be spent here now, a node decides.
 */
export class Budgets {
  readonly #ports: BudgetsPorts;
  readonly #limiter: Limiter;
  #state: "idle" | "joining" | "lent" | "closed" = "idle";
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(ports: BudgetsPorts) {
    const { stores, clock, termMs, nextName } = ports;
    this.#ports = ports;
    this.#limiter = createLimiter({
      stores,
      // Whoever is told of outages is told of the connection itself.
      platform: { clock, timers, random: { uuid: nextName }, logger: { info: quiet, warn: quiet } },
      ...{ termMs, upkeepMs: termMs / ROUNDS_PER_TERM, batch: WIRE_LIMITS.budgetRequests },
      maxCounters: MOST_COUNTERS,
    });
  }

  /**
   * Spends from all of these limits, or from none; null where all of them have come to their end. Synchronous; both clocks were read just
   * now. `time` is what the node's clock may say now, at least and at most, in milliseconds since the epoch: a limit that ends in
   * between is left to the node, which knows.
   */
  spend(
    limits: readonly ResolvedLimit[],
    ip: string | undefined,
    cost: number | undefined,
    now: Moment,
    time: { readonly least: number; readonly most: number },
  ): Spent<ShownStanding> | null {
    const applied = limitsFrom(limits, ip, time.least);
    if (applied.length === 0) return null;
    if (this.#state !== "lent") {
      if (this.#state === "idle" && now.mono - this.#failedAt >= RETRY_MS) void this.#join();
      return ELSEWHERE;
    }
    // A cost that is none is told by the node, as it is of any other request.
    if (cost !== undefined && (!Number.isSafeInteger(cost) || cost < 1 || cost > MOST_COST)) return ELSEWHERE;
    if (applied.some(({ until }) => until !== undefined && until <= time.most)) return ELSEWHERE;
    const spent = this.#limiter.check(applied, cost ?? 1, now);
    if (spent.kind === "wait") return spent;
    if (spent.kind === "refused" && spent.code === "UNAVAILABLE") return ELSEWHERE;
    const states = this.#limiter.peek(applied, now);
    if (spent.kind === "accepted") return { kind: "accepted", standing: { limits: applied, states, refusal: null } };
    return { kind: "refused", code: spent.code, standing: { limits: applied, states, refusal: spent } };
  }

  /** Gives back what is not spent. Nothing may be spent any more. Never rejects. */
  async close(): Promise<void> {
    const before = this.#state;
    this.#state = "closed";
    if (before === "lent") await this.#limiter.stop();
  }

  async #join(): Promise<void> {
    this.#state = "joining";
    try {
      await this.#limiter.start();
      if (this.#state === "joining") this.#state = "lent";
      else await this.#limiter.stop();
    } catch {
      this.#failedAt = this.#ports.clock.mono();
      if (this.#state === "joining") this.#state = "idle";
    }
  }
}

/** As in the contract. */
const MOST_COST = 1_000_000;
