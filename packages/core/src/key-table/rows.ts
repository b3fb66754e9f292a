/** Bytes that a chunk of rows is about as large as: small enough to be made in well under a millisecond. */
const CHUNK_BYTES = 1 << 20;

/**
 * Rows of a fixed number of 32-bit words in chunks of typed arrays, numbered from 0. Growing adds a chunk and moves
 * nothing; a freed number is given out again. Whether a row is in use is its owner's to know.
 *
 * Row `n` starts at word `(n & mask) * stride` of `words[n >>> shift]`; `floats` are the same bytes as 64-bit floats.
 */
export class Rows {
  readonly stride: number;
  readonly shift: number;
  readonly mask: number;
  readonly words: Int32Array[] = [];
  readonly floats: Float64Array[] = [];
  /** Rows in use. */
  used = 0;
  /** Numbers below this have been given out at some time. */
  top = 0;
  /** One more than the first free row; each free row keeps the next one so in its first word. */
  #free = 0;

  /** `stride` must be even, so that rows start where a 64-bit float may; `capacity` bounds the first chunk. */
  constructor(stride: number, capacity: number) {
    this.stride = stride;
    const rows = Math.min(CHUNK_BYTES / (stride * 4), capacity);
    this.shift = Math.max(4, Math.floor(Math.log2(rows)));
    this.mask = (1 << this.shift) - 1;
  }

  /** The number of a row whose words are all zero. */
  take(): number {
    this.used++;
    if (this.#free !== 0) {
      const row = this.#free - 1;
      const words = this.wordsOf(row);
      const at = this.startOf(row);
      this.#free = words[at] ?? 0;
      words[at] = 0;
      return row;
    }
    const row = this.top++;
    if (row >>> this.shift === this.words.length) {
      const buffer = new ArrayBuffer((this.mask + 1) * this.stride * 4);
      this.words.push(new Int32Array(buffer));
      this.floats.push(new Float64Array(buffer));
    }
    return row;
  }

  /** Gives a row back. All of it is wiped, so that nothing of a key outlives it. */
  free(row: number): void {
    const words = this.wordsOf(row);
    const at = this.startOf(row);
    words.fill(0, at, at + this.stride);
    words[at] = this.#free;
    this.#free = row + 1;
    this.used--;
  }

  wordsOf(row: number): Int32Array {
    const words = this.words[row >>> this.shift];
    if (words === undefined) throw new TypeError(`there is no row ${row}`);
    return words;
  }

  floatsOf(row: number): Float64Array {
    const floats = this.floats[row >>> this.shift];
    if (floats === undefined) throw new TypeError(`there is no row ${row}`);
    return floats;
  }

  startOf(row: number): number {
    return (row & this.mask) * this.stride;
  }

  get bytes(): number {
    return this.words.length * (this.mask + 1) * this.stride * 4;
  }
}
