import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Authority, requireAnyKey } from "../keys/index.ts";
import type { Decided } from "./decide-approval.ts";
import type { ApprovalPorts } from "./ports.ts";
import { endRequestedKey, holdApproval, stepAndSave } from "./step-approval.ts";

/** Takes a request back, by the management key that asked. Throws NOT_FOUND, APPROVAL_FORBIDDEN, STATE_CONFLICT. */
export function cancelApproval(
  ports: ApprovalPorts,
  acting: Acting<Decided>,
  authority: Authority,
  id: string,
): Promise<Done<Decided>> {
  return ports.keys.act(acting, PLATFORM, async (unit) => {
    const before = await holdApproval(unit.tx, id);
    const approval = await stepAndSave(unit, before, { type: "cancel", by: { key: authority.keyId, member: null } });
    await endRequestedKey(unit, approval, "The request was cancelled.");
    unit.audits({
      ...{ action: "approval.cancelled", account: approval.account, target: { type: "approval", id } },
      ...{ before: { status: before.phase }, after: { status: approval.phase, key: approval.key } },
    });
    return { approval, key: await requireAnyKey(unit.tx, approval.key, authority) };
  });
}
