import { codeNumber } from "../key-table/outcome.ts";
import { isSameVersion, type KeyFacts, partsOf, type ToldParts, versionOf } from "../key-table/told-verdict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { NOWHERE, type NotedUse } from "./noted-use.ts";
import type { Durations, StatusCounts } from "./use-batch.ts";

/** A row is one line of memory: 64 bytes, of which the first half is words, who and what, and the other half sums. */
const ROW_BYTES = 64;
const WORDS = ROW_BYTES / 4;
const KEY = 0;
const VERSION = 4;
/** The number of the code. */
const CODE = 5;
/** The number of the circumstances. */
const OF = 6;
const HASH = 7;

const SUMS = ROW_BYTES / 8;
const REQUESTS = 4;
const COST = 5;
const FIRST = 6;
const LAST = 7;

/** A row of what came of requests: four counts of statuses, then durations. */
const ANSWERS = 7;
const COUNT = 4;
const TOTAL = 5;
const MOST = 6;

/** Rows that are looked at together, at most. */
export const MOST_LOOKED = 256;
const FIRST_CAPACITY = 1_024;
/** Places of the index for each row: a power of two. */
const SPREAD = 4;

/**
 * Cells as rows of typed arrays, so that to count a use touches few lines of memory, however many cells there are. They grow up
 * to a bound.
 */
export class CellRows {
  readonly #most: number;
  #capacity = 0;
  #words = new Int32Array(0);
  #sums = new Float64Array(0);
  #answers = new Float64Array(0);
  /** Numbers of rows, plus one, by hash. */
  #index = new Int32Array(0);
  #keys: KeyFacts[] = [];
  readonly #found = new Int32Array(MOST_LOOKED);
  /** Kept, so that no compiler may leave out what led to it. */
  #seen = 0;

  constructor(most: number) {
    this.#most = most;
    this.#allocate(FIRST_CAPACITY);
  }

  /** Whatever was looked at last; of no meaning. */
  get seen(): number {
    return this.#seen;
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The row of this key, version, code and these circumstances; NOWHERE where there is no room for another. */
  rowOf({ parts, key, verdict, at }: NotedUse, circumstances: number): number {
    const code = codeNumber(verdict.code);
    const hash = hashOfRow(parts, verdict, circumstances);
    const mask = this.#index.length - 1;
    let place = hash & mask;
    for (let found = this.#index[place] ?? 0; found !== 0; found = this.#index[place] ?? 0) {
      if (this.#is(found - 1, parts, code, circumstances)) return found - 1;
      place = (place + 1) & mask;
    }
    const row = this.#keys.length;
    if (row >= this.#most) return NOWHERE;
    if (row >= this.#capacity) this.#grow();
    this.#keys.push(key);
    const words = this.#words;
    const start = row * WORDS;
    words[start + KEY] = parts.key0;
    words[start + KEY + 1] = parts.key1;
    words[start + KEY + 2] = parts.key2;
    words[start + KEY + 3] = parts.key3;
    words[start + VERSION] = versionOf(parts);
    words[start + CODE] = code;
    words[start + OF] = circumstances;
    words[start + HASH] = hash;
    this.#sums[row * SUMS + FIRST] = at;
    this.#sums[row * SUMS + LAST] = at;
    this.#enter(row);
    return row;
  }

  /** Reads the rows that these hashes lead to first, so that they are at hand. */
  look(hashes: Int32Array, count: number): void {
    const index = this.#index;
    const words = this.#words;
    const mask = index.length - 1;
    const found = this.#found;
    for (let at = 0; at < count; at += 1) found[at] = index[(hashes[at] ?? 0) & mask] ?? 0;
    let seen = 0;
    for (let at = 0; at < count; at += 1) seen ^= words[((found[at] ?? 1) - 1) * WORDS] ?? 0;
    this.#seen = seen;
  }

  add(row: number, at: number, cost: number): void {
    const sums = this.#sums;
    const start = row * SUMS;
    const requests = sums[start + REQUESTS] ?? 0;
    // What is only answered here was used before.
    if (requests === 0 || at < (sums[start + FIRST] ?? 0)) sums[start + FIRST] = at;
    if (requests === 0 || at > (sums[start + LAST] ?? 0)) sums[start + LAST] = at;
    sums[start + REQUESTS] = requests + 1;
    sums[start + COST] = (sums[start + COST] ?? 0) + cost;
  }

  /** What came of a request: its status, unless that is 0, and its duration, unless that is below 0. */
  answered(row: number, status: number, durationMs: number): void {
    const answers = this.#answers;
    const start = row * ANSWERS;
    const add = (column: number, more: number): void => {
      answers[start + column] = (answers[start + column] ?? 0) + more;
    };
    if (status !== 0) add(Math.floor(status / 100) - 2, 1);
    if (durationMs < 0) return;
    add(COUNT, 1);
    add(TOTAL, durationMs);
    answers[start + MOST] = Math.max(answers[start + MOST] ?? 0, durationMs);
  }

  keyAt(row: number): KeyFacts | undefined {
    return this.#keys[row];
  }

  /** See `codeAt`. */
  codeNumberAt(row: number): number {
    return this.#words[row * WORDS + CODE] ?? 0;
  }

  circumstancesAt(row: number): number {
    return this.#words[row * WORDS + OF] ?? 0;
  }

  sumsAt(row: number): {
    readonly requests: number;
    readonly cost: number;
    readonly firstAt: number;
    readonly lastAt: number;
  } {
    const start = row * SUMS + REQUESTS;
    const [requests = 0, cost = 0, firstAt = 0, lastAt = 0] = this.#sums.subarray(start, start + 4);
    return { requests, cost, firstAt: Math.floor(firstAt), lastAt: Math.floor(lastAt) };
  }

  answersAt(row: number): { readonly statuses: StatusCounts | null; readonly durations: Durations | null } {
    const start = row * ANSWERS;
    const [ok = 0, moved = 0, wrong = 0, failed = 0, count = 0, totalMs = 0, maxMs = 0] = this.#answers.subarray(
      start,
      start + ANSWERS,
    );
    return {
      statuses: ok + moved + wrong + failed === 0 ? null : [ok, moved, wrong, failed],
      durations: count === 0 ? null : { count, totalMs, maxMs },
    };
  }

  /** Forgets all rows. Room that was taken for very many is given back. */
  clear(): void {
    const used = this.#keys.length;
    this.#keys = [];
    if (this.#capacity > FIRST_CAPACITY && used < this.#capacity / 8) {
      this.#allocate(FIRST_CAPACITY);
      return;
    }
    this.#sums.fill(0, 0, used * SUMS);
    this.#answers.fill(0, 0, used * ANSWERS);
    this.#index.fill(0);
  }

  #is(row: number, parts: ToldParts, code: number, circumstances: number): boolean {
    const words = this.#words;
    const start = row * WORDS;
    return (
      words[start + KEY + 3] === parts.key3 &&
      words[start + OF] === circumstances &&
      words[start + CODE] === code &&
      words[start + KEY + 2] === parts.key2 &&
      words[start + KEY + 1] === parts.key1 &&
      words[start + KEY] === parts.key0 &&
      (parts.side === undefined ? words[start + VERSION] === versionOf(parts) : this.#isVersion(row, parts))
    );
  }

  /** For what words may not hold. */
  #isVersion(row: number, parts: ToldParts): boolean {
    const key = this.#keys[row];
    const known = key === undefined ? null : partsOf(key);
    return known !== null && isSameVersion(known, parts);
  }

  #allocate(capacity: number): void {
    this.#capacity = capacity;
    this.#words = new Int32Array(capacity * WORDS);
    this.#sums = new Float64Array(this.#words.buffer);
    this.#answers = new Float64Array(capacity * ANSWERS);
    this.#index = new Int32Array(capacity * SPREAD);
  }

  #grow(): void {
    const [words, answers] = [this.#words, this.#answers];
    this.#allocate(this.#capacity * 2);
    this.#words.set(words);
    this.#answers.set(answers);
    for (let row = 0; row < this.#keys.length; row += 1) this.#enter(row);
  }

  #enter(row: number): void {
    const mask = this.#index.length - 1;
    let place = (this.#words[row * WORDS + HASH] ?? 0) & mask;
    while (this.#index[place] !== 0) place = (place + 1) & mask;
    this.#index[place] = row + 1;
  }
}

/** Of ids that are drawn at random and numbers given here, so nobody can make many rows fall into one place. */
export function hashOfRow({ key1, key2, key3 }: ToldParts, { code }: Verdict, circumstances: number): number {
  const key = key3 ^ (key2 << 7) ^ (key1 << 13) ^ code.charCodeAt(0);
  const product = Math.imul(key, 0x9e3779b1) ^ Math.imul(circumstances + 1, 0x85ebca6b);
  return product ^ (product >>> 15);
}
