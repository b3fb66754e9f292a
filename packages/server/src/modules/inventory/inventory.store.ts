import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../db/index.ts";
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

export const KEY_SORTS = {
  createdAt: { column: "created_at", descending: false },
  "-createdAt": { column: "created_at", descending: true },
  label: { column: "label", descending: false },
  "-label": { column: "label", descending: true },
  expiresAt: { column: "expires_at", descending: false },
  "-expiresAt": { column: "expires_at", descending: true },
} as const;
export type KeySort = keyof typeof KEY_SORTS;

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
export function sortValueOf(key: Key, sort: KeySort): string | null {
  const { column } = KEY_SORTS[sort];
  if (column === "label") return key.label;
  const time = column === "created_at" ? key.createdAt : key.expiresAt;
  return time?.toISOString() ?? null;
}

export async function selectKeys(
  tx: Tx,
  filter: KeyFilter,
  sort: KeySort,
  after: readonly (string | number | null)[] | null,
  count: number,
  now: Date,
): Promise<Key[]> {
  const conditions = [sql`k.kind = ${filter.kind}`, ...filterConditions(filter, now)];
  if (after !== null) conditions.push(afterCondition(sort, after));
  const { column, descending } = KEY_SORTS[sort];
  const direction = sql.raw(descending ? "DESC" : "ASC");
  const sortColumn = sql.raw(sortExpression(column));
  const rows = await sql<Parameters<typeof keyFromRow>[0]>`SELECT k.* FROM api_key k
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY ${sortColumn} ${direction}, k.id ${direction} LIMIT ${count}`.execute(tx);
  return rows.rows.map(keyFromRow);
}

/** Never-expiring keys sort as the latest. */
function sortExpression(column: "created_at" | "label" | "expires_at"): string {
  return column === "expires_at" ? "coalesce(k.expires_at, 'infinity'::timestamptz)" : `k.${column}`;
}

function afterCondition(sort: KeySort, after: readonly (string | number | null)[]): RawBuilder<unknown> {
  const { column, descending } = KEY_SORTS[sort];
  const [value, id] = after;
  const expression = sql.raw(sortExpression(column));
  const bound = column === "label" ? sql`${value}` : sql`${value ?? "infinity"}::timestamptz`;
  return descending ? sql`(${expression}, k.id) < (${bound}, ${id})` : sql`(${expression}, k.id) > (${bound}, ${id})`;
}

function filterConditions(filter: KeyFilter, now: Date): RawBuilder<unknown>[] {
  const equal: [string, string | undefined][] = [
    ["k.account_id", filter.account],
    ["k.environment", filter.environment],
    ["k.owner_member", filter.ownerMember],
    ["k.owner_team", filter.ownerTeam],
    ["k.service_id", filter.service],
  ];
  const conditions: RawBuilder<unknown>[] = [];
  for (const [column, value] of equal) if (value !== undefined) conditions.push(sql`${sql.raw(column)} = ${value}`);
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
  const unexpired = sql`(k.expires_at IS NULL OR k.expires_at > ${now})`;
  const late = new Date(now.getTime() + EXPIRING_MS);
  const conditions: Record<KeyStatus, RawBuilder<unknown>> = {
    requested: sql`false`,
    rotating: sql`false`,
    revoked: sql`k.state = 'revoked'`,
    expired: sql`k.state <> 'revoked' AND k.expires_at <= ${now}`,
    suspended: sql`k.state = 'suspended' AND ${unexpired}`,
    expiring: sql`k.state = 'active' AND k.expires_at > ${now} AND k.expires_at <= ${late}`,
    active: sql`k.state = 'active' AND (k.expires_at IS NULL OR k.expires_at > ${late})`,
  };
  return conditions[status];
}
