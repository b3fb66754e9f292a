/**
 * Keeps some of the items that are offered, evenly: each one, then each second, fourth and so on, as `halve` is called. Which ones,
 * nobody who sends them can tell without the seed.
 */
export class EvenSample<T> {
  readonly #seed: number;
  #items: T[] = [];
  #numbers: number[] = [];
  #mask = 0;
  #offered = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  get size(): number {
    return this.#items.length;
  }

  offer(item: T): void {
    const number = this.#offered;
    this.#offered += 1;
    if (this.#mask !== 0 && (mixed(number ^ this.#seed) & this.#mask) !== 0) return;
    this.#items.push(item);
    this.#numbers.push(number);
  }

  /** From now on half as many. */
  halve(): void {
    this.#mask = this.#mask * 2 + 1;
    const stays = this.#numbers.map((number) => (mixed(number ^ this.#seed) & this.#mask) === 0);
    this.#items = this.#items.filter((_, at) => stays[at]);
    this.#numbers = this.#numbers.filter((_, at) => stays[at]);
  }

  /** Hands over what was kept, and begins anew. */
  take(): T[] {
    const items = this.#items;
    this.#items = [];
    this.#numbers = [];
    this.#mask = 0;
    this.#offered = 0;
    return items;
  }
}

/** Each bit of the number in each bit of the answer. */
function mixed(number: number): number {
  let hash = Math.imul(number ^ (number >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
