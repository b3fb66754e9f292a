import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import { EXPIRING_MS, type Key, type KeyStatus, keyFromRow } from "../keys/index.ts";

export interface KeyUse {
  readonly key: string;
  readonly version: number;
  readonly firstUsedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastRefusedAt: Date | null;
  readonly lastRefusedCode: string | null;
  /** Of the key, all versions together. */
  readonly requests30d: number;
}

export async function usesOf(tx: Tx, ids: readonly string[], now: Date): Promise<KeyUse[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("key_use")
    .select([
      "key_id as key",
      "version",
      "first_used_at as firstUsedAt",
      "last_used_at as lastUsedAt",
      "last_refused_at as lastRefusedAt",
      "last_refused_code as lastRefusedCode",
    ])
    .select(
      sql<number>`coalesce((SELECT sum(d.requests)::bigint FROM key_use_day d
        WHERE d.key_id = key_use.key_id AND d.day > (${now}::timestamptz AT TIME ZONE 'UTC')::date - 30), 0)`.as(
        "requests30d",
      ),
    )
    .where("key_id", "in", [...ids])
    .execute();
}

/** `expires_or_never`: never-expiring keys sort as the latest. */
export const KEY_SORTS = {
  createdAt: { column: "created_at", descending: false },
  "-createdAt": { column: "created_at", descending: true },
  label: { column: "label", descending: false },
  "-label": { column: "label", descending: true },
  expiresAt: { column: "expires_or_never", descending: false },
  "-expiresAt": { column: "expires_or_never", descending: true },
} as const;
export type KeySort = keyof typeof KEY_SORTS;
type SortColumn = (typeof KEY_SORTS)[KeySort]["column"];

export interface KeyFilter {
  readonly kind: Key["kind"];
  readonly account?: string | undefined;
  readonly environment?: string | undefined;
  readonly status?: KeyStatus | undefined;
  readonly scope?: string | undefined;
  readonly ownerMember?: string | undefined;
  readonly ownerTeam?: string | undefined;
  readonly service?: string | undefined;
  readonly q?: string | undefined;
}

/** A key's sort value as cursor text: dates by their ISO form in UTC with microseconds left out, as they are written. */
export function sortValueOf(key: Pick<Key, "label" | "createdAt" | "expiresAt">, sort: KeySort): string | null {
  const { column } = KEY_SORTS[sort];
  if (column === "label") return key.label;
  const time = column === "created_at" ? key.createdAt : key.expiresAt;
  return time?.toISOString() ?? null;
}

/** What an answer is put together from: keys in order, and where to go on where the search stopped before it was done. */
export interface FoundKeys {
  readonly keys: readonly Key[];
  /** The key looked at last; null where `keys` is full, or there are no others. */
  readonly stoppedAt: Pick<Key, "id" | "label" | "createdAt" | "expiresAt"> | null;
}

/** What one answer may cost, in keys. */
export interface Bounds {
  /** A condition that matches no more than these is answered by reading all that it matches. */
  readonly gathered: number;
  /** Where no condition is that narrow, so many are looked at in the order of the list. */
  readonly lookedAt: Readonly<Record<SortColumn, number>>;
}

/** Keys stand in the table as they were made: in any other order each costs a page of the table. */
const BOUNDS: Bounds = { gathered: 5_000, lookedAt: { created_at: 20_000, expires_or_never: 4_000, label: 3_000 } };

/**
 * The next `count` keys after a place, in order, at a cost that does not grow with the number of keys. Where a condition that has
 * an index is narrow enough, all that it matches are read and sorted. Otherwise the order's own index is walked and each key
 * looked at, up to a bound: a search for what is rare can end there with few keys or none, and goes on from where it stopped.
 * Sorting is off while it is walked: PostgreSQL plans for the whole bound, and would rather read and sort half of a large account.
 */
export async function selectKeys(
  tx: Tx,
  filter: KeyFilter,
  sort: KeySort,
  after: readonly (string | number | null)[] | null,
  count: number,
  now: Date,
  bounds: Bounds = BOUNDS,
): Promise<FoundKeys> {
  const { column, descending } = KEY_SORTS[sort];
  const place = after === null ? sql`true` : afterCondition(sort, after);
  const matches = sql.join([place, sql`k.kind = ${filter.kind}`, ...filterConditions(filter, now)], sql` AND `);
  const direction = sql.raw(descending ? "DESC" : "ASC");
  const order = sql`ORDER BY ${sql.ref(`k.${column}`)} ${direction}, k.id ${direction}`;
  const narrow = await narrowest(tx, narrowConditions(filter, now), bounds.gathered);
  if (narrow !== null) {
    const { rows } = await sql<Row>`SELECT k.* FROM (SELECT * FROM api_key k WHERE ${narrow} OFFSET 0) k
      WHERE ${matches} ${order} LIMIT ${count}`.execute(tx);
    return { keys: rows.map(keyFromRow), stoppedAt: null };
  }
  const most = bounds.lookedAt[column];
  await sql`SELECT set_config('enable_sort', 'off', true)`.execute(tx);
  const { rows } = await sql<Row & { place: number; matches: boolean }>`SELECT k.*, ${matches} AS matches
    FROM (SELECT k.*, row_number() OVER () AS place FROM
      (SELECT * FROM api_key k WHERE ${walkCondition(filter, column, now)} AND ${place} ${order} LIMIT ${most}) k ${order}) k
    WHERE (${matches}) OR place = ${most} ${order} LIMIT ${count}`.execute(tx);
  await sql`SELECT set_config('enable_sort', 'on', true)`.execute(tx);
  const keys = rows.filter((row) => row.matches).map(keyFromRow);
  const last = rows.at(-1);
  const stopped = keys.length < count && last?.place === most;
  return { keys, stoppedAt: stopped ? keyFromRow(last) : null };
}

type Row = Selectable<Schema["api_key"]>;

/** The condition that matches fewest keys, where these are no more than can be gathered. */
async function narrowest(
  tx: Tx,
  conditions: readonly RawBuilder<unknown>[],
  most: number,
): Promise<RawBuilder<unknown> | null> {
  if (conditions.length === 0) return null;
  const counts = conditions.map(
    (condition) => sql`(SELECT count(*) FROM (SELECT FROM api_key k WHERE ${condition} LIMIT ${most + 1}) matching)`,
  );
  const { rows } = await sql<{ counts: string[] }>`SELECT ARRAY[${sql.join(counts)}]::int[] AS counts`.execute(tx);
  const found = (rows[0]?.counts ?? []).map(Number);
  const fewest = Math.min(...found);
  return fewest > most ? null : (conditions[found.indexOf(fewest)] ?? null);
}

function afterCondition(sort: KeySort, after: readonly (string | number | null)[]): RawBuilder<unknown> {
  const { column, descending } = KEY_SORTS[sort];
  const [value, id] = after;
  const expression = sql.ref(`k.${column}`);
  const bound = column === "label" ? sql`${value}` : sql`${value ?? "infinity"}::timestamptz`;
  return descending ? sql`(${expression}, k.id) < (${bound}, ${id})` : sql`(${expression}, k.id) > (${bound}, ${id})`;
}

/** Conditions that have an index of their own; each is implied by the filter. */
function narrowConditions(filter: KeyFilter, now: Date): RawBuilder<unknown>[] {
  const conditions = equalities([
    ["k.account_id", filter.account],
    ["k.owner_member", filter.ownerMember],
    ["k.owner_team", filter.ownerTeam],
    ["k.service_id", filter.service],
  ]);
  const { status } = filter;
  if (status === "requested" || status === "rotating") conditions.push(sql`false`);
  if (status === "revoked" || status === "suspended") conditions.push(sql`k.state = ${status}`);
  if (status === "expiring" || status === "expired") conditions.push(expiryCondition(status, now));
  const id = filter.q?.toUpperCase();
  if (id !== undefined && /^KEY_[0-9A-HJKMNP-TV-Z]{1,26}$/.test(id)) {
    const body = id.slice(ID_PREFIX.length);
    const [low, high] = [body.padEnd(ID_BODY, "0"), body.padEnd(ID_BODY, "Z")];
    conditions.push(sql`k.id BETWEEN ${ID_PREFIX + low} AND ${ID_PREFIX + high}`);
  }
  const end = /…([^…]{4})$/.exec(filter.q ?? "")?.[1];
  if (end !== undefined) conditions.push(sql`k.preview_end = ${end}`);
  return conditions;
}

const ID_PREFIX = "key_";
const ID_BODY = 26;

/** What the index of the order can take into account while it is walked. */
function walkCondition(filter: KeyFilter, column: SortColumn, now: Date): RawBuilder<unknown> {
  const { account, status } = filter;
  if (column === "created_at" && account !== undefined) return sql`k.account_id = ${account}`;
  if (column === "created_at" && (status === "revoked" || status === "suspended")) return sql`k.state = ${status}`;
  if (column === "expires_or_never" && (status === "active" || status === "expiring" || status === "expired")) {
    return expiryCondition(status, now);
  }
  return sql`true`;
}

function expiryCondition(status: "active" | "expiring" | "expired", now: Date): RawBuilder<unknown> {
  const [expires, late] = [sql.ref("k.expires_or_never"), new Date(now.getTime() + EXPIRING_MS)];
  if (status === "expired") return sql`${expires} <= ${now}`;
  return status === "active" ? sql`${expires} > ${late}` : sql`${expires} > ${now} AND ${expires} <= ${late}`;
}

function equalities(equal: readonly (readonly [column: string, value: string | undefined])[]): RawBuilder<unknown>[] {
  return equal.flatMap(([column, value]) => (value === undefined ? [] : [sql`${sql.raw(column)} = ${value}`]));
}

function filterConditions(filter: KeyFilter, now: Date): RawBuilder<unknown>[] {
  const conditions = equalities([
    ["k.account_id", filter.account],
    ["k.environment", filter.environment],
    ["k.owner_member", filter.ownerMember],
    ["k.owner_team", filter.ownerTeam],
    ["k.service_id", filter.service],
  ]);
  if (filter.scope !== undefined) conditions.push(sql`(${filter.scope} = ANY(k.scopes) OR k.tier = ${filter.scope})`);
  if (filter.q !== undefined) {
    conditions.push(
      sql`strpos(lower(k.label || ' ' || coalesce(k.purpose, '') || ' ' || k.preview || ' ' || k.id), lower(${filter.q})) > 0`,
    );
  }
  if (filter.status !== undefined) conditions.push(statusCondition(filter.status, now));
  return conditions;
}

/** The same order as `statusOf`, as SQL. */
function statusCondition(status: KeyStatus, now: Date): RawBuilder<unknown> {
  const unexpired = sql`k.expires_or_never > ${now}`;
  const conditions: Record<KeyStatus, RawBuilder<unknown>> = {
    requested: sql`false`,
    rotating: sql`false`,
    revoked: sql`k.state = 'revoked'`,
    expired: sql`k.state <> 'revoked' AND ${expiryCondition("expired", now)}`,
    suspended: sql`k.state = 'suspended' AND ${unexpired}`,
    expiring: sql`k.state = 'active' AND ${expiryCondition("expiring", now)}`,
    active: sql`k.state = 'active' AND ${expiryCondition("active", now)}`,
  };
  return conditions[status];
}
