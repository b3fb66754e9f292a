import { ClavigerError, type Party } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { findMember } from "../accounts/index.ts";
import { type Authority, areInOneHand, type Key } from "../keys/index.ts";
import type { Approval } from "./approval.ts";

export interface Decision {
  readonly authority: Authority;
  readonly id: string;
  readonly comment?: string | undefined;
  /** The member of the account who decides; without one the platform does. */
  readonly by?: string | undefined;
}

/** A decided request, and the key as it is now. */
export interface Decided {
  readonly approval: Approval;
  readonly key: Key;
}

const STAFF = "claviger:approvals:staff";
const DECIDING_ROLES: ReadonlySet<string> = new Set(["owner", "admin"]);

/** Who decides, as core is told. Throws INSUFFICIENT_SCOPE, and VALIDATION_FAILED for who is no active owner or admin of the account. */
export async function deciderOf(
  tx: Tx,
  approval: Approval,
  { authority, by }: Decision,
): Promise<{ readonly by: Party; readonly made: boolean }> {
  const made = await areInOneHand(tx, authority.keyId, approval.asker.key);
  if (by === undefined) {
    if (!authority.scopes.has(STAFF)) throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: STAFF } });
    return { by: { key: authority.keyId, member: null }, made };
  }
  const member = await findMember(tx, approval.account, by, "share");
  if (member !== null && member.status === "active" && DECIDING_ROLES.has(member.role)) {
    return { by: { key: authority.keyId, member: member.id }, made };
  }
  const message = "is no active owner or admin of the account";
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "by", message }] });
}
