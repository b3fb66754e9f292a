import type { Acting, Unit } from "../../kernel/act.ts";
import { findMember, type Member } from "../accounts/index.ts";
import { MOST_KEYS_OF_ACT, startBulkAct } from "../bulk-acts/index.ts";
import { type ManyKeysAct, type NewOwner, selectMadeForOthers, selectOwned } from "../keys/index.ts";
import { insertOffboarding } from "./offboarding.store.ts";
import type { LeftKeys, Offboarding, OffboardingPolicy } from "./offboarding.ts";
import type { OffboardingPorts } from "./ports.ts";
import { auditedPolicy } from "./put-offboarding-policy.ts";

const LEFT = "its owner has left";

/**
 * Freezes the keys of a member who leaves, in the unit that deactivates them: their row is held, so that no key is made or given to them
 * beside it. What is to be done to the keys is an act on many keys, which whoever began it goes on with, or any node.
 */
export async function beginOffboarding(
  ports: Pick<OffboardingPorts, "ids">,
  unit: Unit,
  acting: Pick<Acting<unknown>, "actor" | "source">,
  member: Member,
  { keys: wanted, to: target, reason = LEFT }: OffboardingPolicy & { readonly reason?: string | undefined },
): Promise<Offboarding> {
  const { tx } = unit;
  const owned = await selectOwned(tx, member.id, MOST_KEYS_OF_ACT);
  const made = await selectMadeForOthers(tx, member.id, MOST_KEYS_OF_ACT);
  const to = wanted === "hand-over" ? await stillThere(unit, member, target) : null;
  // Keys that nobody can take are not left to work for somebody who is gone.
  const keys = wanted === "hand-over" && to === null ? "suspend" : wanted;
  const act = actOf(keys, to, member.id, reason);
  const selection = { account: member.account, member: member.id };
  const bulk =
    act === null || owned.length === 0 ? null : await startBulkAct(ports, unit, acting, act, selection, owned);
  const left: Offboarding = {
    ...{ account: member.account, member: member.id, startedAt: unit.now, keys, to },
    ...{ owned: owned.length, made: made.length, bulkAct: bulk?.id ?? null },
  };
  await insertOffboarding(tx, left);
  unit.audits({
    ...{ action: "member.offboarded", account: member.account, target: { type: "member", id: member.id } },
    after: { status: member.status, ...auditedPolicy(left), owned: left.owned, made: left.made, bulkAct: left.bulkAct },
  });
  unit.emits({
    type: "member.offboarded",
    account: member.account,
    payload: { member: member.id, keys, owned: left.owned, made: left.made, bulkAct: left.bulkAct },
  });
  return left;
}

async function stillThere({ tx }: Unit, leaving: Member, target: NewOwner | null): Promise<NewOwner | null> {
  if (target === null || target.ownerMember === null) return target;
  if (target.ownerMember === leaving.id) return null;
  const member = await findMember(tx, leaving.account, target.ownerMember, "share");
  return member?.status === "active" ? target : null;
}

/** Null where the keys are kept. */
function actOf(keys: LeftKeys, to: NewOwner | null, from: string, reason: string): ManyKeysAct | null {
  if (keys === "revoke") return { kind: "revoke", reason: "offboarding", comment: reason, from };
  if (keys === "suspend") return { kind: "suspend", reason, from };
  return to === null ? null : { kind: "hand-over", reason, from, to };
}
