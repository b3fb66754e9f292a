const MINUTE = 60_000;

/** So many of something in a minute. Times are of the monotonic clock, in milliseconds. */
export class PerMinute {
  readonly #most: number;
  #since = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts one more; false where there were as many already. */
  takes(now: number): boolean {
    if (now - this.#since >= MINUTE) {
      this.#since = now;
      this.#count = 0;
    }
    if (this.#count >= this.#most) return false;
    this.#count += 1;
    return true;
  }
}
