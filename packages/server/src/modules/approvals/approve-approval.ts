import { isDeepStrictEqual } from "node:util";
import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { auditedFields, changeKey, type Key, type KeyDescription, requireAnyKey } from "../keys/index.ts";
import { type Approval, WAIT_MS } from "./approval.ts";
import { type Decided, type Decision, deciderOf } from "./decide-approval.ts";
import type { ApprovalPorts } from "./ports.ts";
import { holdApproval, stepAndSave } from "./step-approval.ts";

/**
 * Approves a request. A change is made now, after every check that changes pass, and in force everywhere when this returns; a new key gets its
 * secret once who asked for it claims it, and so does the next version of one. Throws NOT_FOUND, INSUFFICIENT_SCOPE, VALIDATION_FAILED, APPROVAL_FORBIDDEN, STATE_CONFLICT, and
 * what `updateKey` throws: then the request waits on.
 */
export function approveApproval(
  ports: ApprovalPorts,
  acting: Acting<Decided>,
  decision: Decision,
): Promise<Done<Decided>> {
  return ports.keys.act(acting, PLATFORM, async (unit) => {
    const before = await holdApproval(unit.tx, decision.id);
    const decider = await deciderOf(unit.tx, before, decision);
    const approval = await stepAndSave(
      unit,
      before,
      { type: "approve", ...decider, keepMs: WAIT_MS },
      { decidedBy: decider.by, decidedAt: unit.now, comment: decision.comment ?? null },
    );
    const { authority } = decision;
    let key: Key = await requireAnyKey(unit.tx, approval.key, authority, true);
    if (approval.kind === "update") {
      demandUnchanged(approval, key);
      key = await changeKey(unit, authority, approval.key, approval.input as KeyDescription);
    } else demandMayBecome(approval, key);
    unit.audits({
      ...{ action: "approval.approved", account: approval.account, target: { type: "approval", id: approval.id } },
      ...{ before: { status: before.phase }, after: { status: approval.phase, key: key.id } },
    });
    unit.emits({
      type: "approval.approved",
      account: approval.account,
      payload: { approval: approval.id, key: key.id, kind: approval.kind },
    });
    return { approval, key };
  });
}

/** Throws STATE_CONFLICT where there is nothing left that could be claimed. */
function demandMayBecome({ kind }: Approval, { kind: now, state }: Key): void {
  const may = kind === "create" ? now === "requested" && state === "active" : state !== "revoked";
  if (!may) throw new ClavigerError("STATE_CONFLICT");
}

/** What is approved is the change that was shown. Throws STATE_CONFLICT. */
function demandUnchanged({ change: { before } }: Approval, key: Key): void {
  const now: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(auditedFields(key)));
  if (Object.keys(before).every((field) => isDeepStrictEqual(now[field], before[field]))) return;
  throw new ClavigerError("STATE_CONFLICT", {
    publicDetail: "The key was changed since this was asked for: cancel the request and ask again.",
  });
}
