interface Turn {
  work(): Promise<void>;
}

/** Work of many askers: so much at a time, one piece of each asker at a time, and the askers in turn. */
export class FairTurns {
  readonly #atATime: number;
  /** Who waits, in the order in which they get their turn. */
  readonly #waiting = new Map<string, Turn[]>();
  readonly #working = new Set<string>();

  constructor(atATime: number) {
    this.#atATime = atATime;
  }

  run<T>(asker: string, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const turns = this.#waiting.get(asker) ?? [];
      turns.push({ work: () => work().then(resolve, reject) });
      this.#waiting.set(asker, turns);
      this.#next();
    });
  }

  #next(): void {
    for (const [asker, turns] of this.#waiting) {
      if (this.#working.size >= this.#atATime) return;
      if (this.#working.has(asker)) continue;
      const turn = turns.shift();
      this.#waiting.delete(asker);
      if (turn === undefined) continue;
      // To the end of the row.
      if (turns.length > 0) this.#waiting.set(asker, turns);
      this.#working.add(asker);
      void turn.work().finally(() => {
        this.#working.delete(asker);
        this.#next();
      });
    }
  }
}
