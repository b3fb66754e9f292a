/**
 * Off-boarding: what becomes of the keys of a member who leaves (E5).
 *
 * Nouns: a policy of the platform or of an account; each time that a member left, with what was done to the keys that they owned, and how many
 * they had made for others, which are told and not touched.
 * Invariants: the keys are frozen in the unit that deactivates the member, whose row is held, so that none is made beside it; they are acted on
 * as one act on many keys, which any node goes on with; a key that is somebody else's by then is left alone.
 * Events out: member.offboarded, and what acts on many keys tell.
 */
export { createLeaving } from "./leaving.ts";
export { offboardingRoutes } from "./offboarding.api.ts";
