/**
 * Splits: in the place of one shared key nobody understands, each caller is given one of its own, and the shared one is revoked at zero (K3).
 *
 * Nouns: a split is of one key (split.ts has its states); a caller is somebody who uses that key, found in traffic or named by people.
 * Invariants: nobody is issued a key with scopes that the shared one lacks; that is never revoked by itself while somebody uses it, has not moved, or is not
 * known; what is not written yet of traffic counts as use.
 * Events out: split.started, split.caller_found, split.finished, split.cancelled.
 */
export { splitsRoutes } from "./splits.api.ts";
export { eraseSplits } from "./splits.store.ts";
export { createSplitWatch } from "./watch-splits.ts";
