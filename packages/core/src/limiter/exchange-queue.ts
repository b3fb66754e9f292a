import type { Moment } from "../coherence/moment.ts";
import { type Deferred, deferred } from "./deferred.ts";
import { LateError, type LimiterPlatform, moment, within } from "./platform.ts";

export interface QueueOptions<C> {
  readonly platform: LimiterPlatform;
  /** Counters in one exchange. */
  readonly batch: number;
  /** Tells the store of these and takes in its answers. */
  tell(counters: ReadonlySet<C>, now: Moment): Promise<void>;
  /** An exchange is given up; what it may still write is not known. */
  onAbandoned(): void;
}

/** After a failure the store is left alone for so long. */
const PAUSE_MS = 250;
/** An exchange under way for so long counts as failed for those who wait for it. */
const OVERDUE_MS = 2_000;
const ABANDON_MS = 10_000;

interface Batch<C> {
  readonly counters: Set<C>;
  readonly done: Deferred<void>;
}

/**
 * All that is told to the store of some counters, one exchange after the other: an answer always is about the state that the
 * next request starts from. What is wanted while one is under way goes with the next, together.
 */
export class ExchangeQueue<C> {
  readonly #options: QueueOptions<C>;
  readonly #turns: (() => Promise<void>)[] = [];
  #open: Batch<C> | null = null;
  #running = false;
  #startedAt: number | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  #failing = false;

  constructor(options: QueueOptions<C>) {
    this.#options = options;
  }

  /** Whether there is no use in asking now. */
  isDown({ mono }: Moment): boolean {
    return mono - this.#failedAt < PAUSE_MS || (this.#startedAt !== null && mono - this.#startedAt >= OVERDUE_MS);
  }

  /** Takes the counter along with the next exchange. Resolves, whatever came of it, when there is an answer or none is to be had. */
  ask(counter: C): Promise<void> {
    let batch = this.#open;
    if (batch === null || (batch.counters.size >= this.#options.batch && !batch.counters.has(counter))) {
      const fresh: Batch<C> = { counters: new Set(), done: deferred<void>() };
      this.#open = fresh;
      batch = fresh;
      void this.exclusive(() => this.#exchange(fresh));
    }
    batch.counters.add(counter);
    return batch.done.promise;
  }

  /** Runs `work` when no exchange is under way, and no exchange while it runs. Its failure is the caller's. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = deferred<T>();
    this.#turns.push(async () => {
      try {
        result.resolve(await work());
      } catch (error) {
        result.reject(error);
      }
    });
    if (!this.#running) {
      this.#running = true;
      // Later in this turn of the event loop, so that all of one burst go together.
      void Promise.resolve().then(() => this.#run());
    }
    return result.promise;
  }

  async #run(): Promise<void> {
    for (let turn = this.#turns.shift(); turn !== undefined; turn = this.#turns.shift()) await turn();
    this.#running = false;
  }

  async #exchange(batch: Batch<C>): Promise<void> {
    if (this.#open === batch) this.#open = null;
    const { platform, tell, onAbandoned } = this.#options;
    const now = moment(platform.clock);
    this.#startedAt = now.mono;
    // Those who wait are let go before the exchange is given up.
    const cancel = platform.timers.after(OVERDUE_MS, () => batch.done.resolve());
    try {
      await within(platform.timers, tell(batch.counters, now), ABANDON_MS, "an exchange of budgets");
      this.#failedAt = Number.NEGATIVE_INFINITY;
      if (this.#failing) platform.logger.info({}, "budgets of limits are exchanged again");
      this.#failing = false;
    } catch (error) {
      this.#failedAt = platform.clock.mono();
      if (!this.#failing) platform.logger.warn({ error }, UNTOLD);
      this.#failing = true;
      if (error instanceof LateError) onAbandoned();
    } finally {
      cancel();
      this.#startedAt = null;
      batch.done.resolve();
    }
  }
}

const UNTOLD = "budgets of limits cannot be exchanged; what is not reserved is refused";
