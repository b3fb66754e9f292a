/** The one place of this package that draws randomness; everything else is handed one. */
export interface Random {
  /** At least 0, less than 1. Good enough to spread retries, and for nothing else. */
  fraction(): number;
  /** From the platform's cryptographic generator: for names that nobody may guess. */
  bytes(count: number): Uint8Array;
}

export const systemRandom: Random = Object.freeze({
  fraction: () => Math.random(),
  bytes: (count: number) => globalThis.crypto.getRandomValues(new Uint8Array(count)),
});
