import { ClavigerError } from "@claviger/core";

interface Turn {
  readonly askedAt: number;
  work(): Promise<void>;
  refuse(error: ClavigerError): void;
}

export interface FairTurnsOptions {
  readonly atATime: number;
  /** Whoever waits for longer, in milliseconds, is refused when the turn comes: nobody listens any more. */
  readonly patienceMs: number;
  /** Monotonic, in milliseconds. */
  now(): number;
}

/** Work of many askers: so much at a time, one piece of each asker at a time, and the askers in turn. */
export class FairTurns {
  readonly #options: FairTurnsOptions;
  /** Who waits, in the order in which they get their turn. */
  readonly #waiting = new Map<string, Turn[]>();
  readonly #working = new Set<string>();

  constructor(options: FairTurnsOptions) {
    this.#options = options;
  }

  run<T>(asker: string, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const turns = this.#waiting.get(asker) ?? [];
      turns.push({ askedAt: this.#options.now(), work: () => work().then(resolve, reject), refuse: reject });
      this.#waiting.set(asker, turns);
      this.#next();
    });
  }

  #next(): void {
    const { atATime, patienceMs, now } = this.#options;
    for (const [asker, turns] of this.#waiting) {
      if (this.#working.size >= atATime) return;
      if (this.#working.has(asker)) continue;
      while (turns[0] !== undefined && now() - turns[0].askedAt > patienceMs) turns.shift()?.refuse(overdue());
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

const overdue = (): ClavigerError => new ClavigerError("UNAVAILABLE", { internal: "too many ask for limits to spend" });
