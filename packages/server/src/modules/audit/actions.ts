/** Everything that can be an audit event. Reading is no act. */
export const AUDIT_ACTIONS = [
  "account.created",
  "account.updated",
  "account.suspended",
  "account.resumed",
  "member.created",
  "member.updated",
  "service.created",
  "service.updated",
  "scope.created",
  "scope.updated",
  "environment.created",
  "environment.updated",
  "plan.created",
  "plan.updated",
  "policy.created",
  "policy.updated",
  "account-policy.updated",
  "environment-policy.updated",
  "key.created",
  "key.updated",
  "key.revoked",
  "key.suspended",
  "key.resumed",
  "key.rotated",
  "rotation.seen",
  "rotation.confirmed",
  "rotation.extended",
  "rotation.cancelled",
  "rotation.finished",
  "key-policy.updated",
  "view.saved",
  "view.deleted",
  "metering.closed",
  "budget.created",
  "budget.updated",
  "budget.deleted",
  "budget.crossed",
  "management-key.imported",
  "management-key.recovered",
  "keyring.extended",
  "keyring.rotated",
  "pepper.applied",
  "master-key.added",
  "master-key.rotated",
  "master-key.abandoned",
  "backup.started",
  "installation.restored",
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const KNOWN: ReadonlySet<string> = new Set(AUDIT_ACTIONS);

export function isAuditAction(text: string): text is AuditAction {
  return KNOWN.has(text);
}
