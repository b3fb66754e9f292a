import { type Moment, usableSpan, withinSpan } from "../coherence/moment.ts";
import { ClavigerError } from "../errors/index.ts";
import type { ShareAnswer, ShareRequest } from "../limits/budget.ts";
import { ExchangeQueue } from "./exchange-queue.ts";
import { type LimiterPlatform, moment, within } from "./platform.ts";
import type { Gone, Inheritance, PartAct, PartStanding, ShareClaim, ShareStore } from "./stores.ts";
import type { WindowCounter } from "./window-counter.ts";

export interface PartOptions {
  readonly store: ShareStore;
  readonly platform: LimiterPlatform;
  readonly termMs: number;
  /** Counters in one exchange. */
  readonly batch: number;
  /** The holder in whose name shares are asked for; null while there is none. */
  holder(): string | null;
  /** The holder has been ended, or it is not known any more what is recorded for it. */
  onLost(holder: string): void;
  /** The store is of another epoch than it was at the last renewal. */
  onMoved(): void;
}

const STORE_MS = 2_000;
const PAUSE_MS = 250;
const INHERITED = 200;
const INHERIT_ROUNDS = 10;

interface Asked {
  readonly counter: WindowCounter;
  readonly request: ShareRequest;
}

/**
 * One part of the store's counters, as its holder in this process stands to it.
 *
 * States: without an epoch (nothing of it counts) → in an epoch, with a lease that each renewal in the same epoch prolongs →
 * in the next one, once what is held has been claimed there; until then the lease of the former runs out. Without an epoch
 * again when the holder is another one.
 */
export class Part {
  readonly index: number;
  readonly queue: ExchangeQueue<WindowCounter>;
  readonly #options: PartOptions;
  #epoch: string | null = null;
  #leasedFrom: Moment | null = null;
  #settledMs = 0;
  /** The store says that nothing may be divided in it. */
  #closed = false;
  #retired = false;
  #order = 0;
  /** The holder in whose name the last exchange was begun. */
  #asking: string | null = null;
  #claimFailedAt = Number.NEGATIVE_INFINITY;
  #entering: Promise<void> | null = null;
  #inheriting: Promise<void> | null = null;

  /** @param leasedFrom the lease of what it comes after, which runs out */
  constructor(index: number, options: PartOptions, leasedFrom: Moment | null) {
    this.index = index;
    this.#leasedFrom = leasedFrom;
    this.#options = options;
    const { platform, batch } = options;
    this.queue = new ExchangeQueue({
      ...{ platform, batch },
      tell: (counters, now) => this.#tell(counters, now),
      onAbandoned: () => this.#lost(this.#asking),
    });
  }

  /** What its lease counts from; null: there is none. */
  get leasedFrom(): Moment | null {
    return this.#leasedFrom;
  }

  /** Whether shares of it may be spent from now. */
  isValid(now: Moment): boolean {
    return this.#leasedFrom !== null && withinSpan(this.#leasedFrom, now, usableSpan(this.#options.termMs));
  }

  /** Whether there is no use in asking now. */
  isDown(now: Moment): boolean {
    return this.#closed || now.mono - this.#claimFailedAt < PAUSE_MS || this.queue.isDown(now);
  }

  /** Takes in a renewal that was begun at `before`; true where what is held must be claimed now. */
  renewed({ epoch, settledMs }: PartStanding, before: Moment): boolean {
    this.#closed = epoch === null;
    if (epoch === null) return false;
    if (epoch !== this.#epoch) return true;
    this.#settledMs = settledMs;
    this.#leasedFrom = before;
    return false;
  }

  /** Enters the epoch of a renewal begun at `before`, with what is held of `counters`. Where that fails it stays out. */
  enter(standing: PartStanding, before: Moment, counters: Iterable<WindowCounter>): Promise<void> {
    this.#entering ??= this.#enter(standing, before, counters).finally(() => {
      this.#entering = null;
    });
    return this.#entering;
  }

  /** Does nothing more once what is under way has ended. Its lease stands to its end. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.queue.exclusive(async () => undefined);
  }

  /** There is no share any more: the holder is another one. */
  reset(): void {
    this.#epoch = null;
    this.#leasedFrom = null;
  }

  /** Takes over what holders left that are gone, and hands it to `take`, until nothing is left or there is no room. */
  inherit(take: (inheritance: Inheritance) => void, hasRoom: () => boolean): Promise<void> {
    this.#inheriting ??= this.#inherit(take, hasRoom).finally(() => {
      this.#inheriting = null;
    });
    return this.#inheriting;
  }

  async #enter({ epoch, settledMs }: PartStanding, before: Moment, counters: Iterable<WindowCounter>): Promise<void> {
    const { platform } = this.#options;
    const holder = this.#options.holder();
    if (holder === null || epoch === null || this.#retired) return;
    try {
      const entered = await this.queue.exclusive(() => this.#claim(holder, epoch, counters));
      if (entered === "ended") this.#lost(holder);
      if (entered !== true || this.#options.holder() !== holder) return;
      this.#epoch = epoch;
      this.#settledMs = settledMs;
      this.#leasedFrom = before;
    } catch (error) {
      if (platform.clock.mono() - this.#claimFailedAt > QUIET_MS) platform.logger.warn({ error }, UNCLAIMED);
      this.#claimFailedAt = platform.clock.mono();
    }
  }

  async #inherit(take: (inheritance: Inheritance) => void, hasRoom: () => boolean): Promise<void> {
    for (let round = 0; round < INHERIT_ROUNDS && hasRoom(); round += 1) {
      const more = await this.queue.exclusive(() => this.#inheritSome(take));
      if (!more) return;
    }
  }

  async #inheritSome(take: (inheritance: Inheritance) => void): Promise<boolean> {
    const { store, platform } = this.#options;
    const holder = this.#options.holder();
    const epoch = this.#epoch;
    if (holder === null || epoch === null || this.#retired) return false;
    let inherited: readonly Inheritance[] | Gone;
    try {
      const act = this.#act(holder, epoch, platform.clock.mono());
      inherited = await within(platform.timers, store.inherit(act, INHERITED), STORE_MS, "taking over shares");
    } catch (error) {
      // It may be recorded for this holder without its knowledge.
      this.#lost(holder);
      throw error;
    }
    if (inherited === "ended") this.#lost(holder);
    if (typeof inherited === "string" || this.#options.holder() !== holder) return false;
    for (const each of inherited) take(each);
    return inherited.length > 0;
  }

  async #claim(holder: string, epoch: string, counters: Iterable<WindowCounter>): Promise<true | Gone> {
    const { store, platform, batch } = this.#options;
    const now = moment(platform.clock);
    const held: [WindowCounter, ShareClaim][] = [];
    for (const counter of counters) {
      const claim = counter.part === this.index ? counter.claim(now) : null;
      if (claim !== null) held.push([counter, claim]);
    }
    for (let from = 0; from === 0 || from < held.length; from += batch) {
      const some = held.slice(from, from + batch);
      const claims = some.map(([, claim]) => claim);
      const act = this.#act(holder, epoch, platform.clock.mono());
      const asked = store.claim(act, claims, from + batch >= held.length);
      const answer = await within(platform.timers, asked, STORE_MS, "claiming shares");
      if (typeof answer === "string") return answer;
      if (this.#options.holder() !== holder) return "ended";
      for (const [index, [counter, { units }]] of some.entries()) counter.claimed(units, answer[index] === true);
    }
    return true;
  }

  async #tell(counters: ReadonlySet<WindowCounter>, now: Moment): Promise<void> {
    const { store, platform } = this.#options;
    const holder = this.#options.holder();
    const epoch = this.#epoch;
    if (holder === null || epoch === null || this.#retired) return;
    this.#asking = holder;
    const asked: Asked[] = [...counters].map((counter) => ({
      counter,
      request: counter.request(now, this.#settledMs),
    }));
    const requests = asked.map(({ request }) => request);
    const answers = await store.exchange(this.#act(holder, epoch, now.mono), requests);
    if (this.#options.holder() !== holder || this.#epoch !== epoch) return;
    if (answers === "ended") this.#lost(holder);
    if (answers === "moved") {
      this.#options.onMoved();
      throw new ClavigerError("UNAVAILABLE", { internal: "the record of limits began anew" });
    }
    if (typeof answers === "string") return;
    const then = moment(platform.clock);
    for (const [index, { counter, request }] of asked.entries()) {
      const answer: ShareAnswer | undefined = answers[index];
      if (answer !== undefined) counter.answer(request, answer, then);
    }
  }

  #act(holder: string, epoch: string, now: number): PartAct {
    this.#order += 1;
    return { holder, part: this.index, epoch, order: this.#order, now };
  }

  #lost(holder: string | null): void {
    if (holder !== null) this.#options.onLost(holder);
  }
}

const QUIET_MS = 2_000;
const UNCLAIMED = "what is held of limits cannot be recorded; it is spent until its lease ends";
