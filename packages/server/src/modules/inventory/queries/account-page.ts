/** What an account's page is told from. Every read is by an index that begins with the account. */
import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

export interface KeyCounts {
  readonly total: number;
  readonly active: number;
  readonly expiring: number;
  readonly suspended: number;
  readonly expired: number;
  /** Neither revoked nor expired: of these, accepted since `used`, accepted since `lately`, and never accepted. */
  readonly used: number;
  readonly lately: number;
  readonly neverUsed: number;
  /** Of all keys, those that were presented since `lately`. */
  readonly presented: number;
}

export interface KeyCountTimes {
  readonly now: Date;
  /** Keys that expire until then count as expiring. */
  readonly soon: Date;
  /** The beginnings of hours. */
  readonly used: Date;
  readonly lately: Date;
}

/** Keys of the account by status, and how many are in use. Counted in indexes alone. */
export async function countKeys(
  tx: Tx,
  account: string,
  { now, soon, used, lately }: KeyCountTimes,
): Promise<KeyCounts> {
  const customers = sql`FROM api_key k WHERE k.account_id = ${account} AND k.kind = 'customer'`;
  const { rows } = await sql<KeyCounts>`
    SELECT t.total, l.active - s.active AS active, l.expiring - s.expiring AS expiring, s.active + s.expiring AS suspended, l.expired,
      a.used, a.lately, a."neverUsed", t.used + r.refused AS presented
    FROM
      (SELECT count(*)::int AS total, count(*) FILTER (WHERE used_hour >= ${lately})::int AS used
        FROM key_activity WHERE account_id = ${account}) t,
      (SELECT count(*)::int AS refused FROM key_activity
        WHERE account_id = ${account} AND refused_hour > '-infinity' AND refused_hour >= ${lately} AND used_hour < ${lately}) r,
      (SELECT count(*) FILTER (WHERE expires_or_never > ${soon})::int AS active, count(*) FILTER (WHERE expires_or_never <= ${now})::int AS expired,
        count(*) FILTER (WHERE expires_or_never > ${now} AND expires_or_never <= ${soon})::int AS expiring
        ${customers} AND k.state <> 'revoked') l,
      (SELECT count(*) FILTER (WHERE expires_or_never > ${soon})::int AS active,
        count(*) FILTER (WHERE expires_or_never > ${now} AND expires_or_never <= ${soon})::int AS expiring
        ${customers} AND k.state = 'suspended') s,
      (SELECT count(*) FILTER (WHERE used_hour >= ${used})::int AS used, count(*) FILTER (WHERE used_hour >= ${lately})::int AS lately,
        count(*) FILTER (WHERE used_hour = '-infinity')::int AS "neverUsed"
        FROM key_activity WHERE account_id = ${account} AND live_until > ${now}) a`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new TypeError("counting answers one row");
  return row;
}

export interface LatestUse {
  readonly key: string;
  readonly version: number;
  readonly at: Date;
}

/** Keys of the last hour in which any was accepted, of which the latest is looked for. */
const LOOKED_AT = 1_000;

/** Which key was accepted last, and when. Where more than a thousand were in one hour, one of them. */
export async function selectLatestUse(tx: Tx, account: string): Promise<LatestUse | null> {
  const { rows } = await sql<LatestUse>`
    SELECT u.key_id AS key, u.version, u.last_used_at AS at FROM (
      SELECT key_id FROM key_activity WHERE account_id = ${account} AND used_hour > '-infinity'
        AND used_hour = (SELECT max(used_hour) FROM key_activity WHERE account_id = ${account}) LIMIT ${sql.lit(LOOKED_AT)}) a
    JOIN key_use u ON u.key_id = a.key_id WHERE u.last_used_at IS NOT NULL
    ORDER BY u.last_used_at DESC, u.key_id LIMIT 1`.execute(tx);
  return rows[0] ?? null;
}

export interface AccountRefusalRow {
  readonly code: string;
  readonly requests: number;
  readonly keys: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

export interface AccountRefusals {
  readonly rows: readonly AccountRefusalRow[];
  /** Keys whose refusals were added up. */
  readonly keys: number;
  /** Whether the account has so many that they are of the keys alone that were refused last. */
  readonly more: boolean;
}

/** How often keys were refused, by version and code, that is added up: of more, the keys that were refused last are taken. */
const READ_OUTCOMES = 20_000;
const REFUSED_LAST = 5_000;

/**
 * Refusals of the keys of the account, by code, the latest first. Between and not equal: with an account given, the planner would rather walk
 * the keys or the hours of all accounts.
 */
export async function selectAccountRefusals(
  tx: Tx,
  account: string,
  read = READ_OUTCOMES,
  latest = REFUSED_LAST,
): Promise<AccountRefusals> {
  const all = await addedUp(
    tx,
    sql`SELECT key_id, code, requests, first_at, last_at FROM key_outcome WHERE account_id BETWEEN ${account} AND ${account} AND code <> 'VALID'
      ORDER BY account_id, key_id LIMIT ${read + 1}`,
  );
  if (all.read <= read) return { rows: all.rows, keys: all.keys, more: false };
  const some = await addedUp(
    tx,
    sql`SELECT o.key_id, o.code, o.requests, o.first_at, o.last_at FROM (
        SELECT key_id FROM key_activity WHERE account_id BETWEEN ${account} AND ${account} AND refused_hour > '-infinity'
        ORDER BY account_id DESC, refused_hour DESC, key_id DESC LIMIT ${latest}) a
      CROSS JOIN LATERAL (SELECT * FROM key_outcome n WHERE n.key_id = a.key_id AND n.code <> 'VALID') o`,
  );
  return { rows: some.rows, keys: some.keys, more: true };
}

async function addedUp(
  tx: Tx,
  outcomes: RawBuilder<unknown>,
): Promise<Omit<AccountRefusals, "more"> & { read: number }> {
  type Row = { [name in keyof AccountRefusalRow]: AccountRefusalRow[name] | null };
  const { rows } = await sql<Row & { readonly read: number; readonly of: number }>`
    WITH outcomes AS MATERIALIZED (${outcomes})
    SELECT c.read, c.of, r.* FROM (SELECT count(*)::int AS read, count(DISTINCT key_id)::int AS of FROM outcomes) c
    LEFT JOIN (
      SELECT code, sum(requests)::bigint AS requests, count(DISTINCT key_id)::int AS keys, min(first_at) AS "firstAt", max(last_at) AS "lastAt"
      FROM outcomes GROUP BY code) r ON true
    ORDER BY r."lastAt" DESC, r.code`.execute(tx);
  const found = rows.flatMap(({ code, requests, keys, firstAt, lastAt }) =>
    code === null || requests === null || keys === null || firstAt === null || lastAt === null
      ? []
      : [{ code, requests, keys, firstAt, lastAt }],
  );
  return { rows: found, keys: rows[0]?.of ?? 0, read: rows[0]?.read ?? 0 };
}

export interface FailingRow {
  readonly key: string;
  readonly code: string;
  readonly since: Date | null;
  readonly lastAt: Date;
}

/** Keys that were refused last and not accepted since, the latest first. */
export interface Failing {
  readonly rows: readonly FailingRow[];
  /** Whether so many were refused that not all were looked at. */
  readonly more: boolean;
}

/**
 * Sub-selects with a limit are asked of the index, key by key, whatever the planner takes the size of the table for.
 * Of those that were refused since then, the latest `looked` at most: of one account, or of all. A key that nothing stands in the way of
 * fails only where it was refused so many milliseconds after it was accepted last.
 */
export async function selectFailing(
  tx: Tx,
  account: string | null,
  since: Date,
  looked: number,
  settledMs: number,
): Promise<Failing> {
  const whose = account === null ? sql`true` : sql`a.account_id BETWEEN ${account} AND ${account}`;
  const inOrder = account === null ? sql`` : sql`a.account_id DESC, `;
  const { rows } = await sql<{ [name in keyof FailingRow]: FailingRow[name] | null } & { readonly looked: number }>`
    WITH refused AS MATERIALIZED (
      SELECT a.key_id, a.used_hour, a.refused_hour FROM key_activity a WHERE ${whose} AND a.refused_hour > '-infinity' AND a.refused_hour >= ${since}
      ORDER BY ${inOrder}a.refused_hour DESC, a.key_id DESC LIMIT ${looked})
    SELECT f.*, c.looked FROM (SELECT count(*)::int AS looked FROM refused) c LEFT JOIN (
      SELECT u.key, u.code, u.used AS since, u.refused AS "lastAt" FROM refused r
      CROSS JOIN LATERAL (
        SELECT r.key_id AS key, max(n.last_used_at) AS used, max(n.last_refused_at) AS refused,
          (array_agg(n.last_refused_code ORDER BY n.last_refused_at DESC NULLS LAST))[1] AS code
        FROM key_use n WHERE n.key_id = r.key_id) u
      CROSS JOIN LATERAL (SELECT k.account_id, k.state, k.expires_or_never FROM api_key k WHERE k.id = r.key_id LIMIT 1) k
      CROSS JOIN LATERAL (SELECT c.status FROM account c WHERE c.id = k.account_id LIMIT 1) c
      WHERE r.used_hour <= r.refused_hour AND u.refused > coalesce(u.used, '-infinity') AND (u.used IS NULL
        OR u.refused >= u.used + ${settledMs} * interval '1 millisecond'
        OR k.state <> 'active' OR k.expires_or_never <= now() OR c.status <> 'active')) f ON true
    ORDER BY f."lastAt" DESC, f.key`.execute(tx);
  const found = rows.flatMap(({ key, code, since: used, lastAt }) =>
    key === null || code === null || lastAt === null ? [] : [{ key, code, since: used, lastAt }],
  );
  return { rows: found, more: (rows[0]?.looked ?? 0) >= looked };
}

export interface BusyRow {
  readonly key: string;
  readonly accepted: number;
  readonly refused: number;
  readonly cost: number;
}

/** The keys of the account with the most requests since that day. */
export async function selectBusiest(tx: Tx, account: string, since: Date, most: number): Promise<readonly BusyRow[]> {
  const { rows } = await sql<BusyRow>`
    SELECT key_id AS key, coalesce(sum(requests) FILTER (WHERE code = 'VALID'), 0)::bigint AS accepted,
      coalesce(sum(requests) FILTER (WHERE code <> 'VALID'), 0)::bigint AS refused, sum(cost)::bigint AS cost
    FROM usage_day WHERE account_id = ${account} AND starts_at >= ${since}
    GROUP BY key_id ORDER BY sum(requests) DESC, key_id LIMIT ${most}`.execute(tx);
  return rows;
}

export interface AccountRouteRow {
  readonly method: string | null;
  readonly route: string | null;
  readonly accepted: number;
  readonly refused: number;
  readonly keys: number;
}

/** What the account's keys called since that day, the most called first. */
export async function selectAccountRoutes(
  tx: Tx,
  account: string,
  since: Date,
  most: number,
): Promise<readonly AccountRouteRow[]> {
  const { rows } = await sql<AccountRouteRow>`
    SELECT nullif(method, '') AS method, nullif(route, '') AS route,
      coalesce(sum(requests) FILTER (WHERE code = 'VALID'), 0)::bigint AS accepted,
      coalesce(sum(requests) FILTER (WHERE code <> 'VALID'), 0)::bigint AS refused, count(DISTINCT key_id)::int AS keys
    FROM usage_day WHERE account_id = ${account} AND starts_at >= ${since}
    GROUP BY 1, 2 ORDER BY sum(requests) DESC, 2, 1 LIMIT ${most}`.execute(tx);
  return rows;
}

export interface SharedSourceRow {
  readonly kind: "network" | "country" | "agent" | "service" | "browser";
  readonly value: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly accepted: number;
  readonly refused: number;
}

/** Where these keys were used from, taken together: of each kind the latest, so many at most. */
export async function selectSharedSources(
  tx: Tx,
  keys: readonly string[],
  most: number,
): Promise<readonly SharedSourceRow[]> {
  if (keys.length === 0) return [];
  const { rows } = await sql<SharedSourceRow>`
    SELECT kind, value, "firstSeen", "lastSeen", accepted, refused FROM (
      SELECT s.*, row_number() OVER (PARTITION BY kind ORDER BY "lastSeen" DESC, value) AS place FROM (
        SELECT kind, value, min(first_seen) AS "firstSeen", max(last_seen) AS "lastSeen", sum(accepted)::bigint AS accepted, sum(refused)::bigint AS refused
        FROM key_source WHERE key_id = ANY (${[...keys]}::text[]) GROUP BY kind, value) s) s
    WHERE place <= ${most} ORDER BY kind, place`.execute(tx);
  return rows;
}

/** Labels and more of keys, by id. */
export async function selectNamed(
  tx: Tx,
  ids: readonly string[],
): Promise<
  ReadonlyMap<string, { readonly label: string; readonly account: string; readonly environment: string | null }>
> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("api_key")
    .select(["id", "label", "account_id as account", "environment"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(rows.map(({ id, ...named }) => [id, named]));
}
