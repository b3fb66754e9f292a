import { type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../../db/index.ts";
import type { Key } from "../key.ts";
import { keyFromRow } from "../keys.store.ts";

/** A customer's key that has not ended, with the issue of its version in use. */
export interface LivingKey {
  readonly key: Key;
  readonly issuedAt: Date;
}

export interface LivingFilter {
  readonly account?: string | null | undefined;
  readonly environment?: string | null | undefined;
  /** Only keys that expire after this, or never. */
  readonly endingAfter: Date;
}

/** By id, after one. */
export async function selectLivingKeys(
  tx: Tx,
  { account = null, environment = null, endingAfter }: LivingFilter,
  after: string,
  count: number,
): Promise<LivingKey[]> {
  const { rows } = await sql<Selectable<Schema["api_key"]> & { readonly issued_at: Date }>`
    SELECT k.*, v.created_at AS issued_at FROM api_key k JOIN key_version v ON v.key_id = k.id AND v.version = k.version
    WHERE k.id > ${after} AND k.kind = 'customer' AND k.state <> 'revoked'
      AND (k.expires_at IS NULL OR k.expires_at > ${endingAfter})
      AND (${account}::text IS NULL OR k.account_id = ${account}) AND (${environment}::text IS NULL OR k.environment = ${environment})
    ORDER BY k.id LIMIT ${count}`.execute(tx);
  return rows.map((row) => ({ key: keyFromRow(row), issuedAt: row.issued_at }));
}

/**
 * Those of these keys that have not ended, held until the transaction ends, in one order. They are read once they are held: a key
 * whose version changes while it is waited for would be found with the version before, and so not at all.
 */
export async function holdLivingKeys(tx: Tx, ids: readonly string[], endingAfter: Date): Promise<LivingKey[]> {
  const { rows } = await sql<{ readonly id: string }>`
    SELECT id FROM api_key WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR NO KEY UPDATE`.execute(tx);
  return readLivingKeys(
    tx,
    rows.map(({ id }) => id),
    endingAfter,
  );
}

async function readLivingKeys(tx: Tx, ids: readonly string[], endingAfter: Date): Promise<LivingKey[]> {
  const { rows } = await sql<Selectable<Schema["api_key"]> & { readonly issued_at: Date }>`
    SELECT k.*, v.created_at AS issued_at FROM api_key k JOIN key_version v ON v.key_id = k.id AND v.version = k.version
    WHERE k.id = ANY(${[...ids]}::text[]) AND k.kind = 'customer' AND k.state <> 'revoked'
      AND (k.expires_at IS NULL OR k.expires_at > ${endingAfter})
    ORDER BY k.id`.execute(tx);
  return rows.map((row) => ({ key: keyFromRow(row), issuedAt: row.issued_at }));
}

/** A place in the order of ends. */
export interface ExpiryPlace {
  readonly at: Date;
  readonly id: string;
}

/** By their end and id. A key that waits for approval has no version yet, and is none of them. */
export async function selectExpiringKeys(tx: Tx, after: ExpiryPlace, until: Date, count: number): Promise<LivingKey[]> {
  const { rows } = await sql<Selectable<Schema["api_key"]> & { readonly issued_at: Date }>`
    SELECT k.*, v.created_at AS issued_at FROM api_key k JOIN key_version v ON v.key_id = k.id AND v.version = k.version
    WHERE (k.expires_or_never, k.id) > (${after.at}, ${after.id}) AND k.expires_or_never <= ${until}
      AND k.kind = 'customer' AND k.state <> 'revoked'
    ORDER BY k.expires_or_never, k.id LIMIT ${count}`.execute(tx);
  return rows.map((row) => ({ key: keyFromRow(row), issuedAt: row.issued_at }));
}
