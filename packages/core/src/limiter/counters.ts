import type { Moment } from "../coherence/moment.ts";
import { WINDOW_MS } from "../limits/periods.ts";
import type { AppliedLimit } from "../limits/resolve-limits.ts";
import { QuotaCounter } from "./quota-counter.ts";
import type { Inheritance } from "./stores.ts";
import { WindowCounter } from "./window-counter.ts";

export type Counter = WindowCounter | QuotaCounter;

export interface CounterBounds {
  /** Counters in all. Those of source addresses get half of them at most. */
  readonly counters: number;
  /** Counters of source addresses for each account, so that one account's callers cannot take the room of others. */
  readonly sourcesPerAccount: number;
}

/** The counters of this process, bounded. Nothing is evicted that still counts: what finds no room is refused. */
export class Counters {
  readonly #bounds: CounterBounds;
  readonly #byId = new Map<string, Counter>();
  readonly #sources = new Map<string, number>();
  #sourcesInAll = 0;
  readonly #part: (counter: string) => number;
  #sweeping: Iterator<Counter> | null = null;

  /** @param part index of the part of the store that a counter belongs to */
  constructor(bounds: CounterBounds, part: (counter: string) => number) {
    this.#bounds = bounds;
    this.#part = part;
  }

  get size(): number {
    return this.#byId.size;
  }

  get(id: string): Counter | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<Counter> {
    return this.#byId.values();
  }

  *windows(): Iterable<WindowCounter> {
    for (const counter of this.#byId.values()) if (counter.kind === "window") yield counter;
  }

  hasRoom(): boolean {
    return this.#byId.size < this.#bounds.counters;
  }

  /** The limit's counter, made where it is missing; undefined where there is no room for it. */
  open(limit: AppliedLimit, now: Moment): Counter | undefined {
    const known = this.#byId.get(limit.counter);
    if (known !== undefined) return known;
    const { counter: id, perSource: account, amount, key } = limit;
    if (!this.hasRoom() || (account !== null && !this.#hasRoomFor(account))) return undefined;
    const windowMs = WINDOW_MS[limit.per];
    const counter =
      windowMs === null
        ? new QuotaCounter(limit, now)
        : new WindowCounter({ id, windowMs, perSource: account, amount, key }, this.#part(id), now);
    this.#byId.set(id, counter);
    if (account !== null) this.#countSource(account, 1);
    return counter;
  }

  inherit(inheritance: Inheritance, now: Moment): void {
    const { counter: id, windowMs, ceiling } = inheritance;
    const known = this.#byId.get(id);
    const window = { id, windowMs, perSource: null, amount: ceiling, key: "" };
    const counter = known?.kind === "window" ? known : new WindowCounter(window, this.#part(id), now);
    if (known === undefined) this.#byId.set(id, counter);
    counter.inherit(inheritance, now);
  }

  drop(counter: Counter): void {
    this.#byId.delete(counter.id);
    const account = counter.perSource;
    if (account !== null) this.#countSource(account, -1);
  }

  /** The next `count` counters in turn, so that a round of upkeep never stalls the process. */
  *some(count: number): Iterable<Counter> {
    for (let index = 0; index < count; index += 1) {
      this.#sweeping ??= this.#byId.values();
      const next = this.#sweeping.next();
      if (next.done === true) {
        this.#sweeping = null;
        return;
      }
      yield next.value;
    }
  }

  /** All shares are another holder's now. */
  reset(): void {
    for (const counter of this.windows()) counter.reset();
  }

  /** The parts are others now. */
  reassign(): void {
    for (const counter of this.windows()) counter.part = this.#part(counter.id);
  }

  #hasRoomFor(account: string): boolean {
    const { counters, sourcesPerAccount } = this.#bounds;
    return (this.#sources.get(account) ?? 0) < sourcesPerAccount && this.#sourcesInAll * 2 < counters;
  }

  #countSource(account: string, by: 1 | -1): void {
    this.#sourcesInAll += by;
    const sources = (this.#sources.get(account) ?? 0) + by;
    if (sources > 0) this.#sources.set(account, sources);
    else this.#sources.delete(account);
  }
}
