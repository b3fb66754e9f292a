import { sql } from "kysely";
import type { Random } from "../kernel/random.ts";
import type { Tx } from "./database.ts";
import { KEY_BYTES, type Purpose, unwrap, wrap } from "./keyring-wrap.ts";

const PURPOSES: readonly Purpose[] = ["pepper", "tag", "audit", "seal"];

/** Tells this lock from those for other purposes. */
const LOCK = 7_164_023;

/** Until the transaction ends, nobody else adds rows to the keyring or wraps them anew. To be sent before the rows are read. */
export async function lockKeyring(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(tx);
}

/**
 * Makes version 1 of each purpose that has none, and returns which. Makes none where `masterKey` is not the one key of the keyring:
 * what is wrapped under a wrong key opens for nobody, and while one master key replaces another, what is wrapped under either alone
 * does not open for who has the other. The end of the replacement makes what is missing then.
 */
export async function addFirstVersions(
  tx: Tx,
  masterKey: Uint8Array,
  random: Random,
  now: Date,
): Promise<readonly Purpose[]> {
  if (missingOf(await read(tx)).length === 0) return [];
  await lockKeyring(tx);
  const rows = await read(tx);
  const opens = rows.every(({ purpose, version, wrapped }) => unwrap(masterKey, purpose, version, wrapped) !== null);
  if (!opens || rows.some(({ wrapped_next }) => wrapped_next !== null)) return [];
  const missing = missingOf(rows);
  for (const purpose of missing) {
    const wrapped = wrap(masterKey, purpose, 1, random.bytes(KEY_BYTES), random);
    await tx.insertInto("keyring").values({ purpose, version: 1, wrapped, created_at: now }).execute();
  }
  return missing;
}

const missingOf = (rows: readonly { readonly purpose: Purpose }[]): Purpose[] =>
  PURPOSES.filter((purpose) => !rows.some((row) => row.purpose === purpose));

function read(tx: Tx) {
  return tx.selectFrom("keyring").select(["purpose", "version", "wrapped", "wrapped_next"]).execute();
}
