/**
 * The audit trail: one event for each management act, written in the transaction of the act, and chained.
 *
 * Nouns: an event has a number without holes, an action from a closed list, who, on what, before and after, from where.
 * Its payload is the exact text that was hashed; columns repeat parts of it for searching. The head names the newest
 * event. The anchor is the newest head kept in a file outside the database.
 * An event whose text was erased keeps its hash, vouched for by a tag under the same key.
 * Invariants: append-only; hash(n) = HMAC(key, hash(n-1), n, payload(n)); an act and its events commit together. Who can
 * write to the database but has no key can not change, remove, add or move an event unseen; who also repairs the head
 * after cutting off the newest events is found by the anchor.
 */

export { type AuditAction, isAuditAction } from "./actions.ts";
export { ANCHOR_FILE, type Anchor, type AnchorKeeper, createAnchorKeeper, readAnchor } from "./anchor.ts";
export { type AppendAudit, type AuditKeys, createAuditWriter } from "./append-audit.ts";
export { auditRoutes } from "./audit.api.ts";
export type { EventFilter, StoredRow as StoredEvent } from "./audit.store.ts";
export type { AuditEvent } from "./audit-event.ts";
export { continuesChain, FIRST_HASH } from "./chain.ts";
export type { Broken, BrokenReason, ChainReport } from "./chain-report.ts";
export { mismatchedColumn } from "./columns.ts";
export { eraseEvents } from "./erase-events.ts";
export { listAuditEvents } from "./queries.ts";
export { type VerifyOptions, verifyChain } from "./verify-chain.ts";
