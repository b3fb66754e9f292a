import type { Bounds, Faults, Stepwise } from "./model.ts";

/** What differs from one node and one verifier whose clocks are as far apart as they may be, and nothing that fails. */
export type BoundsChanges = Partial<Omit<Bounds, "faults" | "stepwise">> & {
  readonly faults?: Partial<Faults>;
  readonly stepwise?: Partial<Record<Stepwise, readonly number[]>>;
};

const NO_FAULTS: Faults = { breaks: 0, nodeKills: 0, verifierKills: 0, closes: 0, leaves: 0, losses: 0 };

/** The verifier's clock is the slow one, so that its leases last the longest, and the key is taken away once. */
export function boundsOf({ faults, stepwise, ...changes }: BoundsChanges): Bounds {
  return {
    ...{
      nodes: [1.1],
      verifiers: [0.9],
      asked: [0],
      homes: null,
      ticksInTerm: 2,
      acts: ["take"],
      ringKept: 10,
      logKept: 10,
    },
    ...{ ownLookUps: false, renewals: 1, lines: 1, progress: false, patience: false, prompt: false },
    failing: { nodes: null, verifiers: null },
    ...changes,
    faults: { ...NO_FAULTS, ...faults },
    stepwise: { renewals: [], acts: [], reads: [], ...stepwise },
  };
}
