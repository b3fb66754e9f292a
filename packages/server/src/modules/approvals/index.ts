/**
 * Approvals: what policy lets nobody do alone (A8). A new key, or a change that lets a key do more, waits until somebody else decides.
 *
 * States: requested, approved, done, denied, cancelled, expired; core's approvals/step.ts says who moves them.
 * Invariants: nobody decides their own request; there is one decision; no secret exists before it is claimed, by who asked; all checks of
 * keys are passed when the request is made and again when it is carried out.
 * Events out: approval.requested, approval.approved, approval.denied, approval.expired.
 */
export { approvalsRoutes } from "./approvals.api.ts";
export { eraseApprovals } from "./approvals.store.ts";
export { createAskApproval } from "./ask-approval.ts";
export { expireApprovals } from "./expire-approvals.ts";
