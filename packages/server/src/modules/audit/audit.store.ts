import { type Kysely, sql } from "kysely";
import type { Database, Schema, Tx } from "../../db/index.ts";
import { PLATFORM } from "../../db/index.ts";

export interface Head {
  readonly seq: number;
  readonly hash: Uint8Array;
}

export interface NewRow {
  readonly seq: number;
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly account_id: string | null;
  readonly actor_id: string | null;
  readonly target_type: string;
  readonly target_id: string;
  readonly payload: string;
  readonly key_version: number;
  readonly hash: Uint8Array;
}

/** As stored; `at` as text with microseconds, so that no change of it is rounded away. */
export interface StoredRow extends Omit<NewRow, "at"> {
  readonly at: string;
  /** Of an event whose text was erased: what vouches for its hash. */
  readonly erased: Uint8Array | null;
}

/** The end of the chain, locked until commit: one appends at a time. */
export function lockHead(tx: Tx): Promise<Head> {
  return tx.selectFrom("audit_head").select(["seq", "hash"]).forUpdate().executeTakeFirstOrThrow();
}

/** One statement, whatever the number of rows. */
export async function insertRows(tx: Tx, rows: readonly NewRow[]): Promise<void> {
  const column = <T>(read: (row: NewRow) => T): T[] => rows.map(read);
  await sql`INSERT INTO audit_event
    (seq, id, at, action, account_id, actor_id, target_type, target_id, payload, key_version, hash)
    SELECT * FROM unnest(${column((row) => row.seq)}::bigint[], ${column((row) => row.id)}::text[],
      ${column((row) => row.at.toISOString())}::timestamptz[], ${column((row) => row.action)}::text[],
      ${column((row) => row.account_id)}::text[], ${column((row) => row.actor_id)}::text[],
      ${column((row) => row.target_type)}::text[], ${column((row) => row.target_id)}::text[],
      ${column((row) => row.payload)}::text[], ${column((row) => row.key_version)}::int[],
      ${column((row) => Buffer.from(row.hash))}::bytea[])`.execute(tx);
}

export async function moveHead(tx: Tx, head: Head): Promise<void> {
  await tx.updateTable("audit_head").set({ seq: head.seq, hash: head.hash }).execute();
}

/** The committed head, and the hash of the event `seq` if there is one. */
export function readHead(database: Database, seq: number | null): Promise<{ head: Head; hashAt: Uint8Array | null }> {
  return database.transaction(PLATFORM, async (tx) => {
    const head = await tx.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirstOrThrow();
    if (seq === null) return { head, hashAt: null };
    const row = await tx.selectFrom("audit_event").select("hash").where("seq", "=", seq).executeTakeFirst();
    return { head, hashAt: row?.hash ?? null };
  });
}

/** Rows after a number (null: from the very first), and the head in the same snapshot. */
export function readPage(
  database: Database,
  after: number | null,
  limit: number,
): Promise<{ readonly head: Head; readonly rows: readonly StoredRow[] }> {
  return database.transaction(
    PLATFORM,
    async (tx) => {
      const head = await tx.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirstOrThrow();
      return { head, rows: await selectRows(tx, after, limit) };
    },
    { isolation: "repeatable read" },
  );
}

function selectRows(tx: Kysely<Schema>, after: number | null, limit: number): Promise<StoredRow[]> {
  let query = tx
    .selectFrom("audit_event")
    .select([
      "seq",
      "id",
      "action",
      "account_id",
      "actor_id",
      "target_type",
      "target_id",
      "payload",
      "key_version",
      "hash",
      "erased",
    ])
    .select(sql<string>`to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as("at"))
    .orderBy("seq")
    .limit(limit);
  if (after !== null) query = query.where("seq", ">", after);
  return query.execute();
}

/** Events of an account that are not erased, but for those of the erasure itself; `most` at most. */
export function selectUnerased(
  tx: Tx,
  account: string,
  most: number,
): Promise<Pick<StoredRow, "seq" | "payload" | "key_version" | "hash">[]> {
  return tx
    .selectFrom("audit_event")
    .select(["seq", "payload", "key_version", "hash"])
    .where("account_id", "=", account)
    .where("erased", "is", null)
    .where("action", "<>", "account.erased")
    .orderBy("seq")
    .limit(most)
    .execute();
}

/** Through the one door that there is: nobody may change an event in any other way. */
export async function writeErased(
  tx: Tx,
  rows: readonly { readonly seq: number; readonly payload: string; readonly tag: Uint8Array }[],
): Promise<void> {
  await sql`SELECT erase_audit_events(${rows.map(({ seq }) => seq)}::bigint[], ${rows.map(({ payload }) => payload)}::text[],
    ${rows.map(({ tag }) => Buffer.from(tag))}::bytea[])`.execute(tx);
}

export interface EventFilter {
  readonly account?: string | undefined;
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
  /** Only events before this number: where the last page ended. */
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Newest first. */
export function selectEvents(tx: Tx, filter: EventFilter): Promise<{ seq: number; payload: string }[]> {
  const { account, action, actor, target, from, to, after } = filter;
  let query = tx.selectFrom("audit_event").select(["seq", "payload"]);
  if (account !== undefined) query = query.where("account_id", "=", account);
  if (action !== undefined) query = query.where("action", "=", action);
  if (actor !== undefined) query = query.where("actor_id", "=", actor);
  if (target !== undefined) query = query.where("target_id", "=", target);
  if (from !== undefined) query = query.where("at", ">=", from);
  if (to !== undefined) query = query.where("at", "<", to);
  if (after !== undefined) query = query.where("seq", "<", after);
  return query.orderBy("seq", "desc").limit(filter.limit).execute();
}
