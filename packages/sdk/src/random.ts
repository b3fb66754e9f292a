/** The one place of this package that draws randomness; everything else is handed one. */
export interface Random {
  /** At least 0, less than 1. Good enough to spread retries, and for nothing else. */
  fraction(): number;
}

export const systemRandom: Random = Object.freeze({ fraction: () => Math.random() });
