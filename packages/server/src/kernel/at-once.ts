import { ClavigerError } from "@claviger/core";

/** So much of one thing is done at once in this process, and so much of it for one who asks: what costs much is not asked for without end. */
export class AtOnce {
  readonly #what: string;
  readonly #most: number;
  readonly #mostEach: number;
  readonly #askers: string[] = [];

  /** `what`: in words, more than one of them. */
  constructor(what: string, most: number, mostEach = most) {
    this.#what = what;
    this.#most = most;
    this.#mostEach = mostEach;
  }

  /** Throws TOO_MANY_ATTEMPTS where who asks has as much under way as may be, UNAVAILABLE where all together have. */
  async run<T>(work: () => Promise<T>, asker = ""): Promise<T> {
    const theirs = this.#askers.filter((each) => each === asker).length;
    const told = (whose: string) => ({
      publicDetail: `As many ${this.#what}${whose} as may be at once are under way already; try again later.`,
    });
    if (theirs >= this.#mostEach) {
      throw new ClavigerError("TOO_MANY_ATTEMPTS", { ...told(" of yours"), extra: { retryAfterMs: 1_000 } });
    }
    if (this.#askers.length >= this.#most) throw new ClavigerError("UNAVAILABLE", told(""));
    this.#askers.push(asker);
    try {
      return await work();
    } finally {
      this.#askers.splice(this.#askers.indexOf(asker), 1);
    }
  }
}
