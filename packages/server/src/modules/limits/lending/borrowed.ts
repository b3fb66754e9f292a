import type { BlockRequest, GiveBack } from "@claviger/core";
import { PerMinute } from "./per-minute.ts";

/** Counters, and blocks, of one verifier that are followed, at most; and of all together. */
const MOST_COUNTERS = 50_000;
const MOST_IN_ALL = 1_000_000;
/** Holders of one verifier in a minute, at most: it begins anew when one was lost. */
const JOINS = 6;

/** How much is followed of all verifiers together. */
export interface Followed {
  count: number;
}

/** What one verifier was lent by this node, as far as the node must know it. It begins anew where the verifier comes from another. */
export class Borrowed {
  /** Counters of which something is recorded for it, each with how much. */
  readonly #recorded = new Map<string, number>();
  /** What is left of blocks as far as it was not given back, by period and counter. */
  readonly #blocks = new Map<string, number>();
  readonly #inAll: Followed;
  readonly #joins = new PerMinute(JOINS);
  /** Monotonic, in milliseconds. */
  usedAt = 0;

  constructor(inAll: Followed) {
    this.#inAll = inAll;
  }

  /** Whether it may begin another holder. */
  joins(now: number): boolean {
    return this.#joins.takes(now);
  }

  has(counter: string): boolean {
    return this.#recorded.has(counter);
  }

  /** Whether more may be recorded of this counter. */
  hasRoomFor(counter: string): boolean {
    return this.#hasRoom(this.#recorded, counter);
  }

  /** Nothing of it is followed any more. */
  forget(): void {
    this.#inAll.count -= this.#recorded.size + this.#blocks.size;
    this.#recorded.clear();
    this.#blocks.clear();
  }

  recorded(counter: string, units: number, unmet: number): void {
    if (units > 0 || unmet > 0) this.#set(this.#recorded, counter, units);
    else this.#delete(this.#recorded, counter);
  }

  took({ counter, period }: Pick<BlockRequest, "counter" | "period">, granted: number): void {
    const name = blockName(counter, period);
    const units = (this.#blocks.get(name) ?? 0) + granted;
    if (units > 0 && this.#hasRoom(this.#blocks, name)) this.#set(this.#blocks, name, units);
  }

  /** What may go back of what it says is left: no more than it was lent here, so that nothing goes back twice. */
  givesBack(counter: string, { period, refilled, units }: GiveBack): GiveBack | null {
    const name = blockName(counter, period);
    const lent = this.#blocks.get(name) ?? 0;
    const back = Math.min(units, lent);
    if (back === 0) return null;
    if (back === lent) this.#delete(this.#blocks, name);
    else this.#set(this.#blocks, name, lent - back);
    return { period, refilled, units: back };
  }

  #hasRoom(map: ReadonlyMap<string, number>, name: string): boolean {
    return map.has(name) || (map.size < MOST_COUNTERS && this.#inAll.count < MOST_IN_ALL);
  }

  #set(map: Map<string, number>, name: string, units: number): void {
    if (!map.has(name)) this.#inAll.count += 1;
    map.set(name, units);
  }

  #delete(map: Map<string, number>, name: string): void {
    if (map.delete(name)) this.#inAll.count -= 1;
  }
}

const blockName = (counter: string, period: number): string => `${period} ${counter}`;
