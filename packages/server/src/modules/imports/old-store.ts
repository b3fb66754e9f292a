import { oldForms, Secret, type Timers } from "@claviger/core";
import { Allowances } from "../../kernel/allowance.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { HookMetrics } from "../../kernel/hook-metrics.ts";
import type { Logger } from "../../kernel/log.ts";
import { type AskOldStore, HookError, whyUnusable } from "./hook-answer.ts";
import { RateBudget } from "./rate-budget.ts";
import { Remembered } from "./remembered.ts";

export interface OldStorePorts {
  readonly clock: Pick<Clock, "mono">;
  readonly timers: Timers;
  readonly logger: Logger;
  readonly metrics: HookMetrics;
  /** Throws where there is no usable answer. */
  readonly ask: AskOldStore;
  /** Imports a key as the old store describes it; false where it cannot be, for what is said of it. */
  readonly take: (secret: Secret, described: object) => Promise<boolean>;
}

export interface OldStoreBounds {
  /** Of keys that it may have; see `parseOldForm`. */
  readonly forms: readonly string[];
  readonly perSecond: number;
  readonly atOnce: number;
  /** For one question; and for whoever waits for its answer, waiting for its turn included. */
  readonly timeoutMs: number;
  /** For how long it is not asked again for what it does not have. */
  readonly rememberMs: number;
}

/** `imported`: the key is in the database now. `unanswered`: nobody can tell now. */
export type OldStoreAnswer = "imported" | "refused" | "unanswered";

const MOST_REFUSED = 50_000;
const MOST_WAITING = 1_000;
/** Answers that a source had no key, in a minute, after which nothing of it is asked. */
const REFUSED_OF_SOURCE = 60;
/** Whoever does not say where a key was presented; they are too many together to be one source. */
const NOWHERE = "";
/** So many questions in a row without an answer, and for so long none is asked. */
const MOST_FAILURES = 5;
const PAUSE_MS = 5_000;
/** For how long a key is not asked for again that could not be imported, or of which there was no answer. */
const INVALID_MS = 30_000;
const FAILED_MS = 1_000;

interface Question {
  readonly secret: Secret;
  readonly hash: string;
  readonly from: string;
  readonly since: number;
  settle(answer: OldStoreAnswer): void;
}

/**
 * The store from which keys are taken over one by one, as they are presented. It is asked once for each key however many present it at
 * once, so often and so many at a time at most, and not again for what it did not have. What it says is waited for no longer than its time;
 * a key whose answer comes later is imported all the same.
 */
export class OldStore {
  /** Whether a string has the form of one of its keys. */
  readonly takes: (secret: string) => boolean;
  readonly #ports: OldStorePorts;
  readonly #bounds: OldStoreBounds;
  readonly #refused = new Remembered(MOST_REFUSED);
  readonly #failed = new Remembered(MOST_REFUSED);
  readonly #refusedOf = new Allowances(REFUSED_OF_SOURCE);
  readonly #rate: RateBudget;
  /** Answers that are waited for, by hash. */
  readonly #open = new Map<string, Promise<OldStoreAnswer>>();
  readonly #waiting: Question[] = [];
  readonly #stopped = new AbortController();
  #running = 0;
  #failures = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | null = null;

  constructor(ports: OldStorePorts, bounds: OldStoreBounds) {
    this.#ports = ports;
    this.#bounds = bounds;
    this.#rate = new RateBudget(bounds.perSecond);
    this.takes = oldForms(bounds.forms);
  }

  get forms(): readonly string[] {
    return this.#bounds.forms;
  }

  /** Whether it was asked for this hash not long ago, and had no such key. */
  hasRefused(hash: string): boolean {
    return this.#refused.has(hash, this.#ports.clock.mono());
  }

  /**
   * Asks for a key that the database does not have. `hash`: any that stands for it alone. `from`: where it was presented. Never rejects.
   */
  ask(secret: string, hash: string, from: string): Promise<OldStoreAnswer> {
    const now = this.#ports.clock.mono();
    if (this.#refused.has(hash, now)) return Promise.resolve("refused");
    if (this.#failed.has(hash, now)) return Promise.resolve("unanswered");
    const open = this.#open.get(hash) ?? this.#begin(secret, hash, from, now);
    return open === null ? Promise.resolve("unanswered") : this.#inTime(open);
  }

  /** Asks nothing more; whoever waits is told that nobody can tell. */
  stop(): void {
    this.#stopped.abort();
    this.#wake?.();
    for (const { hash, settle } of this.#waiting.splice(0)) {
      this.#open.delete(hash);
      settle("unanswered");
    }
  }

  #begin(secret: string, hash: string, from: string, now: number): Promise<OldStoreAnswer> | null {
    if (this.#stopped.signal.aborted) return null;
    const skipped = this.#skippedFor(from, now) ?? (this.#waiting.length >= MOST_WAITING ? "budget" : null);
    if (skipped !== null) {
      this.#ports.metrics.skipped(skipped);
      return null;
    }
    const { promise, resolve: settle } = Promise.withResolvers<OldStoreAnswer>();
    this.#open.set(hash, promise);
    this.#waiting.push({ secret: new Secret(secret), hash, from, since: now, settle });
    this.#next();
    return promise;
  }

  #skippedFor(from: string, now: number): "paused" | "source" | null {
    if (now < this.#pausedUntil) return "paused";
    return from !== NOWHERE && this.#refusedOf.isSpent(from, now) ? "source" : null;
  }

  #next(): void {
    const { clock, metrics, timers } = this.#ports;
    const { atOnce, timeoutMs } = this.#bounds;
    while (this.#running < atOnce && this.#wake === null) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const now = clock.mono();
      const skipped = this.#skippedFor(first.from, now) ?? (now - first.since >= timeoutMs ? "budget" : null);
      const waitMs = skipped === null ? this.#rate.spend(now) : 0;
      if (waitMs > 0) {
        const cancel = timers.after(waitMs, () => {
          this.#wake = null;
          this.#next();
        });
        this.#wake = cancel;
        return;
      }
      this.#waiting.shift();
      if (skipped === null) void this.#run(first);
      else {
        metrics.skipped(skipped);
        this.#end(first, "unanswered");
      }
    }
  }

  async #run(question: Question): Promise<void> {
    this.#running += 1;
    const answer = await this.#answer(question);
    this.#running -= 1;
    this.#end(question, answer);
    this.#next();
  }

  #end({ hash, settle }: Question, answer: OldStoreAnswer): void {
    this.#open.delete(hash);
    settle(answer);
  }

  async #answer({ secret, hash, from }: Question): Promise<OldStoreAnswer> {
    const { clock, metrics, logger, take } = this.#ports;
    const began = clock.mono();
    const described = await this.#described(secret);
    const now = clock.mono();
    metrics.waited(now - began);
    if (described === undefined) {
      metrics.answered("failed");
      this.#failed.note(hash, now + FAILED_MS);
      return "unanswered";
    }
    if (described === null) {
      metrics.answered("refused");
      this.#refused.note(hash, now + this.#bounds.rememberMs);
      if (from !== NOWHERE) this.#refusedOf.spend(from, now);
      return "refused";
    }
    try {
      const taken = await take(secret, described);
      metrics.answered(taken ? "imported" : "invalid");
      if (taken) return "imported";
      logger.warn({}, "a key of the old store cannot be imported as it is described; its import says why");
      this.#failed.note(hash, now + INVALID_MS);
    } catch (error) {
      metrics.answered("failed");
      logger.warn({ error }, "a key of the old store could not be imported");
      this.#failed.note(hash, now + FAILED_MS);
    }
    return "unanswered";
  }

  /** Undefined where there is no answer. */
  async #described(secret: Secret): Promise<object | null | undefined> {
    const { clock, timers, logger, ask } = this.#ports;
    const late = new AbortController();
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const cancel = timers.after(this.#bounds.timeoutMs, () => {
      late.abort();
      reject(new HookError(`no answer in ${this.#bounds.timeoutMs} ms`));
    });
    try {
      const signal = AbortSignal.any([late.signal, this.#stopped.signal]);
      const described = await Promise.race([ask(secret, signal), tooLate]);
      this.#failures = 0;
      return described;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures >= MOST_FAILURES) this.#pausedUntil = clock.mono() + PAUSE_MS;
      if (!this.#stopped.signal.aborted)
        logger.warn({ because: whyUnusable(error) }, "the import hook gave no usable answer");
      return undefined;
    } finally {
      cancel();
    }
  }

  #inTime(open: Promise<OldStoreAnswer>): Promise<OldStoreAnswer> {
    const { promise, resolve } = Promise.withResolvers<OldStoreAnswer>();
    const cancel = this.#ports.timers.after(this.#bounds.timeoutMs, () => resolve("unanswered"));
    void open.then((answer) => {
      cancel();
      resolve(answer);
    });
    return promise;
  }
}
