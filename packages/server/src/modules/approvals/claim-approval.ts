import { ClavigerError, type Secret } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { findAccount } from "../accounts/index.ts";
import {
  type Authority,
  type CreateKeyInput,
  type HandedOver,
  type HandOverWanted,
  handOverFor,
  issueRequested,
  requireAnyKey,
} from "../keys/index.ts";
import { findApproval } from "./approvals.store.ts";
import type { Decided } from "./decide-approval.ts";
import type { ApprovalPorts } from "./ports.ts";
import { holdApproval, stepAndSave } from "./step-approval.ts";

/** A request whose key is issued. The secret is in this answer and nowhere else. */
export interface Claimed extends Decided, HandedOver {
  readonly secret: Secret;
}

/**
 * Issues the key of an approved request to the management key that asked for it, once. Its expiry counts from now, and it passes every check of
 * a new key again. Throws NOT_FOUND, APPROVAL_FORBIDDEN, STATE_CONFLICT, and what `createKey` throws: then it may be claimed later.
 */
export async function claimApproval(
  ports: ApprovalPorts,
  acting: Acting<Claimed>,
  authority: Authority,
  id: string,
  wanted: HandOverWanted,
): Promise<Done<Claimed>> {
  const handOver = await handOverFor(ports.keys, wanted);
  const asked = await ports.database.transaction(PLATFORM, (tx) => findApproval(tx, id));
  const seal = asked === null ? null : ((await ports.keys.sealer?.forKey(asked.key)) ?? null);
  return ports.keys.act(acting, PLATFORM, async (unit) => {
    const before = await holdApproval(unit.tx, id);
    const approval = await stepAndSave(unit, before, { type: "claim", by: { key: authority.keyId, member: null } });
    const account = await findAccount(unit.tx, approval.account, "update");
    const requested = await requireAnyKey(unit.tx, approval.key, authority, true);
    if (account === null || requested.kind !== "requested" || requested.state !== "active") {
      throw new ClavigerError("STATE_CONFLICT");
    }
    const input = approval.input as CreateKeyInput;
    const { key, secret } = await issueRequested(ports.keys, unit, account, authority, requested, input, seal);
    unit.audits({
      ...{ action: "approval.claimed", account: approval.account, target: { type: "approval", id } },
      ...{ before: { status: before.phase }, after: { status: approval.phase, key: key.id } },
    });
    const handed = await handOver(unit, acting.actor, { key, version: key.version, secret });
    return { approval, key, secret, ...handed };
  });
}
