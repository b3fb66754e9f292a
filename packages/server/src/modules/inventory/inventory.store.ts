import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import { type Key, type KeyStatus, keyFromRow } from "../keys/index.ts";
import { type SoughtText, seekTexts } from "./queries/sought-text.ts";
import { expiryCondition, statusConditions } from "./queries/status.ts";

export interface KeyUse {
  readonly key: string;
  readonly version: number;
  readonly firstUsedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly lastRefusedAt: Date | null;
  readonly lastRefusedCode: string | null;
  readonly refused: number;
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
      "refused",
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

/** `expires_or_never`: never-expiring keys sort as the latest. `used_hour`: by the hour of the last use; keys never used as the earliest. */
export const KEY_SORTS = {
  createdAt: { column: "created_at", descending: false },
  "-createdAt": { column: "created_at", descending: true },
  label: { column: "label", descending: false },
  "-label": { column: "label", descending: true },
  expiresAt: { column: "expires_or_never", descending: false },
  "-expiresAt": { column: "expires_or_never", descending: true },
  lastUsedAt: { column: "used_hour", descending: false },
  "-lastUsedAt": { column: "used_hour", descending: true },
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
  readonly createdBy?: string | undefined;
  readonly tier?: string | undefined;
  readonly tag?: string | undefined;
  readonly criticality?: string | undefined;
  readonly stored?: "yes" | "no" | undefined;
  readonly used?: "ever" | "never" | undefined;
  /** From inclusive, to exclusive. */
  readonly lastUsed?: Range | undefined;
  readonly created?: Range | undefined;
  /** Keys that never expire are in no range. */
  readonly expires?: Range | undefined;
  /** Whether a throttle holds now. */
  readonly throttled?: "yes" | "no" | undefined;
  readonly q?: string | undefined;
  /** A condition on a key `k` beside all others. */
  readonly viewed?: RawBuilder<unknown> | undefined;
  /** Another filter that must match as well. */
  readonly also?: KeyFilter | undefined;
}

export interface Range {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export type FoundKey = Key & { readonly usedHour: Date | null };
type Sorted = Pick<FoundKey, "label" | "createdAt" | "expiresAt" | "usedHour">;

/** A key's sort value as cursor text: dates by their ISO form in UTC with microseconds left out, as they are written. */
export function sortValueOf(key: Sorted, sort: KeySort): string | null {
  const { column } = KEY_SORTS[sort];
  if (column === "label") return key.label;
  const times = { created_at: key.createdAt, expires_or_never: key.expiresAt, used_hour: key.usedHour };
  return times[column]?.toISOString() ?? null;
}

/** What an answer is put together from: keys in order, and where to go on where the search stopped before it was done. */
export interface FoundKeys {
  readonly keys: readonly FoundKey[];
  /** The key looked at last; null where `keys` is full, or there are no others. */
  readonly stoppedAt: (Pick<Key, "id"> & Sorted) | null;
}

/** What one answer may cost, in keys. */
export interface Bounds {
  /** A condition that matches no more than these is answered by reading all that it matches. */
  readonly gathered: number;
  /** Where no condition is that narrow, so many are looked at in the order of the list. */
  readonly lookedAt: Readonly<Record<SortColumn, number>>;
}

/** Keys stand in the table as they were made: in any other order each costs a page of the table. */
const BOUNDS: Bounds = {
  gathered: 5_000,
  lookedAt: { created_at: 20_000, expires_or_never: 4_000, label: 3_000, used_hour: 4_000 },
};
/** What looks beyond the key itself, at names or uses, looks at so many times fewer. */
const BEYOND = 3;
/** Among how much of that words are looked for before their index is asked: a tenth. */
const PROBED = 10;
/** Of which it does not matter whether another condition matches fewer. */
const FEW = 100;

/**
 * The next `count` keys after a place, in order, at a cost that does not grow with the number of keys. Where a condition that has
 * an index is narrow enough, all that it matches are read and sorted. Otherwise the order's own index is walked and each key
 * looked at, up to a bound: a search for what is rare can end there with few keys or none, and goes on from where it stopped.
 * Words are looked for among the first keys before an index of them is asked, which would read all that is common.
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
  const request = { filter, sort, after, count, now };
  const most = looksBeyond(filter)
    ? Math.ceil(bounds.lookedAt[KEY_SORTS[sort].column] / BEYOND)
    : bounds.lookedAt[KEY_SORTS[sort].column];
  let texts = await textsOf(tx, filter, 0);
  let narrow = await narrowest(tx, narrowConditions(filter, texts, now), texts, bounds.gathered);
  if (texts.some((text) => text.narrow === null) && (narrow === null || narrow.count > FEW)) {
    const first = narrow === null ? await walkKeys(tx, request, texts, Math.ceil(most / PROBED)) : null;
    if (first !== null && (first.keys.length === count || first.stoppedAt === null)) return first;
    texts = await textsOf(tx, filter, bounds.gathered);
    narrow = await narrowest(tx, narrowConditions(filter, texts, now), texts, bounds.gathered);
  }
  return narrow === null ? walkKeys(tx, request, texts, most) : sortKeys(tx, request, texts, narrow.condition);
}

interface Request {
  readonly filter: KeyFilter;
  readonly sort: KeySort;
  readonly after: readonly (string | number | null)[] | null;
  readonly count: number;
  readonly now: Date;
}

function clausesOf({ filter, sort, after, now }: Request, texts: readonly SoughtText[]) {
  const { column, descending } = KEY_SORTS[sort];
  const place = after === null ? sql`true` : afterCondition(sort, after);
  const matches = sql.join([place, ...filterConditions(filter, texts, now)], sql` AND `);
  const direction = sql.raw(descending ? "DESC" : "ASC");
  return { column, place, matches, order: sql`ORDER BY ${sql.ref(`k.${column}`)} ${direction}, k.id ${direction}` };
}

async function sortKeys(
  tx: Tx,
  request: Request,
  texts: readonly SoughtText[],
  narrow: RawBuilder<unknown>,
): Promise<FoundKeys> {
  const { column, matches, order } = clausesOf(request, texts);
  const { rows } = await sql<Row>`SELECT k.* FROM (SELECT k.*, ${usedHour(column)} FROM
    (SELECT * FROM api_key k WHERE ${narrow} OFFSET 0) k) k WHERE ${matches} ${order} LIMIT ${request.count}`.execute(
    tx,
  );
  return { keys: rows.map(foundKey), stoppedAt: null };
}

/** Sorting is off meanwhile: PostgreSQL plans for the whole bound, and would rather read and sort half of a large account. */
async function walkKeys(tx: Tx, request: Request, texts: readonly SoughtText[], most: number): Promise<FoundKeys> {
  const { column, place, matches, order } = clausesOf(request, texts);
  await setPlanner(tx, "off");
  const { rows } = await sql<Row & { place: number; matches: boolean }>`SELECT k.*, ${matches} AS matches
    FROM (SELECT k.*, row_number() OVER () AS place FROM
      (${walked(column)} WHERE ${walkCondition(request.filter, column, request.now)} AND ${place} ${order} LIMIT ${most}) k ${order}) k
    WHERE (${matches}) OR place = ${most} ${order} LIMIT ${request.count}`.execute(tx);
  await setPlanner(tx, "on");
  const keys = rows.filter((row) => row.matches).map(foundKey);
  const last = rows.at(-1);
  const stopped = keys.length < request.count && last?.place === most;
  return { keys, stoppedAt: stopped ? foundKey(last) : null };
}

type Row = Selectable<Schema["api_key"]> & { readonly used_hour?: Date | number };

function foundKey(row: Row): FoundKey {
  return { ...keyFromRow(row), usedHour: row.used_hour instanceof Date ? row.used_hour : null };
}

/** Walks in the order of an index: the planner is kept from sorting, and from joining in a way that would need it. */
async function setPlanner(tx: Tx, state: "on" | "off"): Promise<void> {
  await sql`SELECT set_config('enable_sort', ${state}, true), set_config('enable_hashjoin', ${state}, true),
    set_config('enable_mergejoin', ${state}, true)`.execute(tx);
}

/** Management keys have no row of activity. */
function usedHour(column: SortColumn): RawBuilder<unknown> {
  return column === "used_hour"
    ? sql`coalesce((SELECT a.used_hour FROM key_activity a WHERE a.key_id = k.id), '-infinity') AS used_hour`
    : sql`NULL::timestamptz AS used_hour`;
}

/** The keys in the order that is walked; of key_activity, its own columns under the names of the key's. */
function walked(column: SortColumn): RawBuilder<unknown> {
  return column === "used_hour"
    ? sql`SELECT j.*, k.used_hour FROM (SELECT a.key_id AS id, a.used_hour, a.account_id FROM key_activity a) k JOIN api_key j ON j.id = k.id`
    : sql`SELECT * FROM api_key k`;
}

const parts = (filter: KeyFilter): readonly KeyFilter[] =>
  filter.also === undefined ? [filter] : [filter, ...parts(filter.also)];

function textsOf(tx: Tx, filter: KeyFilter, most: number): Promise<readonly SoughtText[]> {
  const texts = parts(filter).flatMap(({ q }) => q ?? []);
  const account = parts(filter).find((part) => part.account !== undefined)?.account;
  return seekTexts(tx, texts, account, most);
}

function looksBeyond(filter: KeyFilter): boolean {
  return parts(filter).some(
    ({ q, used, lastUsed, viewed }) =>
      q !== undefined || used !== undefined || lastUsed !== undefined || viewed !== undefined,
  );
}

/** How many keys match; null where no condition is narrow enough to say it at a cost that does not grow with their number. */
export async function countNarrow(
  tx: Tx,
  filter: KeyFilter,
  now: Date,
  most = BOUNDS.gathered,
): Promise<number | null> {
  const texts = await textsOf(tx, filter, most);
  const narrow = await narrowest(tx, narrowConditions(filter, texts, now), texts, most);
  if (narrow === null) return null;
  const matches = sql.join(filterConditions(filter, texts, now), sql` AND `);
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM
    (SELECT * FROM api_key k WHERE ${narrow.condition} OFFSET 0) k WHERE ${matches}`.execute(tx);
  return Number(rows[0]?.count ?? 0);
}

interface Narrow {
  readonly condition: RawBuilder<unknown>;
  readonly count: number;
}

/** The condition that matches fewest keys, where these are no more than can be gathered. Those of `texts` may be counted already. */
async function narrowest(
  tx: Tx,
  conditions: readonly RawBuilder<unknown>[],
  texts: readonly SoughtText[],
  most: number,
): Promise<Narrow | null> {
  let narrow: Narrow | null = null;
  for (const { narrow: condition, count } of texts) {
    if (condition !== null && count !== null && count <= (narrow?.count ?? most)) narrow = { condition, count };
  }
  const fewest = narrow?.count ?? most;
  if (conditions.length === 0 || (narrow !== null && fewest < FEW)) return narrow;
  const counts = conditions.map(
    (condition) => sql`(SELECT count(*) FROM (SELECT FROM api_key k WHERE ${condition} LIMIT ${fewest + 1}) matching)`,
  );
  const { rows } = await sql<{ counts: string[] }>`SELECT ARRAY[${sql.join(counts)}]::int[] AS counts`.execute(tx);
  const found = (rows[0]?.counts ?? []).map(Number);
  const least = Math.min(...found);
  const condition = conditions[found.indexOf(least)];
  return least > fewest || condition === undefined ? narrow : { condition, count: least };
}

function afterCondition(sort: KeySort, after: readonly (string | number | null)[]): RawBuilder<unknown> {
  const { column, descending } = KEY_SORTS[sort];
  const [value, id] = after;
  const expression = sql.ref(`k.${column}`);
  const never = column === "used_hour" ? "-infinity" : "infinity";
  const bound = column === "label" ? sql`${value}` : sql`${value ?? never}::timestamptz`;
  return descending ? sql`(${expression}, k.id) < (${bound}, ${id})` : sql`(${expression}, k.id) > (${bound}, ${id})`;
}

/** Conditions that have an index of their own; each is implied by the filter. */
function narrowConditions(filter: KeyFilter, texts: readonly SoughtText[], now: Date): RawBuilder<unknown>[] {
  const narrow = texts.flatMap((text) => (text.count === null ? (text.narrow ?? []) : []));
  return [...narrow, ...parts(filter).flatMap((part) => ownNarrowConditions(part, now))];
}

function ownNarrowConditions(filter: KeyFilter, now: Date): RawBuilder<unknown>[] {
  const conditions = equalities([
    ["k.account_id", filter.account],
    ["k.owner_member", filter.ownerMember],
    ["k.owner_team", filter.ownerTeam],
    ["k.service_id", filter.service],
  ]);
  if (filter.createdBy !== undefined && filter.kind === "customer") {
    conditions.push(sql`k.kind = 'customer' AND k.created_by = ${filter.createdBy}`);
  }
  for (const range of [
    rangeCondition("k.created_at", filter.created),
    rangeCondition("k.expires_at", filter.expires),
  ]) {
    if (range !== null) conditions.push(range);
  }
  const { status } = filter;
  if (status === "requested") conditions.push(sql`k.kind = 'requested' AND k.state = 'active'`);
  if (status === "rotating") conditions.push(sql`k.rotating_until > ${now}`);
  if (status === "revoked" || status === "suspended") conditions.push(sql`k.state = ${status}`);
  if (status === "expiring" || status === "expired") conditions.push(expiryCondition(status, now));
  if (filter.throttled === "yes") conditions.push(sql`k.throttle_until > ${now}`);
  return conditions;
}

/** What the index of the order can take into account while it is walked. */
function walkCondition(filter: KeyFilter, column: SortColumn, now: Date): RawBuilder<unknown> {
  const { account, status } = filter;
  const range = column === "created_at" ? rangeCondition("k.created_at", filter.created) : null;
  if (range !== null && account === undefined) return range;
  if (column === "used_hour") return sql`true`;
  if (column === "created_at" && account !== undefined) return sql`k.account_id = ${account}`;
  if (column === "created_at" && (status === "revoked" || status === "suspended")) return sql`k.state = ${status}`;
  if (column === "expires_or_never" && (status === "active" || status === "expiring" || status === "expired")) {
    return expiryCondition(status, now);
  }
  return sql`true`;
}

function equalities(equal: readonly (readonly [column: string, value: string | undefined])[]): RawBuilder<unknown>[] {
  return equal.flatMap(([column, value]) => (value === undefined ? [] : [sql`${sql.raw(column)} = ${value}`]));
}

/** Of `expires_at`, by the column that has an index; never is beyond every range. */
function rangeCondition(column: "k.created_at" | "k.expires_at", range: Range | undefined): RawBuilder<unknown> | null {
  if (range?.from === undefined && range?.to === undefined) return null;
  const time = sql.ref(column === "k.created_at" ? column : "k.expires_or_never");
  const from = range.from === undefined ? sql`true` : sql`${time} >= ${range.from}`;
  const to = range.to === undefined ? sql`${time} < 'infinity'` : sql`${time} < ${range.to}`;
  return sql`${from} AND ${to}`;
}

function filterConditions(filter: KeyFilter, texts: readonly SoughtText[], now: Date): RawBuilder<unknown>[] {
  const own = parts(filter).flatMap((part) => ownFilterConditions(part, now));
  return [sql`k.kind = ${filter.kind}`, ...own, ...texts.map(({ condition }) => condition)];
}

function ownFilterConditions(filter: KeyFilter, now: Date): RawBuilder<unknown>[] {
  const conditions = equalities([
    ["k.account_id", filter.account],
    ["k.environment", filter.environment],
    ["k.owner_member", filter.ownerMember],
    ["k.owner_team", filter.ownerTeam],
    ["k.service_id", filter.service],
    ["k.created_by", filter.createdBy],
    ["k.tier", filter.tier],
    ["k.criticality", filter.criticality],
  ]);
  if (filter.tag !== undefined) conditions.push(sql`${filter.tag} = ANY(k.tags)`);
  if (filter.stored !== undefined) conditions.push(sql`(k.stored_in IS NOT NULL) = ${filter.stored === "yes"}`);
  if (filter.used !== undefined) conditions.push(sql`(${LAST_USED} IS NOT NULL) = ${filter.used === "ever"}`);
  if (filter.throttled !== undefined)
    conditions.push(sql`coalesce(k.throttle_until > ${now}, false) = ${filter.throttled === "yes"}`);
  const { from, to } = filter.lastUsed ?? {};
  if (from !== undefined) conditions.push(sql`${LAST_USED} >= ${from}`);
  if (to !== undefined) conditions.push(sql`${LAST_USED} < ${to}`);
  for (const range of [
    rangeCondition("k.created_at", filter.created),
    rangeCondition("k.expires_at", filter.expires),
  ]) {
    if (range !== null) conditions.push(range);
  }
  if (filter.viewed !== undefined) conditions.push(filter.viewed);
  if (filter.scope !== undefined) conditions.push(sql`(${filter.scope} = ANY(k.scopes) OR k.tier = ${filter.scope})`);
  if (filter.status !== undefined) conditions.push(statusConditions(now)[filter.status]);
  return conditions;
}

const LAST_USED = sql`(SELECT max(u.last_used_at) FROM key_use u WHERE u.key_id = k.id)`;
