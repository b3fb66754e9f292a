import type { BoundsChanges } from "@claviger/testkit";

/** What is gone through, all interleavings of it. */
export interface CheckedScene {
  readonly name: string;
  readonly bounds: BoundsChanges;
  /** States there are at least: fewer mean that something does not happen any more. */
  readonly states: number;
}

/** Two nodes that verify the key themselves, without verifiers. */
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

/** The same as in `ONE_BY_ONE`, for minutes. */
export const ONE_BY_ONE_SLOWLY: readonly CheckedScene[] = [
  {
    name: "nothing fails",
    bounds: { prompt: true, stepwise: { renewals: [0], acts: [0], reads: [0] } },
    states: 650_000,
  },
];

const PAIR_OF_NODES: BoundsChanges = { nodes: [1.1, 0.9], prompt: true };
/** The first node is asked to act, and the other one lends. */
const OTHER_LENDS: BoundsChanges = { ...PAIR_OF_NODES, homes: [1], progress: false };
const OTHER_FAILS: BoundsChanges = { ...OTHER_LENDS, failing: { nodes: [1], verifiers: null } };

/** With a fault the verifier stays with one of the nodes; without, it goes from one to the other as it likes. */
export const TWO_BY_ONE: readonly CheckedScene[] = [
  { name: "nothing fails", bounds: PAIR_OF_NODES, states: 1_700_000 },
  { name: "a connection breaks", bounds: { ...OTHER_LENDS, faults: { breaks: 1 } }, states: 1_000_000 },
  { name: "the verifier is killed", bounds: { ...OTHER_LENDS, faults: { verifierKills: 1 } }, states: 750_000 },
  { name: "the node that lends is killed", bounds: { ...OTHER_FAILS, faults: { nodeKills: 1 } }, states: 950_000 },
  {
    name: "a request of that node to the database is lost",
    bounds: { ...OTHER_FAILS, faults: { losses: 1 } },
    states: 2_900_000,
  },
  { name: "either node stops in good order", bounds: { ...OTHER_LENDS, faults: { leaves: 1 } }, states: 2_200_000 },
];

const PAIR_OF_VERIFIERS: BoundsChanges = { verifiers: [0.9, 0.9], prompt: true };
/** Which of the two fails makes no difference: they are the same. */
const ONE_FAILS: BoundsChanges = { ...PAIR_OF_VERIFIERS, progress: false, failing: { nodes: null, verifiers: [0] } };

export const ONE_BY_TWO: readonly CheckedScene[] = [
  { name: "nothing fails", bounds: PAIR_OF_VERIFIERS, states: 700_000 },
  { name: "a connection breaks", bounds: { ...ONE_FAILS, faults: { breaks: 1 } }, states: 2_800_000 },
  { name: "a verifier is killed", bounds: { ...ONE_FAILS, faults: { verifierKills: 1 } }, states: 1_850_000 },
];

const NODES_OF_THREE: BoundsChanges = { ...TWO_NODES, nodes: [1.1, 0.9, 0.9] };

export const MORE_NODES_ALONE: readonly CheckedScene[] = [
  {
    name: "two, taken away, given back and taken away",
    bounds: { ...TWO_NODES, acts: ["take", "give", "take"] },
    states: 180_000,
  },
  { name: "three nodes, nothing fails", bounds: NODES_OF_THREE, states: 240_000 },
  {
    name: "two, one killed and a request lost",
    bounds: { ...TWO_NODES, faults: { nodeKills: 1, losses: 1 } },
    states: 370_000,
  },
  {
    name: "two, renewals and acts step by step",
    bounds: { ...TWO_NODES, stepwise: { renewals: [0, 1], acts: [0] } },
    states: 260_000,
  },
];

/** Together these take every move that there is. */
export const SAMPLES: readonly BoundsChanges[] = [
  { lines: 2, faults: { breaks: 1, verifierKills: 1, closes: 1 } },
  { faults: { nodeKills: 1, leaves: 1, losses: 1 }, stepwise: { renewals: [0], acts: [0], reads: [0] } },
  { verifiers: [1.1, 0.9], prompt: true, acts: ["other", "take"], patience: true },
  { ticksInTerm: 3, renewals: 2, acts: ["take", "give"], patience: true },
  { ...TWO_NODES, ringKept: 1, logKept: 1, acts: ["take", "other"], stepwise: { renewals: [1], reads: [0] } },
];
