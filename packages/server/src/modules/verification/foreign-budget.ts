import { Allowance, Allowances } from "../../kernel/allowance.ts";
import type { Clock } from "../../kernel/clock.ts";

/** Look-ups of strings of other forms that nobody has, in a minute: of one source, and of all together. */
const UNKNOWN_OF_SOURCE = 600;
const UNKNOWN_OF_ALL = 6_000;
/** Whoever does not say where a caller is. */
const NOWHERE = "";

/**
 * What strings of other forms may cost the database (C5), where keys of other forms were imported. A key that is found costs nothing; a
 * source that has spent its budget is answered from memory alone, and so is everybody once all have spent theirs together.
 */
export class ForeignBudget {
  readonly #clock: Pick<Clock, "mono">;
  readonly #all = new Allowance(UNKNOWN_OF_ALL);
  readonly #sources = new Allowances(UNKNOWN_OF_SOURCE);

  constructor(clock: Pick<Clock, "mono">) {
    this.#clock = clock;
  }

  isSpent(from: string = NOWHERE): boolean {
    const now = this.#clock.mono();
    return this.#all.isSpent(now) || this.#sources.isSpent(from, now);
  }

  spend(from: string = NOWHERE): void {
    const now = this.#clock.mono();
    this.#all.spend(now);
    this.#sources.spend(from, now);
  }

  /** What was looked for became a key. */
  refund(from: string = NOWHERE): void {
    this.#all.refund();
    this.#sources.refund(from);
  }
}
