/**
 * What people are told by mail, each kind or not at all as they like:
 *   expiry    keys that will end by themselves, by their time or because nobody uses them: who made or owns one, and the account's admins
 *   ended     keys that were revoked, suspended or throttled: who made or owns one, or the admins where that is nobody
 *   rotation  keys that have a new version: likewise, and members who were registered as dependants
 *   reveal    keys whose secret was shown again: who made or owns one, and the account's admins
 *   approval  requests that wait for the account: its admins; what became of one: who made or owns the key
 *   budget    budgets that are spent by so much: the admins
 */
export const NOTICE_KINDS = ["expiry", "ended", "rotation", "reveal", "approval", "budget"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Events that people are told. */
export const KIND_OF_EVENT: Readonly<Record<string, NoticeKind>> = {
  "key.dormant": "expiry",
  "key.revoked": "ended",
  "key.suspended": "ended",
  "key.throttled": "ended",
  "rotation.started": "rotation",
  "key.revealed": "reveal",
  "approval.requested": "approval",
  "approval.approved": "approval",
  "approval.denied": "approval",
  "approval.expired": "approval",
  "budget.crossed": "budget",
};
