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

  /** Takes back what was spent a moment ago. */
  refund(): void {
    if (this.#spent > 0) this.#spent -= 1;
  }
}

/** Sources that are remembered; the one that spent longest ago is forgotten first. */
const MOST_SOURCES = 20_000;

/** The same of each of many sources, within a bound. */
export class Allowances {
  readonly #perMinute: number;
  readonly #bySource = new Map<string, Allowance>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  isSpent(source: string, now: number): boolean {
    return this.#bySource.get(source)?.isSpent(now) ?? false;
  }

  spend(source: string, now: number): void {
    const allowance = this.#bySource.get(source) ?? new Allowance(this.#perMinute);
    this.#bySource.delete(source);
    this.#bySource.set(source, allowance);
    allowance.spend(now);
    const [oldest] = this.#bySource.keys();
    if (this.#bySource.size > MOST_SOURCES && oldest !== undefined) this.#bySource.delete(oldest);
  }

  refund(source: string): void {
    this.#bySource.get(source)?.refund();
  }
}
