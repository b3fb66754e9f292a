const MINUTE = 60_000;

/** So many of something in a minute. Times are of the monotonic clock, in milliseconds. */
export class Allowance {
  readonly #perMinute: number;
  #since = Number.NEGATIVE_INFINITY;
  #spent = 0;

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  isSpent(now: number): boolean {
    return now - this.#since < MINUTE && this.#spent >= this.#perMinute;
  }

  spend(now: number): void {
    if (now - this.#since >= MINUTE) {
      this.#since = now;
      this.#spent = 0;
    }
    this.#spent += 1;
  }
}
