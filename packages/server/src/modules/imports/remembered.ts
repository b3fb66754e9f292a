/** Hashes that are remembered for a time; within a bound, beyond which the one noted longest ago is forgotten first. */
export class Remembered {
  readonly #most: number;
  readonly #until = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#until.size;
  }

  has(hash: string, now: number): boolean {
    const until = this.#until.get(hash);
    if (until === undefined) return false;
    if (now < until) return true;
    this.#until.delete(hash);
    return false;
  }

  note(hash: string, until: number): void {
    this.#until.delete(hash);
    this.#until.set(hash, until);
    const [oldest] = this.#until.keys();
    if (this.#until.size > this.#most && oldest !== undefined) this.#until.delete(oldest);
  }
}
