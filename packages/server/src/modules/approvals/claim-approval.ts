import { ClavigerError, type Secret } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { findAccount } from "../accounts/index.ts";
import {
  type Authority,
  type CreateKeyInput,
  type HandedOver,
  type HandOverWanted,
  handOverFor,
  issueRequested,
  type PreparedSealing,
  requireAnyKey,
} from "../keys/index.ts";
import { type RotateInput, type RotationResult, rotateWithin } from "../rotation/index.ts";
import type { Approval } from "./approval.ts";
import { findApproval } from "./approvals.store.ts";
import type { Decided } from "./decide-approval.ts";
import type { ApprovalPorts } from "./ports.ts";
import { holdApproval, stepAndSave } from "./step-approval.ts";

/** A request that is carried out. The secret is in this answer and nowhere else. */
export interface Claimed extends Decided, HandedOver {
  readonly secret: Secret;
  /** Of an emergency: as its rotation began. */
  readonly rotation: RotationResult | null;
}

/**
 * Carries an approved request out, for the management key that asked for it, once: issues the key, whose expiry counts from now, or its next
 * version in place of every older one, which then is in force everywhere when this returns. Every check is passed again. Throws NOT_FOUND,
 * APPROVAL_FORBIDDEN, STATE_CONFLICT, and what `createKey` or `rotateKey` throws: then it may be claimed later.
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
    const made = await carryOut(ports, unit, acting, authority, approval, seal);
    unit.audits({
      ...{ action: "approval.claimed", account: approval.account, target: { type: "approval", id } },
      ...{ before: { status: before.phase }, after: { status: approval.phase, key: made.key.id } },
    });
    const { key, secret } = made;
    const handed = await handOver(unit, acting.actor, { key, version: key.version, secret });
    return { approval, ...made, ...handed };
  });
}

type Made = Pick<Claimed, "key" | "secret" | "rotation">;

async function carryOut(
  ports: ApprovalPorts,
  unit: Unit,
  acting: Pick<Acting<unknown>, "actor">,
  authority: Authority,
  approval: Approval,
  seal: PreparedSealing | null,
): Promise<Made> {
  if (approval.kind === "rotate") {
    const { version } = await requireAnyKey(unit.tx, approval.key, authority, true);
    if (version !== approval.change.before.version) {
      throw new ClavigerError("STATE_CONFLICT", {
        publicDetail: "The key was rotated since this was asked for: what would end now is not what was approved.",
      });
    }
    const act = { authority, key: approval.key, match: null };
    const rotated = await rotateWithin(ports.rotation, unit, acting, act, approval.input as RotateInput, seal);
    return { key: rotated.key, secret: rotated.secret, rotation: rotated };
  }
  const account = await findAccount(unit.tx, approval.account, "update");
  const requested = await requireAnyKey(unit.tx, approval.key, authority, true);
  if (account === null || requested.kind !== "requested" || requested.state !== "active") {
    throw new ClavigerError("STATE_CONFLICT");
  }
  const input = approval.input as CreateKeyInput;
  const issued = await issueRequested(ports.keys, unit, account, authority, requested, input, seal);
  return { key: issued.key, secret: issued.secret, rotation: null };
}
