const FIRST = 0x9e3779b9;
const SECOND = 0x85ebca6b;

/** Makes one fingerprint of 64 bits of many whole numbers: MurmurHash3 twice, with different constants. */
export class Fingerprint {
  #a = FIRST;
  #b = SECOND;

  start(): void {
    this.#a = FIRST;
    this.#b = SECOND;
  }

  add(value: number): void {
    let k = Math.imul(value, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    const a = this.#a ^ k;
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    let l = Math.imul(value ^ 0x5bd1e995, 0x239b961b);
    l = Math.imul((l << 16) | (l >>> 16), 0xab0e9789);
    const b = this.#b ^ l;
    this.#b = (Math.imul((b << 17) | (b >>> 15), 9) + 0x561ccd1b) | 0;
  }

  addFlag(value: boolean): void {
    this.add(value ? 1 : 0);
  }

  read(): readonly [number, number] {
    return [finished(this.#a), finished(this.#b)];
  }
}

function finished(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Fingerprints that were seen, numbered in the order in which they came. */
export class FingerprintSet {
  readonly #most: number;
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly #a: Uint32Array;
  readonly #b: Uint32Array;
  #size = 0;

  constructor(most: number) {
    this.#most = most;
    const room = 2 ** Math.ceil(Math.log2(most * 2));
    this.#mask = room - 1;
    this.#slots = new Int32Array(room);
    this.#a = new Uint32Array(most);
    this.#b = new Uint32Array(most);
  }

  get size(): number {
    return this.#size;
  }

  /** The number of one that was seen; -1: it was not, and is the newest now. */
  add(a: number, b: number): number {
    for (let slot = (a ^ (b >>> 7)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id === -1) {
        this.#put(slot, a, b);
        return -1;
      }
      if (this.#a[id] === a && this.#b[id] === b) return id;
    }
  }

  #put(slot: number, a: number, b: number): void {
    if (this.#size === this.#most) throw new RangeError(`there are more than ${this.#most} states`);
    this.#a[this.#size] = a;
    this.#b[this.#size] = b;
    this.#size += 1;
    this.#slots[slot] = this.#size;
  }
}
