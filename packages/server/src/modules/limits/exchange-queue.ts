import type { BlockRequest, Moment, ShareRequest } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { BudgetStore } from "./budget-store.ts";
import type { Counter } from "./counters.ts";
import { isLate, within } from "./late.ts";
import { moment } from "./moment.ts";
import type { QuotaCounter } from "./quota-counter.ts";
import type { WindowCounter } from "./window-counter.ts";

export interface QueueOptions {
  readonly store: BudgetStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The holder in whose name shares are asked for; null while there is none. */
  holder(): string | null;
  /** The holder has been ended, or it is not known any more what is recorded for it. */
  onLost(holder: string): void;
}

/** Counters in one transaction. */
const BATCH = 200;
/** After a failure the store is left alone for so long. */
const PAUSE_MS = 250;
/** An exchange under way for so long counts as failed for those who wait for it. */
const OVERDUE_MS = 2_000;
/** After so long it is given up. What it may still write under this holder's name binds nobody, so the holder is another one then. */
const ABANDON_MS = 10_000;

interface Batch {
  readonly counters: Set<Counter>;
  readonly done: PromiseWithResolvers<void>;
}

interface Asked<C, R> {
  readonly counter: C;
  readonly request: R;
}

/**
 * All that is told to the store of counters, one exchange after the other: an answer always is about the state that the next
 * request starts from. What is wanted while one is under way goes with the next, together.
 */
export class ExchangeQueue {
  readonly #options: QueueOptions;
  readonly #turns: (() => Promise<void>)[] = [];
  #open: Batch | null = null;
  #running = false;
  #startedAt: number | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Whether there is no use in asking now. */
  isDown({ mono }: Moment): boolean {
    return mono - this.#failedAt < PAUSE_MS || (this.#startedAt !== null && mono - this.#startedAt >= OVERDUE_MS);
  }

  /** Takes the counter along with the next exchange. Resolves, whatever came of it, when there is an answer or none is to be had. */
  ask(counter: Counter): Promise<void> {
    let batch = this.#open;
    if (batch === null || (batch.counters.size >= BATCH && !batch.counters.has(counter))) {
      const fresh: Batch = { counters: new Set(), done: Promise.withResolvers<void>() };
      this.#open = fresh;
      batch = fresh;
      void this.exclusive(() => this.#exchange(fresh));
    }
    batch.counters.add(counter);
    return batch.done.promise;
  }

  /** Runs `work` when no exchange is under way, and no exchange while it runs. Its failure is the caller's. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = Promise.withResolvers<T>();
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
      queueMicrotask(() => void this.#run());
    }
    return result.promise;
  }

  async #run(): Promise<void> {
    for (let turn = this.#turns.shift(); turn !== undefined; turn = this.#turns.shift()) await turn();
    this.#running = false;
  }

  async #exchange(batch: Batch): Promise<void> {
    if (this.#open === batch) this.#open = null;
    const { clock, logger, onLost } = this.#options;
    const holder = this.#options.holder();
    this.#startedAt = clock.mono();
    // Those who wait are let go before the exchange is given up.
    const overdue = setTimeout(() => batch.done.resolve(), OVERDUE_MS);
    overdue.unref();
    try {
      await within(this.#tell(batch.counters, holder), ABANDON_MS, "an exchange of budgets");
      this.#failedAt = Number.NEGATIVE_INFINITY;
    } catch (error) {
      this.#failedAt = clock.mono();
      logger.warn({ error }, "budgets of limits could not be exchanged; what is not reserved is refused");
      if (holder !== null && isLate(error)) onLost(holder);
    } finally {
      clearTimeout(overdue);
      this.#startedAt = null;
      batch.done.resolve();
    }
  }

  async #tell(counters: ReadonlySet<Counter>, holder: string | null): Promise<void> {
    const { store, clock, onLost } = this.#options;
    const now = moment(clock);
    const windows: Asked<WindowCounter, ShareRequest>[] = [];
    const quotas: Asked<QuotaCounter, BlockRequest>[] = [];
    for (const counter of counters) {
      if (counter.kind === "quota") quotas.push({ counter, request: counter.request(now) });
      else if (holder !== null) windows.push({ counter, request: counter.request(now) });
    }
    if (windows.length === 0 && quotas.length === 0) return;
    const asks = { shares: windows.map(({ request }) => request), blocks: quotas.map(({ request }) => request) };
    const { shares, blocks } = await store.exchange(holder ?? NOBODY, asks, now.mono);
    const then = moment(clock);
    for (const [index, { counter, request }] of quotas.entries()) {
      const answer = blocks[index];
      if (answer !== undefined) counter.answer(request, answer, then);
    }
    if (this.#options.holder() !== holder) return;
    if (shares === null && holder !== null) onLost(holder);
    for (const [index, { counter, request }] of windows.entries()) {
      const answer = shares?.[index];
      if (answer !== undefined) counter.answer(request, answer, then);
    }
  }
}

const NOBODY = "00000000-0000-0000-0000-000000000000";
