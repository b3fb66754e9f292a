import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { VersionPlace } from "../keys/index.ts";

/** One version's secret as it is kept. */
export interface KeptSecret {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  /** Which key-encryption key wrapped the data key. */
  readonly kek: string;
  readonly wrapped: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Where a walk over the rows stands; null at the start. */
export type SecretPlace = VersionPlace | null;

const COLUMNS = sql`key_id AS key, version, account_id AS account, kek, wrapped, sealed`;

export async function insertSecret(tx: Tx, kept: KeptSecret, at: Date): Promise<void> {
  await sql`INSERT INTO recoverable_secret (key_id, version, account_id, kek, wrapped, sealed, created_at)
    VALUES (${kept.key}, ${kept.version}, ${kept.account}, ${kept.kek}, ${kept.wrapped}, ${kept.sealed}, ${at})`.execute(
    tx,
  );
}

export async function findSecret(tx: Tx, key: string, version: number): Promise<KeptSecret | null> {
  const { rows } = await sql<KeptSecret>`
    SELECT ${COLUMNS} FROM recoverable_secret WHERE key_id = ${key} AND version = ${version}`.execute(tx);
  return rows[0] ?? null;
}

/** One after another where they are of one caller, until the transaction ends: of many at once none is counted too late. */
export async function holdTurn(tx: Tx, caller: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`claviger reveal ${caller}`}, 0))`.execute(tx);
}

/** The next of a walk over all that another key-encryption key than `kek` wrapped, in the order of keys and versions. */
export async function selectOtherwiseWrapped(
  tx: Tx,
  kek: string,
  after: SecretPlace,
  limit: number,
): Promise<readonly KeptSecret[]> {
  const beyond = after === null ? sql`true` : sql`(key_id, version) > (${after.key}, ${after.version})`;
  const { rows } = await sql<KeptSecret>`SELECT ${COLUMNS} FROM recoverable_secret
    WHERE ${beyond} AND kek <> ${kek} ORDER BY key_id, version LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Those that are there still and are wrapped as they were when they were read; how many. */
export async function saveWrapped(
  tx: Tx,
  rows: readonly { readonly before: KeptSecret; readonly kek: string; readonly wrapped: Uint8Array }[],
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    UPDATE recoverable_secret s SET kek = new.kek, wrapped = new.wrapped
    FROM unnest(${rows.map(({ before }) => before.key)}::text[], ${rows.map(({ before }) => before.version)}::int[],
      ${rows.map(({ before }) => before.wrapped)}::bytea[], ${rows.map(({ kek }) => kek)}::text[], ${rows.map(({ wrapped }) => wrapped)}::bytea[])
      AS new (key_id, version, before, kek, wrapped)
    WHERE s.key_id = new.key_id AND s.version = new.version AND s.wrapped = new.before`.execute(tx);
  return Number(numAffectedRows);
}

export async function countSecrets(tx: Tx): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM recoverable_secret`.execute(tx);
  return Number(rows[0]?.count ?? 0);
}

/** The next of a walk over all, in the order of keys and versions. */
export async function selectPlaces(tx: Tx, after: SecretPlace, limit: number): Promise<readonly VersionPlace[]> {
  const beyond = after === null ? sql`true` : sql`(key_id, version) > (${after.key}, ${after.version})`;
  const { rows } = await sql<VersionPlace>`SELECT key_id AS key, version FROM recoverable_secret
    WHERE ${beyond} ORDER BY key_id, version LIMIT ${limit}`.execute(tx);
  return rows;
}

export async function deleteSecrets(tx: Tx, over: readonly VersionPlace[]): Promise<void> {
  if (over.length === 0) return;
  await sql`DELETE FROM recoverable_secret s
    USING unnest(${over.map(({ key }) => key)}::text[], ${over.map(({ version }) => version)}::int[]) AS gone (key_id, version)
    WHERE s.key_id = gone.key_id AND s.version = gone.version`.execute(tx);
}
