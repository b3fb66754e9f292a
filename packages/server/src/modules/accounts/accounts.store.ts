import { ClavigerError } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import { parseReference } from "../../kernel/reference.ts";
import type { Account, Member, Service } from "./account.ts";

const ACCOUNT_COLUMNS = [
  "id",
  "external_id as externalId",
  "name",
  "plan",
  "metadata",
  "status",
  "suspended_reason as suspendedReason",
  "closed_at as closedAt",
  "erase_at as eraseAt",
  "erased_at as erasedAt",
  "closing_act as closingAct",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;
const MEMBER_COLUMNS = [
  "id",
  "external_id as externalId",
  "account_id as account",
  "email",
  "name",
  "role",
  "status",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;
const SERVICE_COLUMNS = [
  "id",
  "external_id as externalId",
  "account_id as account",
  "name",
  "description",
  "metadata",
  "created_at as createdAt",
  "updated_at as updatedAt",
] as const;

/** How a row is held while the transaction lasts: `update` against everybody, `share` against those who change it. */
export type Hold = "none" | "share" | "update";

/**
 * The account of this reference, the reserved one included; null where there is none in reach. It is held to be changed, or for something to
 * be made in it: throws STATE_CONFLICT for one that is closed.
 */
export async function findAccount(
  tx: Tx,
  reference: string,
  hold: Hold = "none",
): Promise<(Account & { reserved: boolean }) | null> {
  const named = parseReference(reference);
  const query = tx
    .selectFrom("account")
    .select([...ACCOUNT_COLUMNS, "reserved"])
    .where(named.by === "id" ? "id" : "external_id", "=", named.by === "id" ? named.id : named.externalId)
    .$if(hold === "update", (select) => select.forNoKeyUpdate())
    .$if(hold === "share", (select) => select.forShare());
  const account = (await query.executeTakeFirst()) ?? null;
  if (hold !== "none" && account !== null && account.closedAt !== null) {
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The account is closed, which is final." });
  }
  return account;
}

/** What bills need to know of these accounts, by our id; unknown ones are left out. */
export async function findBilled(
  tx: Tx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Pick<Account, "externalId" | "plan">>> {
  const rows = await tx
    .selectFrom("account")
    .select(["id", "external_id as externalId", "plan"])
    .where(sql<boolean>`id = ANY(${ids}::text[])`)
    .execute();
  return new Map(rows.map(({ id, ...billed }) => [id, billed]));
}

/**
 * The accounts of these references, by reference; unknown ones are left out. They are held in the order of their ids, so that two
 * transactions never wait for each other in a circle. Two references to one account share one object. Closed ones are left out where they are held.
 */
export async function findAccounts(
  tx: Tx,
  references: readonly string[],
  hold: Hold = "none",
): Promise<ReadonlyMap<string, Account & { reserved: boolean }>> {
  const named = references.map((text) => ({ text, reference: parseReference(text) }));
  const ids = named.flatMap(({ reference }) => (reference.by === "id" ? [reference.id] : []));
  const externalIds = named.flatMap(({ reference }) => (reference.by === "external" ? [reference.externalId] : []));
  const found = await tx
    .selectFrom("account")
    .select([...ACCOUNT_COLUMNS, "reserved"])
    .where(sql<boolean>`(id = ANY(${ids}::text[]) OR external_id = ANY(${externalIds}::text[]))`)
    .orderBy("id")
    .$if(hold === "update", (select) => select.forNoKeyUpdate())
    .$if(hold === "share", (select) => select.forShare())
    .execute();
  const rows = hold === "none" ? found : found.filter(({ closedAt }) => closedAt === null);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const byExternalId = new Map(rows.map((row) => [row.externalId, row]));
  return new Map(
    named.flatMap(({ text, reference }) => {
      const found = reference.by === "id" ? byId.get(reference.id) : byExternalId.get(reference.externalId);
      return found === undefined ? [] : [[text, found] as const];
    }),
  );
}

export async function insertAccount(
  tx: Tx,
  account: Omit<
    Account,
    "status" | "suspendedReason" | "closedAt" | "eraseAt" | "erasedAt" | "closingAct" | "updatedAt"
  > & { reserved?: boolean },
): Promise<void> {
  await tx
    .insertInto("account")
    .values({
      id: account.id,
      external_id: account.externalId,
      name: account.name,
      plan: account.plan,
      metadata: JSON.stringify(account.metadata),
      status: "active",
      suspended_reason: null,
      suspended_at: null,
      reserved: account.reserved ?? false,
      created_at: account.createdAt,
      updated_at: account.createdAt,
    })
    .execute();
}

export async function updateAccount(tx: Tx, account: Account): Promise<void> {
  await tx
    .updateTable("account")
    .set({
      name: account.name,
      plan: account.plan,
      metadata: JSON.stringify(account.metadata),
      status: account.status,
      suspended_reason: account.suspendedReason,
      suspended_at: account.status === "suspended" ? account.updatedAt : null,
      closed_at: account.closedAt,
      erase_at: account.eraseAt,
      closing_act: account.closingAct,
      updated_at: account.updatedAt,
    })
    .where("id", "=", account.id)
    .execute();
}

export interface AccountFilter {
  readonly status?: Account["status"] | "closed" | undefined;
  readonly plan?: string | undefined;
  readonly q?: string | undefined;
}

/** Newest first, after the place where the last page ended; the reserved account is left out. */
export function selectAccounts(tx: Tx, filter: AccountFilter, after: string | null, count: number): Promise<Account[]> {
  return tx
    .selectFrom("account")
    .select(ACCOUNT_COLUMNS)
    .where("reserved", "=", false)
    .$if(filter.status === "closed", (query) => query.where("closed_at", "is not", null))
    .$if(filter.status === "active" || filter.status === "suspended", (query) =>
      query.where("status", "=", filter.status as Account["status"]).where("closed_at", "is", null),
    )
    .$if(filter.plan !== undefined, (query) => query.where("plan", "=", filter.plan as string))
    .$if(filter.q !== undefined, (query) =>
      query.where(sql<boolean>`strpos(lower(name || ' ' || coalesce(external_id, '')), lower(${filter.q})) > 0`),
    )
    .$if(after !== null, (query) => query.where("id", "<", after as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
}

export async function findMember(
  tx: Tx,
  account: string,
  reference: string,
  hold: Hold = "none",
): Promise<Member | null> {
  const named = parseReference(reference);
  const query = tx
    .selectFrom("member")
    .select(MEMBER_COLUMNS)
    .where("account_id", "=", account)
    .where(named.by === "id" ? "id" : "external_id", "=", named.by === "id" ? named.id : named.externalId)
    .$if(hold === "update", (select) => select.forNoKeyUpdate())
    .$if(hold === "share", (select) => select.forShare());
  return (await query.executeTakeFirst()) ?? null;
}

/** Of members whom contacts name so many are found at most: an address may be that of very many. */
const MOST_CONTACTS = 100;

/** Ids of active members of an account whose id, or whose address in any case, is among these; the first of them. */
export async function findContacts(tx: Tx, account: string, contacts: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM member WHERE account_id = ${account} AND status = 'active'
      AND (id = ANY(${[...contacts]}::text[]) OR lower(email) = ANY(${contacts.map((each) => each.toLowerCase())}::text[]))
    ORDER BY id LIMIT ${MOST_CONTACTS}`.execute(tx);
  return rows.map(({ id }) => id);
}

export async function insertMember(tx: Tx, member: Member): Promise<void> {
  await tx
    .insertInto("member")
    .values({
      id: member.id,
      account_id: member.account,
      external_id: member.externalId,
      email: member.email,
      name: member.name,
      role: member.role,
      status: member.status,
      created_at: member.createdAt,
      updated_at: member.updatedAt,
    })
    .execute();
}

export async function updateMember(tx: Tx, member: Member): Promise<void> {
  const { email, name, role, status } = member;
  await tx
    .updateTable("member")
    .set({ email, name, role, status, updated_at: member.updatedAt })
    .where("id", "=", member.id)
    .execute();
}

export function selectMembers(
  tx: Tx,
  account: string,
  status: Member["status"] | undefined,
  after: string | null,
  count: number,
): Promise<Member[]> {
  return tx
    .selectFrom("member")
    .select(MEMBER_COLUMNS)
    .where("account_id", "=", account)
    .$if(status !== undefined, (query) => query.where("status", "=", status as Member["status"]))
    .$if(after !== null, (query) => query.where("id", "<", after as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
}

export async function findService(
  tx: Tx,
  account: string,
  reference: string,
  hold: Hold = "none",
): Promise<Service | null> {
  const named = parseReference(reference);
  const query = tx
    .selectFrom("service")
    .select(SERVICE_COLUMNS)
    .where("account_id", "=", account)
    .where(named.by === "id" ? "id" : "external_id", "=", named.by === "id" ? named.id : named.externalId)
    .$if(hold === "update", (select) => select.forNoKeyUpdate());
  return (await query.executeTakeFirst()) ?? null;
}

export async function insertService(tx: Tx, service: Service): Promise<void> {
  await tx
    .insertInto("service")
    .values({
      id: service.id,
      account_id: service.account,
      external_id: service.externalId,
      name: service.name,
      description: service.description,
      metadata: JSON.stringify(service.metadata),
      created_at: service.createdAt,
      updated_at: service.updatedAt,
    })
    .execute();
}

export async function updateService(tx: Tx, service: Service): Promise<void> {
  await tx
    .updateTable("service")
    .set({
      name: service.name,
      description: service.description,
      metadata: JSON.stringify(service.metadata),
      updated_at: service.updatedAt,
    })
    .where("id", "=", service.id)
    .execute();
}

export function selectServices(tx: Tx, account: string, after: string | null, count: number): Promise<Service[]> {
  return tx
    .selectFrom("service")
    .select(SERVICE_COLUMNS)
    .where("account_id", "=", account)
    .$if(after !== null, (query) => query.where("id", "<", after as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
}
