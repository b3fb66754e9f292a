import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import type { Unit } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import type { Ids } from "../../kernel/ids.ts";
import { type AskApproval, auditedFields, type WaitingAct } from "../keys/index.ts";
import { type Approval, type ApprovalChange, MOST_OPEN, WAIT_MS } from "./approval.ts";
import { countOpen, findOpenOf, insertApproval } from "./approvals.store.ts";
import { showApproval } from "./show-approval.ts";

/**
 * Makes what lets an act on keys wait for somebody's approval, within the unit of that act. Throws STATE_CONFLICT where a request for the key
 * waits already, or too many of the account.
 */
export function createAskApproval(ids: Ids): AskApproval {
  return async (unit, authority, act) => {
    const { key } = act;
    await demandFree(unit, unit.tx, act);
    const approval: Approval = {
      ...{ id: ids.make("apr"), account: key.account, kind: act.kind, key: key.id, label: key.label },
      ...{ environment: key.environment ?? "", approver: act.approver, phase: "requested" },
      ...{ input: act.input as Approval["input"], change: changeOf(act) },
      ...{ asker: { key: authority.keyId, member: act.member }, createdAt: unit.now },
      dueAt: new Date(unit.now.getTime() + WAIT_MS),
      ...{ decidedBy: null, decidedAt: null, comment: null, endedAt: null },
    };
    await insertApproval(unit.tx, approval);
    unit.audits({
      ...{ action: "approval.requested", account: key.account, target: { type: "approval", id: approval.id } },
      before: approval.change.before,
      after: { ...approval.change.after, key: key.id, kind: act.kind, approver: act.approver, requestedBy: act.member },
    });
    unit.emits({
      type: "approval.requested",
      account: key.account,
      payload: { approval: approval.id, key: key.id, kind: act.kind, approver: act.approver },
    });
    return showApproval(approval, unit.now.getTime());
  };
}

async function demandFree(unit: Unit, tx: Tx, { kind, key }: WaitingAct): Promise<void> {
  const open = kind === "create" ? null : await findOpenOf(tx, key.id, kind, unit.now);
  if (open !== null) {
    throw new ClavigerError("STATE_CONFLICT", {
      publicDetail: `${kind === "update" ? "A change" : "A rotation"} of this key waits for approval already: ${open}.`,
    });
  }
  if ((await countOpen(tx, key.account)) < MOST_OPEN) return;
  throw new ClavigerError("STATE_CONFLICT", {
    publicDetail: `${MOST_OPEN} requests of the account wait already; decide or cancel some.`,
  });
}

/** What would be otherwise than it is; of a new key everything that is said of it. The next version has no number yet. */
function changeOf({ kind, before, key, input }: WaitingAct): ApprovalChange {
  if (kind === "rotate") {
    const { overlapHours, graceStarts } = input as { readonly overlapHours?: number; readonly graceStarts?: string };
    return { before: { version: key.version }, after: { overlapHours, graceStarts } };
  }
  if (before === null) {
    const { preview, version, createdBy, ...said } = auditedFields(key);
    return { before: {}, after: said };
  }
  const difference = changed(auditedFields(before), auditedFields(key));
  return { before: difference?.before ?? {}, after: difference?.after ?? {} };
}
