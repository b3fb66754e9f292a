import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { findAccount, findMember, type Hold, type Member } from "../accounts/index.ts";
import { NOTICE_KINDS, type NoticeKind } from "./notice-kind.ts";
import { selectPreferences, writePreferences } from "./queries/preferences.ts";

/** What a member is told by mail. */
export interface MemberNotices {
  readonly member: string;
  readonly told: Readonly<Record<NoticeKind, boolean>>;
}

/** Throws NOT_FOUND for the account, and for the member in it. */
export async function readNotices(tx: Tx, account: string, reference: string): Promise<MemberNotices> {
  return noticesOf(tx, await requireMember(tx, account, reference));
}

/** Says what a member is told by mail; what is left out stays as it is. Throws NOT_FOUND. */
export function putNotices(
  act: Act,
  acting: Acting<MemberNotices>,
  account: string,
  reference: string,
  wanted: Readonly<Partial<Record<NoticeKind, boolean | undefined>>>,
): Promise<Done<MemberNotices>> {
  return act(acting, PLATFORM, async (unit) => {
    const member = await requireMember(unit.tx, account, reference, "update");
    const before = await noticesOf(unit.tx, member);
    const changes = NOTICE_KINDS.flatMap((kind) => {
      const mail = wanted[kind];
      return mail === undefined || mail === before.told[kind] ? [] : [{ kind, mail }];
    });
    await writePreferences(unit.tx, member, changes, unit.now);
    const of = (told: MemberNotices["told"]) => Object.fromEntries(changes.map(({ kind }) => [kind, told[kind]]));
    const after = await noticesOf(unit.tx, member);
    unit.audits({
      ...{ action: "member-notices.updated", account: member.account, target: { type: "member", id: member.id } },
      ...{ before: of(before.told), after: of(after.told) },
    });
    return after;
  });
}

async function requireMember(tx: Tx, account: string, reference: string, hold: Hold = "none"): Promise<Member> {
  const owner = await findAccount(tx, account);
  const member = owner === null || owner.reserved ? null : await findMember(tx, owner.id, reference, hold);
  if (member === null) throw new ClavigerError("NOT_FOUND");
  return member;
}

async function noticesOf(tx: Tx, { id }: Member): Promise<MemberNotices> {
  const said = new Map((await selectPreferences(tx, id)).map(({ kind, mail }) => [kind, mail]));
  const told = Object.fromEntries(NOTICE_KINDS.map((kind) => [kind, said.get(kind) ?? true]));
  return { member: id, told: told as MemberNotices["told"] };
}
