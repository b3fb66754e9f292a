/** The two words that rows are looked for by: the first should spread best. */
export interface RowWords {
  first(row: number): number;
  second(row: number): number;
}

/** About as many rows share a segment; growing one segment is the longest pause there is. */
const ROWS_PER_SEGMENT = 4096;
const FIRST_SLOTS = 16;
/** The bits of a slot that hold one more than a row's number. */
const ROW_BITS = 0x3ffffff;
const MARK_BITS = ~ROW_BITS;

/**
 * Finds rows by two of their words, with open addressing. A slot holds one more than a row's number in 26 bits and 6
 * bits of the hash, so that a probe rarely touches a row for nothing; 0 is empty. Several rows may have the same words.
 *
 * The slots are divided into segments that grow one at a time, so that no insertion waits for a million rows. Removing
 * moves later slots back instead of leaving marks, so that look-ups never become slower by use.
 */
export class RowIndex {
  readonly segments: Int32Array[] = [];
  readonly #counts: Int32Array;
  readonly #segmentShift: number;
  readonly #words: RowWords;
  readonly #seed: number;

  /** @param seed 32 bits that outsiders do not know, or they could choose words that fall on one place */
  constructor(words: RowWords, seed: number, capacity: number) {
    this.#words = words;
    this.#seed = seed | 0;
    const bits = Math.max(1, Math.min(12, Math.ceil(Math.log2(capacity / ROWS_PER_SEGMENT))));
    this.#segmentShift = 32 - bits;
    this.#counts = new Int32Array(1 << bits);
    for (let i = 0; i < 1 << bits; i++) this.segments.push(new Int32Array(FIRST_SLOTS));
  }

  /** 32 bits that choose segment (the highest) and slot (the lowest). */
  hash(first: number, second: number): number {
    let hash = Math.imul(first ^ this.#seed, 0x9e3779b1) + Math.imul((second + this.#seed) | 0, 0x85ebca77);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return hash ^ (hash >>> 13);
  }

  /** The 6 bits kept in the slot, of other bits than `hash` mostly looks at. */
  mark(first: number, second: number): number {
    return (Math.imul(first, 0x27d4eb2f) ^ second) & MARK_BITS;
  }

  segmentOf(hash: number): Int32Array {
    const segment = this.segments[hash >>> this.#segmentShift];
    if (segment === undefined) throw new TypeError("an index has all its segments");
    return segment;
  }

  add(row: number): void {
    const hash = this.#hashOf(row);
    const number = hash >>> this.#segmentShift;
    const count = (this.#counts[number] ?? 0) + 1;
    this.#counts[number] = count;
    let segment = this.segmentOf(hash);
    if (count * 4 > segment.length * 3) {
      segment = this.#grown(segment);
      this.segments[number] = segment;
    }
    this.#place(segment, hash, this.#markOf(row) | (row + 1));
  }

  /** @throws TypeError if the row is not in the index by its present words */
  remove(row: number): void {
    const hash = this.#hashOf(row);
    const segment = this.segmentOf(hash);
    const mask = segment.length - 1;
    let hole = this.#slotOf(row, segment, hash);
    this.#counts[hash >>> this.#segmentShift] = (this.#counts[hash >>> this.#segmentShift] ?? 0) - 1;
    for (let next = (hole + 1) & mask; ; next = (next + 1) & mask) {
      const entry = segment[next] ?? 0;
      if (entry === 0) break;
      const home = this.#hashOf((entry & ROW_BITS) - 1) & mask;
      // It may fill the hole unless its own place lies behind the hole: then it would no longer be found.
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        segment[hole] = entry;
        hole = next;
      }
    }
    segment[hole] = 0;
  }

  /**
   * Gives rows other numbers, under which the same words will be found. All old numbers are looked for before the first
   * new one is written, because the new ones are among the old.
   *
   * @throws TypeError if an old number is not in the index
   */
  renumber(from: readonly number[], to: readonly number[]): void {
    const hashes = new Int32Array(from.length);
    const slots = new Int32Array(from.length);
    for (let i = 0; i < from.length; i++) {
      const row = from[i] ?? 0;
      const hash = this.#hashOf(row);
      hashes[i] = hash;
      slots[i] = this.#slotOf(row, this.segmentOf(hash), hash);
    }
    for (let i = 0; i < from.length; i++) {
      const segment = this.segmentOf(hashes[i] ?? 0);
      const slot = slots[i] ?? 0;
      segment[slot] = ((segment[slot] ?? 0) & MARK_BITS) | ((to[i] ?? 0) + 1);
    }
  }

  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.length * 4, 0);
  }

  #place(segment: Int32Array, hash: number, entry: number): void {
    const mask = segment.length - 1;
    let at = hash & mask;
    while (segment[at] !== 0) at = (at + 1) & mask;
    segment[at] = entry;
  }

  #slotOf(row: number, segment: Int32Array, hash: number): number {
    const mask = segment.length - 1;
    let slot = hash & mask;
    while (((segment[slot] ?? 0) & ROW_BITS) !== row + 1) {
      if (segment[slot] === 0) throw new TypeError(`row ${row} is not in the index`);
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grown(old: Int32Array): Int32Array {
    const segment = new Int32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) this.#place(segment, this.#hashOf((entry & ROW_BITS) - 1), entry);
    return segment;
  }

  #hashOf(row: number): number {
    return this.hash(this.#words.first(row), this.#words.second(row));
  }

  #markOf(row: number): number {
    return this.mark(this.#words.first(row), this.#words.second(row));
  }
}

/** Calls `visit` with every row that may have these words; the caller compares. `visit` must not change the index. */
export function eachCandidate(index: RowIndex, first: number, second: number, visit: (row: number) => void): void {
  const hash = index.hash(first, second);
  const mark = index.mark(first, second);
  const segment = index.segmentOf(hash);
  const mask = segment.length - 1;
  for (let at = hash & mask; ; at = (at + 1) & mask) {
    const entry = segment[at] ?? 0;
    if (entry === 0) return;
    if ((entry & MARK_BITS) === mark) visit((entry & ROW_BITS) - 1);
  }
}
