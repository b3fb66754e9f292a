import { systemClock } from "../clock.ts";
import type { RefusedKey, VerifiedKey } from "../verifier/verification.ts";
import type { Verifier } from "../verifier/verifier.ts";

/** A verdict with which a request was let pass, until it is answered. */
export class PassedUse {
  readonly #verifier: Verifier;
  readonly #verdict: VerifiedKey | RefusedKey;
  readonly #since = systemClock.mono();

  constructor(verifier: Verifier, verdict: VerifiedKey | RefusedKey) {
    this.#verifier = verifier;
    this.#verdict = verdict;
  }

  /** The request was answered with this status. */
  ended(status: number): void {
    this.#verifier.answered?.(this.#verdict, status, systemClock.mono() - this.#since);
  }
}

/** Null where the verifier does not want to know. */
export function passedUse(verifier: Verifier, verdict: VerifiedKey | RefusedKey): PassedUse | null {
  return verifier.answered === undefined ? null : new PassedUse(verifier, verdict);
}
