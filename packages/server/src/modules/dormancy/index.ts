/**
 * Dormancy: keys that were used once, and then not for as long as their policy allows, are suspended or revoked after notice, where it says so (D1).
 *
 * Nouns: a notice is of one key (dormancy.ts has its states); a walk goes over all keys.
 * Invariants: nothing ends that was not announced for as long as the policy says; a use, as far as nodes have written, takes a notice back.
 * Events out: key.dormant.
 */
export { eraseDormancy } from "./dormancy.store.ts";
export { watchDormancy } from "./watch-dormancy.ts";
