import type { Limit } from "@claviger/core";
import { type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import type { StoredDigest } from "./digest.ts";
import type { Key, KeyThrottle, KeyVersion } from "./key.ts";

type Row = Selectable<Schema["api_key"]>;

export function keyFromRow(row: Row): Key {
  return {
    id: row.id,
    account: row.account_id,
    kind: row.kind,
    environment: row.environment,
    label: row.label,
    purpose: row.purpose,
    rationale: row.rationale,
    tier: row.tier,
    scopes: row.scopes,
    ownerMember: row.owner_member,
    ownerTeam: row.owner_team,
    service: row.service_id,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    state: row.state,
    stateReason: row.state_reason,
    stateComment: row.state_comment,
    stateAt: row.state_at,
    allowedIps: row.allowed_ips,
    allowedReferrers: row.allowed_referrers,
    audiences: row.audiences,
    limits: row.limits as Limit[],
    storedIn: row.stored_in,
    criticality: row.criticality,
    runbookUrl: row.runbook_url,
    dependants: row.dependants,
    tags: row.tags,
    metadata: row.metadata,
    version: row.version,
    preview: row.preview,
    rotatingUntil: row.rotating_until,
    throttle: throttleFromRow(row),
  };
}

/** The columns of a throttle are set together, or none is. */
function throttleFromRow(row: Row): KeyThrottle | null {
  const { throttle_amount: amount, throttle_per: per, throttle_until: until, throttled_at: since } = row;
  if (amount === null || per === null || until === null || since === null) return null;
  return { amount: Number(amount), per, until, reason: row.throttle_reason ?? "", since };
}

const fixedColumns = (key: Key) => ({
  id: key.id,
  account_id: key.account,
  kind: key.kind,
  environment: key.environment,
  created_by: key.createdBy,
  created_at: key.createdAt,
});

/** `json` writes what a jsonb column holds: as text for a single row, as it is inside a larger document. */
function changingColumns<J>(key: Key, json: (value: unknown) => J) {
  return {
    label: key.label,
    purpose: key.purpose,
    rationale: key.rationale,
    tier: key.tier,
    scopes: [...key.scopes],
    owner_member: key.ownerMember,
    owner_team: key.ownerTeam,
    service_id: key.service,
    updated_at: key.updatedAt,
    expires_at: key.expiresAt,
    state: key.state,
    state_reason: key.stateReason,
    state_comment: key.stateComment,
    state_at: key.stateAt,
    allowed_ips: [...key.allowedIps],
    allowed_referrers: [...key.allowedReferrers],
    audiences: [...key.audiences],
    limits: json(key.limits),
    stored_in: key.storedIn,
    criticality: key.criticality,
    runbook_url: key.runbookUrl,
    dependants: json(key.dependants),
    tags: [...key.tags],
    metadata: json(key.metadata),
    version: key.version,
    preview: key.preview,
    rotating_until: key.rotatingUntil,
    throttle_amount: key.throttle?.amount ?? null,
    throttle_per: key.throttle?.per ?? null,
    throttle_until: key.throttle?.until ?? null,
    throttle_reason: key.throttle?.reason ?? null,
    throttled_at: key.throttle?.since ?? null,
  };
}

export async function insertKey(tx: Tx, key: Key): Promise<void> {
  await tx
    .insertInto("api_key")
    .values({ ...fixedColumns(key), ...changingColumns(key, JSON.stringify) })
    .execute();
}

/** Writes many keys, each with its first version, in one statement for each table. Throws pg's unique violation as `insertVersion` does. */
export async function insertKeys(
  tx: Tx,
  made: readonly { readonly key: Key; readonly version: KeyVersion; readonly stored: StoredDigest }[],
  imported: boolean,
): Promise<void> {
  const keys = made.map(({ key }) => ({ ...fixedColumns(key), ...changingColumns(key, (value) => value) }));
  const versions = made.map(({ key, version, stored }) => ({
    ...versionColumns(key.account, version, stored, imported),
    digest: `\\x${Buffer.from(stored.digest).toString("hex")}`,
  }));
  await insertDocument(tx, "api_key", keys);
  await insertDocument(tx, "key_version", versions);
}

/** Rows as one JSON document, which PostgreSQL reads by the types of the table. All have the same columns; others take their default. */
async function insertDocument(
  tx: Tx,
  table: "api_key" | "key_version",
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((name) => sql.ref(name)));
  await sql`INSERT INTO ${sql.ref(table)} (${columns})
    SELECT ${columns} FROM json_populate_recordset(NULL::${sql.ref(table)}, ${JSON.stringify(rows)}::json)`.execute(tx);
}

/** What waited for approval becomes the customer's key. */
export async function saveIssuedKey(tx: Tx, key: Key): Promise<void> {
  await tx
    .updateTable("api_key")
    .set({ kind: "customer", ...changingColumns(key, JSON.stringify) })
    .where("id", "=", key.id)
    .where("kind", "=", "requested")
    .execute();
}

export async function saveKey(tx: Tx, key: Key): Promise<void> {
  await tx.updateTable("api_key").set(changingColumns(key, JSON.stringify)).where("id", "=", key.id).execute();
}

/** Gives many keys other expiries. */
export async function saveExpiries(
  tx: Tx,
  expiries: readonly { readonly id: string; readonly expiresAt: Date }[],
  at: Date,
): Promise<void> {
  await sql`UPDATE api_key k SET expires_at = n.expires_at, updated_at = ${at}
    FROM unnest(${expiries.map(({ id }) => id)}::text[], ${expiries.map(({ expiresAt }) => expiresAt)}::timestamptz[]) AS n (id, expires_at)
    WHERE k.id = n.id`.execute(tx);
}

/** Throws pg's unique violation when the same secret is there already. */
export async function insertVersion(
  tx: Tx,
  account: string,
  version: KeyVersion,
  stored: StoredDigest,
  imported: boolean,
): Promise<void> {
  await tx
    .insertInto("key_version")
    .values(versionColumns(account, version, stored, imported))
    .execute();
}

const versionColumns = (account: string, version: KeyVersion, stored: StoredDigest, imported: boolean) => ({
  key_id: version.key,
  version: version.version,
  account_id: account,
  digest: stored.digest,
  pepper_version: stored.pepperVersion,
  preview: version.preview,
  state: version.state,
  imported,
  created_at: version.createdAt,
  expires_at: version.expiresAt,
  ended_at: null,
});

/** What becomes of a version that has been issued. Ended is final. */
export type VersionChange =
  | { readonly state: "ended"; readonly endedAt: Date }
  | { readonly state: "active"; readonly expiresAt: Date | null };

export async function saveVersion(tx: Tx, key: string, version: number, change: VersionChange): Promise<void> {
  await tx
    .updateTable("key_version")
    .set(
      change.state === "ended"
        ? { state: "ended", ended_at: change.endedAt }
        : { state: "active", expires_at: change.expiresAt },
    )
    .where("key_id", "=", key)
    .where("version", "=", version)
    .where("state", "=", "active")
    .execute();
}

/** The key of this id within reach; `hold` keeps it from others until the transaction ends. */
export async function findKey(tx: Tx, id: string, hold = false): Promise<Key | null> {
  const row = await tx
    .selectFrom("api_key")
    .selectAll()
    .where("id", "=", id)
    .$if(hold, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : keyFromRow(row);
}

/** Versions of one key that are read; of older ones, those that have not been ended. */
const MOST_VERSIONS = 100;

/** Those of them that there are, in no order. */
export async function keysById(tx: Tx, ids: readonly string[]): Promise<Key[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom("api_key")
    .selectAll()
    .where("id", "in", [...ids])
    .execute();
  return rows.map(keyFromRow);
}

/** Oldest first: the newest of each key, and all that have not been ended. */
export async function versionsOf(tx: Tx, keyIds: readonly string[]): Promise<KeyVersion[]> {
  if (keyIds.length === 0) return [];
  const { rows } = await sql<KeyVersion>`
    SELECT key_id AS key, version, preview, state, created_at AS "createdAt", expires_at AS "expiresAt"
    FROM (SELECT v.*, row_number() OVER (PARTITION BY key_id ORDER BY version DESC) AS place FROM key_version v
      WHERE key_id = ANY (${[...keyIds]}::text[])) v
    WHERE place <= ${sql.lit(MOST_VERSIONS)} OR state = 'active' ORDER BY key_id, version`.execute(tx);
  return rows;
}

/** One version of a customer's key, with whose it is. */
export interface VersionOwner {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  readonly environment: string;
}

/** Those of the versions named that there are, of customers' keys alone. */
export async function selectVersionOwners(
  tx: Tx,
  named: readonly { readonly key: string; readonly version: number }[],
): Promise<VersionOwner[]> {
  if (named.length === 0) return [];
  const { rows } = await sql<VersionOwner>`
    SELECT v.key_id AS key, v.version, k.account_id AS account, k.environment
    FROM (SELECT DISTINCT * FROM unnest(${named.map(({ key }) => key)}::text[], ${named.map(({ version }) => version)}::int[])) AS n (key, version)
    JOIN key_version v ON v.key_id = n.key AND v.version = n.version
    JOIN api_key k ON k.id = v.key_id
    WHERE k.kind = 'customer' AND k.environment IS NOT NULL`.execute(tx);
  return rows;
}

/** Keys of an account, whatever became of them, `most` at most. */
export async function keyIdsOf(tx: Tx, account: string, most: number): Promise<string[]> {
  const rows = await tx.selectFrom("api_key").select("id").where("account_id", "=", account).limit(most).execute();
  return rows.map(({ id }) => id);
}

/** Keys of an account that count against its plan: neither revoked nor expired. */
export async function countActiveKeys(tx: Tx, account: string, now: Date): Promise<number> {
  const row = await tx
    .selectFrom("api_key")
    .select((expression) => expression.fn.countAll<number>().as("count"))
    .where("account_id", "=", account)
    .where("state", "<>", "revoked")
    .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", now)]))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

export interface FoundVersion {
  readonly key: Key;
  /** The one whose secret was presented. */
  readonly version: KeyVersion;
  /** Whether that one was ended by its time, and not by an act. */
  readonly versionExpired: boolean;
  readonly accountStatus: "active" | "suspended";
  readonly accountExternalId: string | null;
  readonly plan: string | null;
  readonly planLimits: readonly Limit[];
  readonly environmentLimits: readonly Limit[];
  /** The newest change this read has seen, read in the same statement as the row. */
  readonly asOfSeq: number;
}

/** The key whose secret has one of these digests, with what a decision needs, and the sequence number it is true as of. */
export async function findByDigest(
  tx: Tx,
  digests: readonly StoredDigest[],
): Promise<{ found: FoundVersion | null; asOfSeq: number }> {
  const result = await sql<
    Row & {
      as_of_seq: number;
      found_version: number;
      found_preview: string;
      found_state: KeyVersion["state"];
      found_created_at: Date;
      found_expires_at: Date | null;
      found_expired: boolean;
      account_status: "active" | "suspended";
      account_external_id: string | null;
      plan: string | null;
      plan_limits: Limit[] | null;
      environment_limits: Limit[] | null;
    }
  >`
    SELECT h.seq AS as_of_seq, v.version AS found_version, v.preview AS found_preview, v.state AS found_state,
      v.created_at AS found_created_at, v.expires_at AS found_expires_at,
      v.state = 'ended' AND v.expires_at IS NOT NULL AND v.expires_at <= v.ended_at AS found_expired, a.status AS account_status, a.external_id AS account_external_id, a.plan,
      p.limits AS plan_limits, e.limits AS environment_limits, k.*
    FROM change_head h
    LEFT JOIN key_version v ON v.digest = ANY(${digests.map(({ digest }) => digest)}::bytea[])
    LEFT JOIN api_key k ON k.id = v.key_id
    LEFT JOIN account a ON a.id = k.account_id
    LEFT JOIN plan p ON p.name = a.plan
    LEFT JOIN environment e ON e.name = k.environment`.execute(tx);
  const row = result.rows[0];
  if (row === undefined) throw new TypeError("change_head holds no row");
  if (row.id === null) return { found: null, asOfSeq: row.as_of_seq };
  const { id: key, found_version: version, found_preview: preview, found_state: state } = row;
  return {
    asOfSeq: row.as_of_seq,
    found: {
      key: keyFromRow(row),
      version: { key, version, preview, state, createdAt: row.found_created_at, expiresAt: row.found_expires_at },
      versionExpired: row.found_expired,
      accountStatus: row.account_status,
      accountExternalId: row.account_external_id,
      plan: row.plan,
      planLimits: row.plan_limits ?? [],
      environmentLimits: row.environment_limits ?? [],
      asOfSeq: row.as_of_seq,
    },
  };
}
