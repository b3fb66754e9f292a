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

  /** Throws UNAVAILABLE where as much as may be is under way. */
  async run<T>(work: () => Promise<T>, asker = ""): Promise<T> {
    const theirs = this.#askers.filter((each) => each === asker).length;
    if (theirs >= this.#mostEach || this.#askers.length >= this.#most) {
      const whose = theirs >= this.#mostEach ? " of yours" : "";
      const publicDetail = `As many ${this.#what}${whose} as may be at once are under way already; try again later.`;
      throw new ClavigerError("UNAVAILABLE", { publicDetail });
    }
    this.#askers.push(asker);
    try {
      return await work();
    } finally {
      this.#askers.splice(this.#askers.indexOf(asker), 1);
    }
  }
}
