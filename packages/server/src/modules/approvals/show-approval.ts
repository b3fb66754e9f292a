import { phaseAt } from "@claviger/core";
import type { Approval } from "./approval.ts";

/** How a request is shown. `now` is in milliseconds since the epoch. */
export function showApproval(approval: Approval, now: number) {
  const { id, kind, key, account, environment, label, approver, change, asker, decidedBy, comment } = approval;
  return {
    ...{ id, kind, key, account, environment, label, approver },
    status: phaseAt({ phase: approval.phase, dueAt: approval.dueAt.getTime() }, now),
    ...{ before: change.before, after: change.after, requestedBy: asker, decidedBy, comment },
    createdAt: approval.createdAt.toISOString(),
    dueAt: approval.dueAt.toISOString(),
    decidedAt: approval.decidedAt?.toISOString() ?? null,
    endedAt: approval.endedAt?.toISOString() ?? null,
  };
}
