import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { PLATFORM_EXTERNAL_ID } from "../../kernel/reference.ts";
import { findAccount, findMember } from "../accounts/index.ts";
import { type NewOwner, ownerOf } from "../keys/index.ts";
import { deletePolicy, findPolicy, savePolicy } from "./offboarding.store.ts";
import { BUILT_IN, type LeftKeys, type OffboardingPolicy, type ResolvedPolicy } from "./offboarding.ts";
import type { OffboardingPorts } from "./ports.ts";

/** `keys: null` takes away what an account says for itself. */
export interface PolicyInput {
  readonly keys: LeftKeys | null;
  readonly to?: string | undefined;
}

/** What holds for an account; null: for the platform. */
export async function readPolicy(tx: Tx, account: string | null): Promise<ResolvedPolicy> {
  const own = account === null ? null : await findPolicy(tx, account);
  if (own !== null) return { ...own, setBy: "account" };
  const platform = await findPolicy(tx, await reservedAccount(tx));
  return platform === null ? { ...BUILT_IN, setBy: "built-in", updatedAt: null } : { ...platform, setBy: "platform" };
}

/** The account that management keys live in; its policy is that of the platform. */
async function reservedAccount(tx: Tx): Promise<string> {
  const account = await findAccount(tx, PLATFORM_EXTERNAL_ID);
  if (account === null) throw new TypeError("there is no account for management keys");
  return account.id;
}

/** By our id or the caller's; the reserved account has no members. Throws NOT_FOUND. */
export async function requireCustomer(tx: Tx, reference: string): Promise<string> {
  const account = await findAccount(tx, reference);
  if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
  return account.id;
}

/** `reference` null: the platform's. Throws NOT_FOUND, and VALIDATION_FAILED for a target that cannot take keys. */
export function putOffboardingPolicy(
  ports: Pick<OffboardingPorts, "act">,
  acting: Acting<ResolvedPolicy>,
  reference: string | null,
  input: PolicyInput,
): Promise<Done<ResolvedPolicy>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const account = reference === null ? null : await requireCustomer(unit.tx, reference);
    const before = await readPolicy(unit.tx, account);
    const holder = account ?? (await reservedAccount(unit.tx));
    if (input.keys === null) await deletePolicy(unit.tx, holder);
    else {
      const to = input.to === undefined ? null : await targetOf(unit.tx, account, input.to);
      await savePolicy(unit.tx, holder, { keys: input.keys, to }, unit.now);
    }
    const after = await readPolicy(unit.tx, account);
    unit.audits({
      ...{ action: "offboarding-policy.updated", account },
      target: account === null ? { type: "platform", id: "offboarding" } : { type: "account", id: account },
      ...{ before: auditedPolicy(before), after: auditedPolicy(after) },
    });
    return after;
  });
}

export const auditedPolicy = ({ keys, to }: OffboardingPolicy) => ({ keys, to: to === null ? null : ownerOf(to) });

/** Whom keys go to: an active member of the account, or a team. Throws VALIDATION_FAILED. */
export async function targetOf(tx: Tx, account: string | null, to: string): Promise<NewOwner> {
  if (to.startsWith("team:")) return { ownerMember: null, ownerTeam: to.slice("team:".length) };
  const member = account === null ? null : await findMember(tx, account, to, "share");
  if (member?.status === "active") return { ownerMember: member.id, ownerTeam: null };
  const message =
    account === null
      ? "must be a team: members are of one account"
      : member === null
        ? "the account has no such member"
        : "the member is deactivated";
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "to", message }] });
}
