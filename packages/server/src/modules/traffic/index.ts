/**
 * Traffic: when each version of a key was first and last accepted and last refused, and how often, by day.
 *
 * Invariants: verification never waits for this; uses are counted where keys are held in memory and added in batches, in the order of key
 * ids so that two nodes never wait for each other in a circle. What could not be written is kept. A crash loses what was
 * counted since the last flush.
 */
export { createUseFlush, type UseSource } from "./flush-uses.ts";
export { addMergedUses, writeUses } from "./write-uses.ts";
