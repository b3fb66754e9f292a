/** The SQL of rotating what the keyring holds. */
import { sql } from "kysely";
import { type Database, lockKeyring, PLATFORM, type Purpose, type Tx } from "../../db/index.ts";

export type Stage = "known" | "used" | "done";

export interface KeyringRow {
  readonly purpose: Purpose;
  readonly version: number;
  readonly stage: Stage;
  readonly wrapped: Uint8Array;
  /** The same key under the master key that is to come; null where none is. */
  readonly wrappedNext: Uint8Array | null;
}

/** All rows, oldest versions first, held until the transaction ends, so that two rotations do not meet and no row is added beside. */
export async function holdKeyring(tx: Tx): Promise<KeyringRow[]> {
  await lockKeyring(tx);
  return tx
    .selectFrom("keyring")
    .select(["purpose", "version", "stage", "wrapped", "wrapped_next as wrappedNext"])
    .orderBy("purpose")
    .orderBy("version")
    .forUpdate()
    .execute();
}

export async function insertVersion(
  tx: Tx,
  row: { readonly purpose: Purpose; readonly version: number; readonly wrapped: Uint8Array },
  at: Date,
): Promise<void> {
  await tx
    .insertInto("keyring")
    .values({ ...row, stage: "known", created_at: at })
    .execute();
}

export async function setStage(tx: Tx, purpose: Purpose, version: number, stage: Stage): Promise<void> {
  await tx
    .updateTable("keyring")
    .set({ stage })
    .where("purpose", "=", purpose)
    .where("version", "=", version)
    .execute();
}

export async function setWraps(
  tx: Tx,
  row: Pick<KeyringRow, "purpose" | "version" | "wrapped" | "wrappedNext">,
): Promise<void> {
  await tx
    .updateTable("keyring")
    .set({ wrapped: row.wrapped, wrapped_next: row.wrappedNext })
    .where("purpose", "=", row.purpose)
    .where("version", "=", row.version)
    .execute();
}

/**
 * The nodes that have run since before the newest master key was begun with, and so hold the old one. Empty where none was
 * begun with. A token changes while its node lives.
 */
export async function nodesFromBeforeMasterKey(
  tx: Tx,
): Promise<readonly { readonly name: string; readonly token: string }[]> {
  const { rows } = await sql<{ name: string; token: string }>`
    SELECT name, token FROM node
    WHERE started_at < (SELECT at FROM audit_event WHERE action = 'master-key.added' ORDER BY seq DESC LIMIT 1)
    ORDER BY name`.execute(tx);
  return rows;
}

/** A version of a key as its row stands. */
export interface DigestRow {
  readonly keyId: string;
  readonly version: number;
  readonly digest: Uint8Array;
  readonly pepperVersion: number;
}

/** Where a walk over the rows stands; null at the start. */
export type Place = Pick<DigestRow, "keyId" | "version"> | null;

/** How many rows there are, as the statistics of the database estimate it; for progress only. */
export function estimateDigests(database: Database): Promise<number> {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ count: number }>`
      SELECT greatest(reltuples, 0)::bigint AS count FROM pg_class WHERE oid = 'key_version'::regclass`.execute(tx);
    return rows[0]?.count ?? 0;
  });
}

/** The next rows of the walk, whatever their pepper: reading all of them keeps every read short, also when most are done. */
export function readDigests(database: Database, after: Place, limit: number): Promise<DigestRow[]> {
  return database.transaction(PLATFORM, async (tx) => {
    const beyond = after === null ? sql`true` : sql`(key_id, version) > (${after.keyId}, ${after.version})`;
    const { rows } = await sql<DigestRow>`
      SELECT key_id AS "keyId", version, digest, pepper_version AS "pepperVersion"
      FROM key_version WHERE ${beyond} ORDER BY key_id, version LIMIT ${limit}`.execute(tx);
    return rows;
  });
}

/**
 * Takes hold of those of `candidates` that nobody else holds. Never waits for a row, so it cannot take part in a deadlock;
 * what it leaves out comes in a later walk.
 */
export async function holdDigests(tx: Tx, candidates: readonly DigestRow[], below: number): Promise<DigestRow[]> {
  const { rows } = await sql<DigestRow>`
    SELECT v.key_id AS "keyId", v.version, v.digest, v.pepper_version AS "pepperVersion"
    FROM key_version v JOIN unnest(${candidates.map(({ keyId }) => keyId)}::text[], ${candidates.map(({ version }) => version)}::int[])
      AS wanted (key_id, version) ON v.key_id = wanted.key_id AND v.version = wanted.version
    WHERE v.pepper_version < ${below}
    FOR UPDATE OF v SKIP LOCKED`.execute(tx);
  return rows;
}

export async function saveDigests(tx: Tx, rows: readonly DigestRow[]): Promise<void> {
  await sql`
    UPDATE key_version v SET digest = new.digest, pepper_version = new.pepper_version
    FROM unnest(${rows.map(({ keyId }) => keyId)}::text[], ${rows.map(({ version }) => version)}::int[],
      ${rows.map(({ digest }) => digest)}::bytea[], ${rows.map(({ pepperVersion }) => pepperVersion)}::int[])
      AS new (key_id, version, digest, pepper_version)
    WHERE v.key_id = new.key_id AND v.version = new.version`.execute(tx);
}
