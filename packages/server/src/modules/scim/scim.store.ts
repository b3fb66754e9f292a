import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { Member } from "../accounts/index.ts";
import type { ScimFilter } from "./read-filter.ts";
import type { ScimAttributes, ScimUser } from "./scim-user.ts";

export interface ScimCredential {
  readonly key: string;
  readonly account: string;
  readonly createdAt: Date;
}

const CREDENTIAL = ["key_id as key", "account_id as account", "created_at as createdAt"] as const;

export async function findCredential(tx: Tx, key: string): Promise<ScimCredential | null> {
  const row = await tx.selectFrom("scim_credential").select(CREDENTIAL).where("key_id", "=", key).executeTakeFirst();
  return row ?? null;
}

export function selectCredentials(tx: Tx, account: string): Promise<ScimCredential[]> {
  return tx
    .selectFrom("scim_credential")
    .select(CREDENTIAL)
    .where("account_id", "=", account)
    .orderBy("created_at")
    .orderBy("key_id")
    .execute();
}

export async function insertCredential(tx: Tx, { key, account, createdAt }: ScimCredential): Promise<void> {
  await tx.insertInto("scim_credential").values({ key_id: key, account_id: account, created_at: createdAt }).execute();
}

export async function deleteCredential(tx: Tx, key: string): Promise<void> {
  await tx.deleteFrom("scim_credential").where("key_id", "=", key).execute();
}

interface Row extends Member {
  readonly userName: string;
  readonly scimExternalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly changedAt: Date;
}

const COLUMNS = sql`m.id, m.external_id AS "externalId", m.account_id AS account, m.email, m.name, m.role, m.status,
  m.created_at AS "createdAt", m.updated_at AS "updatedAt", coalesce(s.user_name, m.email) AS "userName",
  s.external_id AS "scimExternalId", s.given_name AS "givenName", s.family_name AS "familyName",
  greatest(m.updated_at, s.updated_at) AS "changedAt"`;
const USERS = sql`member m LEFT JOIN scim_user s ON s.account_id = m.account_id AND s.member_id = m.id`;

function userOf({ userName, scimExternalId, givenName, familyName, changedAt, ...member }: Row): ScimUser {
  return { member, userName, externalId: scimExternalId, givenName, familyName, updatedAt: changedAt };
}

function matching(filter: ScimFilter | null): RawBuilder<unknown> {
  if (filter === null) return sql`true`;
  const { attribute, value } = filter;
  if (attribute === "userName") return sql`lower(coalesce(s.user_name, m.email)) = lower(${value})`;
  if (attribute === "email") return sql`lower(m.email) = lower(${value})`;
  return attribute === "id" ? sql`m.id = ${value}` : sql`s.external_id = ${value}`;
}

/** Members of an account that its provider has not taken away, in the order in which they were made. */
export async function selectUsers(
  tx: Tx,
  account: string,
  filter: ScimFilter | null,
  offset: number,
  count: number,
): Promise<{ readonly users: readonly ScimUser[]; readonly total: number }> {
  const where = sql`m.account_id = ${account} AND s.deleted_at IS NULL AND ${matching(filter)}`;
  const counted = await sql<{ total: number }>`SELECT count(*)::int AS total FROM ${USERS} WHERE ${where}`.execute(tx);
  const { rows } = await sql<Row>`SELECT ${COLUMNS} FROM ${USERS} WHERE ${where}
    ORDER BY m.id LIMIT ${count} OFFSET ${offset}`.execute(tx);
  return { users: rows.map(userOf), total: counted.rows[0]?.total ?? 0 };
}

/** `hold`: against everybody who changes them, or gives them a key. */
export async function findUser(tx: Tx, account: string, id: string, hold: boolean): Promise<ScimUser | null> {
  const { rows } = await sql<Row>`SELECT ${COLUMNS} FROM ${USERS}
    WHERE m.account_id = ${account} AND m.id = ${id} AND s.deleted_at IS NULL
    ${hold ? sql`FOR NO KEY UPDATE OF m` : sql``}`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : userOf(row);
}

/** The member whom the provider took away under this name, held; null where there is none. */
export async function findTakenAway(tx: Tx, account: string, userName: string): Promise<ScimUser | null> {
  const { rows } = await sql<Row>`SELECT ${COLUMNS} FROM ${USERS}
    WHERE m.account_id = ${account} AND s.deleted_at IS NOT NULL AND lower(s.user_name) = lower(${userName})
    FOR NO KEY UPDATE OF m`.execute(tx);
  const [row] = rows;
  return row === undefined ? null : userOf(row);
}

/** Throws pg's unique violation where another member of the account has the name. */
export async function saveUser(
  tx: Tx,
  { account, id }: Pick<Member, "account" | "id">,
  user: Pick<ScimAttributes, "userName" | "externalId" | "givenName" | "familyName">,
  at: Date,
  deletedAt: Date | null,
): Promise<void> {
  const { userName: user_name, externalId: external_id, givenName: given_name, familyName: family_name } = user;
  const values = { user_name, external_id, given_name, family_name, updated_at: at, deleted_at: deletedAt };
  await tx
    .insertInto("scim_user")
    .values({ account_id: account, member_id: id, ...values })
    .onConflict((conflict) => conflict.columns(["account_id", "member_id"]).doUpdateSet(values))
    .execute();
}

/** What a provider told of the people of an account, and the bindings of its credentials. */
export async function eraseScim(tx: Tx, account: string): Promise<void> {
  await tx.deleteFrom("scim_user").where("account_id", "=", account).execute();
  await tx.deleteFrom("scim_credential").where("account_id", "=", account).execute();
}
