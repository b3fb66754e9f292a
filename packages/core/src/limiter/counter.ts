import type { Moment } from "../coherence/moment.ts";
import type { LimitState } from "../limits/limit-state.ts";
import type { AppliedLimit } from "../limits/resolve-limits.ts";

/**
 * What a counter says to a cost: it is there; the store must be asked; it is not there, nor would the store have it; the
 * store may have it and cannot give it yet.
 */
export const OK = 0;
export const ASK = 1;
export const REFUSE = 2;
export const BLOCKED = 3;
export type Test = typeof OK | typeof ASK | typeof REFUSE | typeof BLOCKED;

/** What one counter has left in this process, and what it wants of the store. */
export interface CounterBase {
  readonly id: string;
  readonly perSource: string | null;
  /** Changes nothing that counts. */
  test(limit: AppliedLimit, cost: number, now: Moment): Test;
  /** Spends what `test` found there, in the same synchronous block; true where more should be fetched before it runs out. */
  spend(cost: number, now: Moment): boolean;
  /** Notes that the store is to be asked for this much. */
  want(limit: AppliedLimit, cost: number, now: Moment): void;
  /** Notes that more should be there than now. */
  wantMore(): void;
  /** Milliseconds until a refused cost may be there, at the earliest; null: never. */
  retryIn(limit: AppliedLimit, cost: number, now: Moment): number | null;
  state(limit: AppliedLimit, now: Moment): LimitState;
  /** What is to be done with it, some time after: nothing, tell the store, forget it. */
  sweep(now: Moment): "keep" | "settle" | "drop";
  /** Prepares the last exchange: gives back what is not spent. */
  close(): void;
}
