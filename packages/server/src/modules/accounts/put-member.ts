import { ClavigerError } from "@claviger/core";
import { isUniqueViolation, PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { parseReference } from "../../kernel/reference.ts";
import { type Member, memberSubject } from "./account.ts";
import { findMember, insertMember, updateMember } from "./accounts.store.ts";
import type { AccountsPorts, Left } from "./ports.ts";
import { requireAccount } from "./put-account.ts";

export type PutMemberInput = Pick<Member, "email" | "name" | "role" | "status">;

export interface PutMember {
  readonly member: Member;
  readonly created: boolean;
  /** What was begun for their keys, where they are deactivated. */
  readonly left: Left | null;
}

/** Creates a member under the caller's own id, or replaces what is known of them. Throws NOT_FOUND for the account or an id of ours. */
export async function putMember(
  ports: AccountsPorts,
  acting: Acting<PutMember>,
  account: string,
  reference: string,
  input: PutMemberInput,
): Promise<Done<PutMember>> {
  const attempt = () =>
    ports.act(acting, PLATFORM, async (unit) => {
      const owner = await requireAccount(unit.tx, account, "share");
      const existing = await findMember(unit.tx, owner.id, reference, "update");
      if (existing !== null) return replaceMember(ports, unit, acting, existing, input);
      return { member: await create(ports, unit, owner.id, reference, input), created: true, left: null };
    });
  try {
    return await attempt();
  } catch (error) {
    if (isUniqueViolation(error)) return attempt();
    throw error;
  }
}

async function create(
  ports: AccountsPorts,
  unit: Unit,
  account: string,
  reference: string,
  input: PutMemberInput,
): Promise<Member> {
  const named = parseReference(reference);
  if (named.by === "id") throw new ClavigerError("NOT_FOUND");
  return addMember(ports, unit, account, named.externalId, input);
}

/** A new member; `externalId` is the platform's own id of them, where it has one. Throws pg's unique violation. */
export async function addMember(
  { ids }: Pick<AccountsPorts, "ids">,
  unit: Unit,
  account: string,
  externalId: string | null,
  input: PutMemberInput,
): Promise<Member> {
  const id = ids.make("mem");
  const member: Member = {
    id,
    account,
    externalId,
    ...input,
    createdAt: unit.now,
    updatedAt: unit.now,
  };
  await insertMember(unit.tx, member);
  unit.audits({ action: "member.created", account, target: { type: "member", id }, after: { ...input } });
  unit.widens(memberSubject(id));
  return member;
}

/** Replaces what is known of a member, who is held; where it deactivates them, with what that brings for their keys. */
export async function replaceMember(
  ports: AccountsPorts,
  unit: Unit,
  acting: Pick<Acting<unknown>, "actor" | "source">,
  existing: Member,
  input: PutMemberInput,
): Promise<PutMember> {
  const member = await replace(unit, existing, input);
  const leaves = existing.status === "active";
  const left =
    member.status === "deactivated" ? ((await ports.leaving?.begin(unit, acting, member, leaves)) ?? null) : null;
  return { member, created: false, left };
}

/** active → deactivated, of a member who is held. What is told of it is the event of whoever does it. */
export async function deactivateMember(unit: Unit, existing: Member): Promise<Member> {
  const after: Member = { ...existing, status: "deactivated", updatedAt: unit.now };
  await updateMember(unit.tx, after);
  unit.narrows(memberSubject(existing.id));
  return after;
}

async function replace(unit: Unit, existing: Member, input: PutMemberInput): Promise<Member> {
  const after: Member = { ...existing, ...input, updatedAt: unit.now };
  await updateMember(unit.tx, after);
  const difference = changed(shown(existing), shown(after));
  unit.audits({
    action: "member.updated",
    account: existing.account,
    target: { type: "member", id: existing.id },
    before: difference?.before ?? {},
    after: difference?.after ?? {},
  });
  const lessens = existing.status !== after.status || existing.role !== after.role;
  if (lessens) unit.narrows(memberSubject(existing.id));
  else unit.widens(memberSubject(existing.id));
  return after;
}

const shown = ({ email, name, role, status }: Member): PutMemberInput => ({ email, name, role, status });
