import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { requireAnyKey } from "../keys/index.ts";
import { type Decided, type Decision, deciderOf } from "./decide-approval.ts";
import type { ApprovalPorts } from "./ports.ts";
import { endRequestedKey, holdApproval, stepAndSave } from "./step-approval.ts";

/** Denies a request, for good. Throws NOT_FOUND, INSUFFICIENT_SCOPE, VALIDATION_FAILED, APPROVAL_FORBIDDEN, STATE_CONFLICT. */
export function denyApproval(
  ports: ApprovalPorts,
  acting: Acting<Decided>,
  decision: Decision,
): Promise<Done<Decided>> {
  return ports.keys.act(acting, PLATFORM, async (unit) => {
    const before = await holdApproval(unit.tx, decision.id);
    const decider = await deciderOf(unit.tx, before, decision);
    const comment = decision.comment ?? null;
    const approval = await stepAndSave(
      unit,
      before,
      { type: "deny", ...decider, keepMs: 0 },
      { decidedBy: decider.by, decidedAt: unit.now, comment },
    );
    await endRequestedKey(unit, approval, "The request was denied.");
    unit.audits({
      ...{ action: "approval.denied", account: approval.account, target: { type: "approval", id: approval.id } },
      ...{ before: { status: before.phase }, after: { status: approval.phase, key: approval.key, comment } },
    });
    unit.emits({
      type: "approval.denied",
      account: approval.account,
      payload: { approval: approval.id, key: approval.key, kind: approval.kind },
    });
    return { approval, key: await requireAnyKey(unit.tx, approval.key, decision.authority) };
  });
}
