/**
 * Policies: what keys may and must be, and which policy holds for whom.
 *
 * Nouns: a policy by name; the policy of an account, of an environment, and what is set on a key itself. How they come together is
 * `resolvePolicy` of core. `default` and `management` are there from the start and cannot be taken away.
 * Invariants: management keys are under `management` alone; who makes or changes a key holds policies as they are while it does
 * (`holdPolicies`), so that no key is made under what was replaced before. Verification reads nothing of this.
 * An enforcement carries a policy that became stricter to the keys there are; it is carried out by `keys`, page by page.
 */

export { type PoliciesRoutePorts, policiesRoutes } from "./policies.api.ts";
export {
  findKeyPolicy,
  holdPolicies,
  readLayers,
  readManagementLayers,
  saveKeyPolicy,
} from "./policies.store.ts";
export { type PolicyChange, subjectOfChange } from "./policy.ts";
export type { PoliciesPorts } from "./ports.ts";
export { putAccountPolicy } from "./put-account-policy.ts";
export { putPolicy } from "./put-policy.ts";
export { dormancyActs } from "./queries/dormancy-acts.ts";
export {
  advanceEnforcement,
  countShortened,
  findOpenEnforcement,
  type Grace,
  type OpenEnforcement,
  selectGraces,
  selectGracesSince,
} from "./queries/enforcements.ts";
export { type PolicyBook, readBook } from "./queries/policy-book.ts";
