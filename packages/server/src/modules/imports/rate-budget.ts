/** So many a second, and after a pause that many at once. Times are of the monotonic clock, in milliseconds. */
export class RateBudget {
  readonly #perSecond: number;
  #left: number;
  #asOf = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
  }

  /** Spends one, and returns 0; or how long it is until there is one, in milliseconds, and spends nothing. */
  spend(now: number): number {
    const passed = Math.max(0, now - this.#asOf);
    this.#left = Math.min(this.#perSecond, this.#left + (passed / 1_000) * this.#perSecond);
    this.#asOf = now;
    if (this.#left < 1) return Math.ceil(((1 - this.#left) / this.#perSecond) * 1_000);
    this.#left -= 1;
    return 0;
  }
}
