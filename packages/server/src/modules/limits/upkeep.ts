import type { Moment } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { BudgetStore, Renewal } from "./budget-store.ts";
import type { Counter, Counters } from "./counters.ts";
import type { ExchangeQueue } from "./exchange-queue.ts";
import type { Holder } from "./holder.ts";
import { within } from "./late.ts";
import { moment } from "./moment.ts";

export interface UpkeepOptions {
  readonly store: BudgetStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly holder: Holder;
  readonly counters: Counters;
  readonly queue: ExchangeQueue;
  /** Milliseconds between two rounds; null: only when asked. */
  readonly everyMs: number | null;
}

/** Counters looked at in one round. */
const SWEPT = 5_000;
const INHERITED = 200;
const INHERIT_ROUNDS = 10;
const STORE_MS = 2_000;
const PAUSE_MS = 250;
const FORGET_EVERY_MS = 3_600_000;
/** A fair part is kept to for so many rounds after somebody last lacked something. */
const FAIR_ROUNDS = 3;
const FAIR_MS = 500;
/** Giving back at the end may take so long. */
const CLOSE_MS = 5_000;

/** What keeps counters true to the store while nobody asks. One round at a time; a failed one is logged and followed by the next. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  #round: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;
  #forgotAt = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: UpkeepOptions) {
    this.#options = options;
  }

  /** Whether the last round failed just now. */
  isDown({ mono }: Moment): boolean {
    return mono - this.#failedAt < PAUSE_MS;
  }

  async start(): Promise<void> {
    await this.#work();
    this.#schedule();
  }

  /** One round, or the one under way. Never rejects. */
  round(): Promise<void> {
    this.#round ??= this.#tried().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  /** No further round; waits for the one under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#round;
  }

  #schedule(): void {
    const { everyMs } = this.#options;
    if (everyMs === null || this.#stopped) return;
    this.#timer = setTimeout(() => void this.round().then(() => this.#schedule()), everyMs);
    this.#timer.unref();
  }

  async #tried(): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      await this.#work();
      this.#failedAt = Number.NEGATIVE_INFINITY;
    } catch (error) {
      this.#failedAt = clock.mono();
      logger.warn({ error }, "the upkeep of limits failed and will be tried again");
    }
  }

  async #work(): Promise<void> {
    const { holder, clock, queue, counters } = this.#options;
    if (this.#stopped) return;
    const renewal = await holder.renew();
    if (renewal.heirless) await this.#inherit();
    this.#share(renewal);
    const now = moment(clock);
    for (const counter of counters.some(SWEPT)) {
      const due = counter.sweep(now);
      if (due === "drop") counters.drop(counter);
      else if (due === "settle") void queue.ask(counter);
    }
    await this.#forget(now);
  }

  /** Others lack what this process has: what it does not use goes to them, and for a while it keeps to its part. */
  #share({ wanted }: Renewal): void {
    const { counters, queue, clock, everyMs } = this.#options;
    const now = moment(clock);
    const forMs = (everyMs ?? FAIR_MS) * FAIR_ROUNDS;
    for (const { counter: id, askers } of wanted) {
      const counter = counters.get(id);
      if (counter?.kind === "window" && counter.wanted(askers, now, forMs)) void queue.ask(counter);
    }
  }

  /** Takes over what holders left that are gone, so that it ages on a clock that runs, and then vanishes. */
  async #inherit(): Promise<void> {
    const { store, holder, counters, clock, queue } = this.#options;
    for (let round = 0; round < INHERIT_ROUNDS && counters.hasRoom(); round += 1) {
      const more = await queue.exclusive(async () => {
        const id = holder.id();
        if (id === null) return false;
        const inherited = await within(store.inherit(id, INHERITED, clock.mono()), STORE_MS, "taking over shares");
        if (inherited === null) holder.lost(id);
        else if (holder.id() === id) for (const each of inherited) counters.inherit(each, moment(clock));
        return inherited !== null && inherited.length > 0;
      });
      if (!more) return;
    }
  }

  async #forget({ mono, wall }: Moment): Promise<void> {
    if (mono - this.#forgotAt < FORGET_EVERY_MS) return;
    await within(this.#options.store.forget(wall), STORE_MS, "forgetting past periods");
    this.#forgotAt = mono;
  }
}

/** Tells the store what was spent and gives back the rest; windows of a second are left to lapse. */
export async function closeCounters(counters: Counters, queue: ExchangeQueue, clock: Clock): Promise<void> {
  const now = moment(clock);
  const all = [...counters.all()].filter((counter) => counter.kind === "quota" || counter.windowMs > SECOND_MS);
  const rank = (counter: Counter): number => (counter.kind === "quota" ? 0 : 1);
  const told = all
    .sort((a, b) => rank(a) - rank(b))
    .map((counter) => {
      counter.close(now);
      return queue.ask(counter);
    });
  await within(Promise.all(told), CLOSE_MS, "giving back budgets");
}

const SECOND_MS = 1_000;
