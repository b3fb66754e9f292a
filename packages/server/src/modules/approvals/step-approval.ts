import { type ApprovalEvent, type ApprovalRefusal, ClavigerError, isOpenApproval, stepApproval } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import type { Unit } from "../../kernel/act.ts";
import { type Key, keySubject, requireAnyKey, saveKey } from "../keys/index.ts";
import type { Approval } from "./approval.ts";
import { findApproval, saveApproval } from "./approvals.store.ts";

/** The request, held until the transaction ends. Throws NOT_FOUND. */
export async function holdApproval(tx: Tx, id: string): Promise<Approval> {
  const approval = await findApproval(tx, id, true);
  if (approval === null) throw new ClavigerError("NOT_FOUND");
  return approval;
}

/** The request after an event, written down. Throws APPROVAL_FORBIDDEN and STATE_CONFLICT for what must not happen to it. */
export async function stepAndSave(
  unit: Unit,
  before: Approval,
  event: ApprovalEvent,
  changes: Partial<Pick<Approval, "decidedBy" | "decidedAt" | "comment">> = {},
): Promise<Approval> {
  const now = unit.now.getTime();
  const { state, refused } = stepApproval({ ...before, dueAt: before.dueAt.getTime() }, event, now);
  if (refused !== null) throw refusal(refused);
  const after: Approval = {
    ...{ ...before, ...changes, phase: state.phase, dueAt: new Date(state.dueAt) },
    endedAt: isOpenApproval(state) ? null : unit.now,
  };
  await saveApproval(unit.tx, after);
  return after;
}

const MESSAGES: Readonly<Record<ApprovalRefusal, string>> = {
  "own-request":
    "Somebody else must decide: another member of the account, or the platform by a key that the asking one has not made.",
  "staff-only": "The policy asks for the platform's decision.",
  "not-asker": "Only the management key that asked may do this.",
  "not-approved": "The request is not approved yet.",
  "nothing-to-claim": "A change is made when it is approved; there is nothing to claim.",
  over: "The request is decided, cancelled, claimed, or its time is over.",
};

function refusal(why: ApprovalRefusal): ClavigerError {
  const forbidden = why === "own-request" || why === "staff-only" || why === "not-asker";
  return new ClavigerError(forbidden ? "APPROVAL_FORBIDDEN" : "STATE_CONFLICT", { publicDetail: MESSAGES[why] });
}

const EVERYTHING = { scopes: new Set<string>() };

/** The key that was asked for and will not be is over for good; one that was to be changed stays as it is. */
export async function endRequestedKey(unit: Unit, { kind, key: id }: Approval, comment: string): Promise<void> {
  if (kind !== "create") return;
  const key = await requireAnyKey(unit.tx, id, EVERYTHING, true);
  const ended: Key = {
    ...{ ...key, state: "revoked", stateReason: "other", stateComment: comment },
    ...{ stateAt: unit.now, updatedAt: unit.now },
  };
  await saveKey(unit.tx, ended);
  unit.widens(keySubject(id));
}
