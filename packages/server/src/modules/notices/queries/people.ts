import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { NoticeKind } from "../notice-kind.ts";

/** A member who may be told by mail. */
export interface Person {
  readonly id: string;
  readonly account: string;
  readonly admin: boolean;
  /** Whether they want to be told of the kind. */
  readonly wants: boolean;
}

/** Of one account so many admins are told, those who came first. */
const MOST_ADMINS = 100;

/** Active members of these accounts: owners and admins of an account, and those of `named`, by id, who belong to one of them. */
export async function selectPeople(
  tx: Tx,
  kind: NoticeKind,
  accounts: readonly string[],
  named: readonly string[],
): Promise<Person[]> {
  const { rows } = await sql<Person>`
    SELECT id, account, admin, wants FROM (
      SELECT m.id, m.account_id AS account, m.role IN ('owner', 'admin') AS admin, coalesce(p.mail, true) AS wants, m.id = ANY(${named}::text[]) AS named,
        row_number() OVER (PARTITION BY m.account_id, m.role IN ('owner', 'admin') ORDER BY m.id) AS place
      FROM member m LEFT JOIN notice_preference p ON p.member_id = m.id AND p.kind = ${kind}
      WHERE m.account_id = ANY(${accounts}::text[]) AND m.status = 'active'
        AND (m.role IN ('owner', 'admin') OR m.id = ANY(${named}::text[]))) found
    WHERE named OR place <= ${MOST_ADMINS} ORDER BY id`.execute(tx);
  return rows;
}

/** Members who made or own keys. */
export interface KeyPeople {
  readonly key: string;
  readonly createdBy: string;
  readonly owner: string | null;
}

export async function selectKeyPeople(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, KeyPeople>> {
  const { rows } = await sql<KeyPeople>`
    SELECT id AS key, created_by AS "createdBy", owner_member AS owner FROM api_key
    WHERE id = ANY(${keys}::text[]) AND kind = 'customer'`.execute(tx);
  return new Map(rows.map((row) => [row.key, row]));
}
