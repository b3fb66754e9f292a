import type { BoundsChanges } from "@claviger/testkit";

/** What is gone through, all interleavings of it. */
export interface CheckedScene {
  readonly name: string;
  readonly bounds: BoundsChanges;
  /** States there are at least: fewer mean that something does not happen any more. */
  readonly states: number;
}

/** Two nodes that verify the key themselves, without verifiers. Their requests to each other go by way of the database. */
export const TWO_NODES: BoundsChanges = { nodes: [1.1, 0.9], verifiers: [], ownLookUps: true, prompt: true };

/** One node and one verifier; seconds of one core in all. */
export const ONE_BY_ONE: readonly CheckedScene[] = [
  { name: "nothing fails, and the verifier's clock is slow", bounds: {}, states: 8_000 },
  { name: "nothing fails, and the node's clock is slow", bounds: { nodes: [0.9], verifiers: [1.1] }, states: 14_000 },
  { name: "a third of a term at a time", bounds: { ticksInTerm: 3 }, states: 33_000 },
  { name: "two renewals under way", bounds: { renewals: 2 }, states: 59_000 },
  { name: "a connection breaks while another opens", bounds: { lines: 2, faults: { breaks: 1 } }, states: 190_000 },
  { name: "the node is killed", bounds: { faults: { nodeKills: 1 } }, states: 40_000 },
  { name: "the verifier is killed and closed", bounds: { faults: { verifierKills: 1, closes: 1 } }, states: 66_000 },
  { name: "the node stops in good order", bounds: { faults: { leaves: 1 } }, states: 42_000 },
  { name: "a request to the database is lost", bounds: { faults: { losses: 1 } }, states: 100_000 },
  { name: "something else changes before", bounds: { acts: ["other", "take"], patience: true }, states: 100_000 },
  { name: "a ring of one", bounds: { acts: ["take", "other"], ringKept: 1 }, states: 27_000 },
  {
    name: "the node's renewals and acts step by step",
    bounds: { stepwise: { renewals: [0], acts: [0] } },
    states: 82_000,
  },
];

/** Nodes alone; seconds in all. */
export const NODES_ALONE: readonly CheckedScene[] = [
  { name: "nothing fails", bounds: TWO_NODES, states: 2_000 },
  { name: "either may be asked", bounds: { ...TWO_NODES, asked: [0, 1] }, states: 12_000 },
  { name: "one is killed", bounds: { ...TWO_NODES, faults: { nodeKills: 1 } }, states: 16_000 },
  { name: "one stops in good order", bounds: { ...TWO_NODES, faults: { leaves: 1 } }, states: 9_000 },
  {
    name: "the other takes its time",
    bounds: { ...TWO_NODES, stepwise: { renewals: [1], reads: [1] } },
    states: 40_000,
  },
  { name: "a log of one", bounds: { ...TWO_NODES, acts: ["take", "other"], logKept: 1 }, states: 8_000 },
];
