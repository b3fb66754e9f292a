import { type Inheritance, type SpentGroup, spentOf } from "@claviger/core";

/** One counter of a holder that is gone. */
export interface CounterEstate {
  readonly counter: string;
  readonly windowMs: number;
  readonly share: number;
  readonly ceiling: number;
  readonly journal: readonly SpentGroup[];
  /** Milliseconds by the holder's clock from the journal to the last moment at which it may have spent. */
  readonly afterMs: number;
}

/** What all of them leave, one for each counter. */
export function inheritancesOf(estates: readonly CounterEstate[]): Inheritance[] {
  const inherited = new Map<string, Inheritance>();
  for (const estate of estates) {
    const { counter, windowMs, ceiling } = estate;
    if (estate.share === 0) continue;
    const known = inherited.get(counter);
    inherited.set(counter, {
      ...{ counter, windowMs },
      ceiling: Math.min(known?.ceiling ?? ceiling, ceiling),
      spent: [...(known?.spent ?? []), ...spentOf(estate)],
    });
  }
  return [...inherited.values()];
}
