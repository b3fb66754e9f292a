/**
 * What was spent within the last window, on a monotonic clock in milliseconds that the caller reads.
 *
 * Times are kept in groups of at most 1/128 of the window; a group leaves when its youngest unit does. So the count is never
 * below the truth for any interval [t, t + window), and a steady demand still gets 128/129 of the amount. Where requests are
 * further apart than a group is long, which small amounts are, the count is the truth itself.
 */
const GROUPS = 128;
/** Groups in a journal: what is written down of a log, coarser still. */
const JOURNAL_GROUPS = 32;
const COMPACT_AFTER = 64;

/** By how much the oldest unit of a group in a journal may be older than its youngest, in milliseconds. */
export function journalStep(windowMs: number): number {
  return windowMs / JOURNAL_GROUPS;
}

/** Units and how many milliseconds ago the youngest of them was spent. */
export type SpentGroup = readonly [ageMs: number, units: number];

export class SlidingLog {
  readonly #window: number;
  readonly #step: number;
  /** Time of the youngest unit of each group, rising. */
  readonly #times: number[] = [];
  readonly #units: number[] = [];
  /** Time of the oldest unit of the last group. */
  #lastBegan = Number.NEGATIVE_INFINITY;
  #first = 0;
  #total = 0;
  /** The latest time heard of: a reading that is older, because it was taken before a wait, counts as this one. */
  #latest = Number.NEGATIVE_INFINITY;

  constructor(windowMs: number) {
    this.#window = windowMs;
    this.#step = windowMs / GROUPS;
  }

  /** Units that an interval ending just after `now` may hold. */
  used(now: number): number {
    const time = this.#advance(now);
    while (this.#first < this.#times.length && (this.#times[this.#first] ?? 0) + this.#window <= time) {
      this.#total -= this.#units[this.#first] ?? 0;
      this.#first += 1;
    }
    if (this.#first === this.#times.length) this.#clear();
    else if (this.#first > COMPACT_AFTER && this.#first * 2 > this.#times.length) this.#compact();
    return this.#total;
  }

  /** Notes `units` spent now; returns what is used with them, as of the last `used`. */
  add(now: number, units: number): number {
    const time = this.#advance(now);
    this.#total += units;
    const last = this.#times.length - 1;
    if (last >= this.#first && time - this.#lastBegan < this.#step) {
      this.#times[last] = time;
      this.#units[last] = (this.#units[last] ?? 0) + units;
    } else {
      this.#lastBegan = time;
      this.#times.push(time);
      this.#units.push(units);
    }
    return this.#total;
  }

  /** Notes `units` spent `ageMs` ago, for what another holder had spent. It joins a younger group where one is near. */
  addPast(now: number, ageMs: number, units: number): void {
    const time = this.#advance(now) - Math.max(0, ageMs);
    if (time + this.#window <= this.#latest) return;
    let index = this.#first;
    while (index < this.#times.length && (this.#times[index] ?? 0) < time) index += 1;
    if (index === this.#times.length) {
      this.#lastBegan = time;
      this.#times.push(time);
      this.#units.push(units);
    } else if ((this.#times[index] ?? 0) - time < this.#step) {
      this.#units[index] = (this.#units[index] ?? 0) + units;
    } else {
      this.#times.splice(index, 0, time);
      this.#units.splice(index, 0, units);
    }
    this.#total += units;
  }

  /** Milliseconds until `units` of what was spent have left the window; 0 where none need to. */
  freeIn(now: number, units: number): number {
    let left = units;
    for (let index = this.#first; left > 0 && index < this.#times.length; index += 1) {
      left -= this.#units[index] ?? 0;
      if (left <= 0) return Math.max(0, (this.#times[index] ?? 0) + this.#window - Math.max(now, this.#latest));
    }
    return 0;
  }

  /** Milliseconds until all of it has left the window. */
  emptyIn(now: number): number {
    return this.freeIn(now, this.used(now));
  }

  /** What is in the window, oldest first, in at most 32 groups, each as old as its youngest unit. */
  journal(now: number): SpentGroup[] {
    this.used(now);
    const groups: [number, number][] = [];
    const step = journalStep(this.#window);
    let began = Number.NEGATIVE_INFINITY;
    for (let index = this.#first; index < this.#times.length; index += 1) {
      const time = this.#times[index] ?? 0;
      const age = this.#latest - time;
      const last = groups.at(-1);
      if (last !== undefined && time - began < step) {
        last[0] = age;
        last[1] += this.#units[index] ?? 0;
      } else {
        began = time;
        groups.push([age, this.#units[index] ?? 0]);
      }
    }
    return groups;
  }

  #advance(now: number): number {
    if (now > this.#latest) this.#latest = now;
    return this.#latest;
  }

  #clear(): void {
    this.#times.length = 0;
    this.#units.length = 0;
    this.#first = 0;
    this.#total = 0;
    this.#lastBegan = Number.NEGATIVE_INFINITY;
  }

  #compact(): void {
    this.#times.splice(0, this.#first);
    this.#units.splice(0, this.#first);
    this.#first = 0;
  }
}
