/**
 * Whether Redis can be reached, by all of its parts. Times are of this process's monotonic clock, in milliseconds.
 *
 * States: unknown → up, when all parts have answered → down, when one gives no answer → up, when all have answered again.
 */
export class Reach {
  readonly #parts: number;
  readonly #answered = new Set<number>();
  readonly #failing = new Set<number>();
  #upSince: number | null = null;
  #downSince: number | null = null;

  constructor(parts: number) {
    this.#parts = parts;
  }

  answered(part: number, now: number): void {
    this.#answered.add(part);
    this.#failing.delete(part);
    if (this.#upSince !== null || this.#failing.size > 0 || this.#answered.size < this.#parts) return;
    // Without an outage before there is nothing that may come back soon.
    this.#upSince = this.#downSince === null ? Number.NEGATIVE_INFINITY : now;
    this.#downSince = null;
  }

  failed(part: number, now: number): void {
    this.#failing.add(part);
    this.#upSince = null;
    this.#downSince ??= now;
  }

  /** Whether this part gave no answer when it was asked last. */
  isFailing(part: number): boolean {
    return this.#failing.has(part);
  }

  /** How many parts gave no answer when they were asked last. */
  get failing(): number {
    return this.#failing.size;
  }

  /** Milliseconds for which all parts have answered; infinite without an outage before; null while they do not. */
  upFor(now: number): number | null {
    return this.#upSince === null ? null : now - this.#upSince;
  }

  /** Milliseconds since a part first gave no answer; null while all do, and before any was asked. */
  downFor(now: number): number | null {
    return this.#downSince === null ? null : now - this.#downSince;
  }
}
