import type { Moment } from "../coherence/moment.ts";
import { ClavigerError } from "../errors/index.ts";
import type { Counter, Counters } from "./counters.ts";
import { deferred } from "./deferred.ts";
import type { Holder, Renewed } from "./holder.ts";
import type { Parts } from "./parts.ts";
import { type LimiterPlatform, moment, within } from "./platform.ts";
import type { BlockStore, Inheritance } from "./stores.ts";

export interface UpkeepOptions {
  readonly blocks: BlockStore;
  readonly platform: LimiterPlatform;
  readonly holder: Holder;
  readonly parts: Parts;
  readonly counters: Counters;
  /** Takes a counter along with the next exchange. */
  ask(counter: Counter): Promise<void>;
  /** Milliseconds between two rounds; null: only when asked. */
  readonly everyMs: number | null;
}

/** Counters looked at in one round. */
const SWEPT = 5_000;
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
  #cancel: (() => void) | null = null;
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
    if (!this.#options.parts.areNamed) {
      throw new ClavigerError("UNAVAILABLE", { internal: "the holder was ended before it began" });
    }
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
    this.#cancel?.();
    await this.#round;
  }

  #schedule(): void {
    const { everyMs, platform } = this.#options;
    if (everyMs === null || this.#stopped) return;
    this.#cancel = platform.timers.after(everyMs, () => void this.round().then(() => this.#schedule()));
  }

  async #tried(): Promise<void> {
    const { clock, logger } = this.#options.platform;
    try {
      await this.#work();
      this.#failedAt = Number.NEGATIVE_INFINITY;
    } catch (error) {
      this.#failedAt = clock.mono();
      logger.warn({ error }, "the upkeep of limits failed and will be tried again");
    }
  }

  async #work(): Promise<void> {
    const { holder, parts, platform, ask, counters } = this.#options;
    if (this.#stopped) return;
    const renewed = await holder.renew();
    if (renewed === null) return;
    await this.#patiently(parts.renewed(renewed, () => counters.windows()));
    const ended = await holder.watch(renewed);
    const take = (inheritance: Inheritance): void => counters.inherit(inheritance, moment(platform.clock));
    await this.#patiently(parts.inherit(renewed, ended, take, () => counters.hasRoom()));
    this.#share(renewed);
    const now = moment(platform.clock);
    for (const counter of counters.some(SWEPT)) {
      const due = counter.sweep(now);
      if (due === "drop") counters.drop(counter);
      else if (due === "settle") void ask(counter);
    }
    await this.#forget(now);
  }

  /** A part of the store that hangs must not keep this holder from renewing: its work goes on beside the rounds. */
  async #patiently(work: Promise<void>): Promise<void> {
    const { everyMs, platform } = this.#options;
    const tried = work.catch((error: unknown) =>
      platform.logger.warn({ error }, "a part of the store of limits failed"),
    );
    if (everyMs === null) return tried;
    const longEnough = deferred<void>();
    const cancel = platform.timers.after(everyMs, longEnough.resolve);
    await Promise.race([tried, longEnough.promise]).finally(cancel);
  }

  /** Others lack what this process has: what it does not use goes to them, and for a while it keeps to its part. */
  #share({ renewal }: Renewed): void {
    const { counters, ask, platform, everyMs } = this.#options;
    const now = moment(platform.clock);
    const forMs = (everyMs ?? FAIR_MS) * FAIR_ROUNDS;
    for (const { counter: id, askers } of renewal.parts.flatMap(({ wanted }) => wanted)) {
      const counter = counters.get(id);
      if (counter?.kind === "window" && counter.wanted(askers, now, forMs)) void ask(counter);
    }
  }

  async #forget({ mono, wall }: Moment): Promise<void> {
    if (mono - this.#forgotAt < FORGET_EVERY_MS) return;
    const { platform, blocks } = this.#options;
    await within(platform.timers, blocks.forget(wall), STORE_MS, "forgetting past periods");
    this.#forgotAt = mono;
  }
}

/** Tells the store what was spent and gives back the rest; windows of a second are left to lapse. */
export async function closeCounters({ counters, ask, platform }: UpkeepOptions): Promise<void> {
  const all = [...counters.all()].filter((counter) => counter.kind === "quota" || counter.windowMs > SECOND_MS);
  const told = all.map((counter) => {
    counter.close();
    return ask(counter);
  });
  await within(platform.timers, Promise.all(told), CLOSE_MS, "giving back budgets");
}

const SECOND_MS = 1_000;
