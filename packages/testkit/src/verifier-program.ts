import type { Verifier } from "@claviger/sdk";

export type VerifierCommand =
  /** Verify these as well from now on. */
  | { readonly do: "add"; readonly keys: readonly string[] }
  /** Verify once, now, and say the codes. */
  | { readonly do: "verify"; readonly keys: readonly string[] }
  /** Hold up the event loop, and say what the first verification after it says. */
  | { readonly do: "block"; readonly forMs: number }
  | { readonly do: "report" }
  | { readonly do: "close" };

/** What became of one key. Times are milliseconds of the machine's monotonic clock. */
export interface SeenKey {
  readonly accepted: number;
  /** When the last accepted verification began; null: none was. */
  readonly lastAcceptedAt: number | null;
  /** When the last accepted verification of that member began whose last is the longest ago; null: one has accepted none. */
  readonly acceptedByAllAt: number | null;
  readonly codes: Readonly<Record<string, number>>;
}

export interface VerifierReport {
  readonly now: number;
  /** By the key as it was given. */
  readonly keys: Readonly<Record<string, SeenKey>>;
  /** Verifications that were answered from memory, in the same synchronous block. */
  readonly synchronous: number;
  readonly asynchronous: number;
}

interface Tally {
  accepted: number;
  lastAcceptedAt: number | null;
  readonly codes: Record<string, number>;
}

/** Verifications that wait for a node at a time, at most. */
const OPEN = 64;
/** Between two rounds, so that eight of these and three nodes fit on two cores. */
const ROUND_MS = 2;
const REQUEST = { method: "GET", path: "/contacts" } as const;

const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * A caller's program: verifies every key that it was given in turn, again and again, and keeps of each when the last accepted
 * verification began. The monotonic clock of Linux is one for all processes of a machine, so a test may compare.
 */
export class VerifierProgram {
  readonly #verifier: Verifier;
  readonly #tallies = new Map<string, Tally>();
  readonly #accepted: (key: string, began: number, atOnce: boolean) => void;
  #open = 0;
  #synchronous = 0;
  #asynchronous = 0;
  #closing = false;

  /** @param accepted told of each accepted verification: when it began, and whether memory alone answered it */
  constructor(verifier: Verifier, accepted: (key: string, began: number, atOnce: boolean) => void = () => undefined) {
    this.#verifier = verifier;
    this.#accepted = accepted;
    this.#round();
  }

  async carryOut(command: VerifierCommand): Promise<unknown> {
    switch (command.do) {
      case "add":
        for (const key of command.keys) this.#tallies.set(key, { accepted: 0, lastAcceptedAt: null, codes: {} });
        return {};
      case "verify":
        return this.#codesOf(command.keys);
      case "block": {
        const until = monotonic() + command.forMs;
        while (monotonic() < until);
        for (const [key, tally] of this.#tallies) this.#verifyOne(key, tally);
        return {};
      }
      case "report":
        return this.#report();
      case "close":
        this.#closing = true;
        await this.#verifier.close();
        return this.#report();
    }
    return command satisfies never;
  }

  /** A turn of the event loop of its own, as for a request to a server. */
  #round(): void {
    if (this.#closing) return;
    for (const [key, tally] of this.#tallies) if (this.#open < OPEN) this.#verifyOne(key, tally);
    setTimeout(() => this.#round(), ROUND_MS);
  }

  #verifyOne(key: string, tally: Tally): void {
    const began = monotonic();
    const answer = this.#verifier.verify(key, REQUEST);
    if (answer instanceof Promise) {
      this.#open += 1;
      this.#asynchronous += 1;
      void answer.then(({ code }) => {
        this.#open -= 1;
        note(tally, began, code);
        if (code === "VALID") this.#accepted(key, began, false);
      });
    } else {
      this.#synchronous += 1;
      note(tally, began, answer.code);
      if (answer.valid) this.#accepted(key, began, true);
    }
  }

  async #codesOf(keys: readonly string[]): Promise<string[]> {
    const codes = [];
    for (const key of keys) codes.push((await this.#verifier.verify(key, REQUEST)).code);
    return codes;
  }

  #report(): VerifierReport {
    return {
      ...{ now: monotonic(), keys: Object.fromEntries([...this.#tallies].map(([key, tally]) => [key, seen(tally)])) },
      ...{ synchronous: this.#synchronous, asynchronous: this.#asynchronous },
    };
  }
}

function seen(tally: Tally): SeenKey {
  return { ...tally, acceptedByAllAt: tally.lastAcceptedAt };
}

function note(tally: Tally, began: number, code: string): void {
  tally.codes[code] = (tally.codes[code] ?? 0) + 1;
  if (code !== "VALID") return;
  tally.accepted += 1;
  tally.lastAcceptedAt = Math.max(tally.lastAcceptedAt ?? 0, began);
}
