import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { Link, LinkState } from "./link.ts";

const COLUMNS = sql`id, account_id AS account, key_id AS key, version, management, state, recipient, passphrase, allowed_ips AS "allowedIps",
  created_by AS "createdBy", created_at AS "createdAt", expires_at AS "expiresAt", ended_at AS "endedAt", opened_from AS "openedFrom", failures`;

/** With what it opens; null where it has ended. */
export type HeldLink = Link & { readonly sealed: Uint8Array | null };

export async function insertLink(tx: Tx, link: Link, tokenHash: Uint8Array, sealed: Uint8Array): Promise<void> {
  await sql`INSERT INTO secret_link (id, account_id, key_id, version, management, token_hash, sealed, passphrase, allowed_ips, recipient, state,
      created_by, created_at, expires_at)
    VALUES (${link.id}, ${link.account}, ${link.key}, ${link.version}, ${link.management}, ${tokenHash}, ${sealed}, ${link.passphrase}, ${link.allowedIps},
      ${link.recipient}, 'open', ${link.createdBy}, ${link.createdAt}, ${link.expiresAt})`.execute(tx);
}

export async function findLink(tx: Tx, id: string): Promise<Link | null> {
  const { rows } = await sql<Link>`SELECT ${COLUMNS} FROM secret_link WHERE id = ${id}`.execute(tx);
  return rows[0] ?? null;
}

export async function findLinkByToken(tx: Tx, tokenHash: Uint8Array): Promise<Link | null> {
  const { rows } = await sql<Link>`SELECT ${COLUMNS} FROM secret_link WHERE token_hash = ${tokenHash}`.execute(tx);
  return rows[0] ?? null;
}

/** Kept from others until the transaction ends: of many that want to open it one comes first. */
export async function holdLink(tx: Tx, id: string): Promise<HeldLink | null> {
  const { rows } = await sql<HeldLink>`SELECT ${COLUMNS}, sealed FROM secret_link WHERE id = ${id} FOR UPDATE`.execute(
    tx,
  );
  return rows[0] ?? null;
}

/** Nothing is left of its secret afterwards. */
export async function endLink(
  tx: Tx,
  id: string,
  state: Exclude<LinkState, "open">,
  at: Date,
  openedFrom: string | null = null,
): Promise<void> {
  await sql`UPDATE secret_link SET state = ${state}, sealed = NULL, ended_at = ${at}, opened_from = ${openedFrom}
    WHERE id = ${id} AND state = 'open'`.execute(tx);
}

export async function countFailure(tx: Tx, id: string): Promise<void> {
  await sql`UPDATE secret_link SET failures = failures + 1 WHERE id = ${id}`.execute(tx);
}

/** Open ones whose time is over, ended now, the oldest first. Those that somebody holds are left for the next time. */
export async function endDueLinks(tx: Tx, now: Date, limit: number): Promise<readonly Link[]> {
  const { rows } = await sql<Link>`
    UPDATE secret_link SET state = 'expired', sealed = NULL, ended_at = expires_at WHERE id IN (
      SELECT id FROM secret_link WHERE state = 'open' AND expires_at <= ${now} ORDER BY expires_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING ${COLUMNS}`.execute(tx);
  return rows;
}

export async function hasDueLinks(tx: Tx, now: Date): Promise<boolean> {
  const { rows } = await sql`SELECT FROM secret_link WHERE state = 'open' AND expires_at <= ${now} LIMIT 1`.execute(tx);
  return rows.length > 0;
}

/** How many of them there were. */
export async function deleteEndedLinks(tx: Tx, before: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`DELETE FROM secret_link WHERE id IN (
    SELECT id FROM secret_link WHERE ended_at < ${before} ORDER BY ended_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)`.execute(
    tx,
  );
  return Number(numAffectedRows);
}

export interface LinkFilter {
  readonly account: string | null;
  readonly key: string | null;
  readonly state: LinkState | null;
  /** Those of management keys as well. */
  readonly management: boolean;
}

/** Newest first, before one of them. */
export async function selectLinks(
  tx: Tx,
  { account, key, state, management }: LinkFilter,
  before: string | null,
  limit: number,
  now: Date,
): Promise<readonly Link[]> {
  const { rows } = await sql<Link>`SELECT ${COLUMNS} FROM secret_link
    WHERE (${management} OR NOT management) AND (${account}::text IS NULL OR account_id = ${account}) AND (${key}::text IS NULL OR key_id = ${key})
      AND (${state}::text IS NULL OR CASE WHEN state = 'open' AND expires_at <= ${now} THEN 'expired' ELSE state END = ${state})
      AND (${before}::text IS NULL OR id < ${before})
    ORDER BY id DESC LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Links of an account that is erased: what became of them is in the trail, without its words. */
export async function eraseLinks(tx: Tx, account: string): Promise<void> {
  await sql`DELETE FROM secret_link WHERE account_id = ${account}`.execute(tx);
}
