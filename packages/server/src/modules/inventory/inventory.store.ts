import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import { keyFromRow } from "../keys/index.ts";
import {
  filterConditions,
  type KeyFilter,
  looksBeyond,
  narrowConditions,
  ownNarrowConditions,
  parts,
  said,
} from "./queries/key-conditions.ts";
import {
  type KeySort,
  type Place,
  requests30d,
  type SortedKey,
  type SortRule,
  type Stretch,
  sortOf,
  type WalkColumn,
} from "./queries/key-sorts.ts";
import { type SoughtText, seekTexts } from "./queries/sought-text.ts";
import { walkCondition, walkedFrom, walkedRows } from "./queries/walk.ts";

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
    .select(requests30d(sql`key_use.key_id`, now).as("requests30d"))
    .where("key_id", "in", [...ids])
    .execute();
}

/** Versions whose secrets are kept, as `<key>:<version>`. */
export async function recoverableOf(tx: Tx, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ name: string }>`
    SELECT key_id || ':' || version AS name FROM recoverable_secret WHERE key_id = ANY (${[...ids]})`.execute(tx);
  return new Set(rows.map(({ name }) => name));
}

type Sql = RawBuilder<unknown>;

export type FoundKey = SortedKey & { readonly place: Place };

/** What an answer is put together from: keys in order, and where to go on where the search stopped before it was done. */
export interface FoundKeys {
  readonly keys: readonly FoundKey[];
  /** The place looked at last; null where `keys` is full, or there are no others. */
  readonly stoppedAt: Place | null;
}

/** What one answer may cost, in keys. */
export interface Bounds {
  /** A condition that matches no more than these is answered by reading all that it matches. */
  readonly gathered: number;
  /** Where no condition is that narrow, so many are looked at in the order of the list. */
  readonly lookedAt: Readonly<Record<WalkColumn, number>>;
}

/** Keys stand in the table as they were made: in most other orders each costs a page of the table. */
export const BOUNDS: Bounds = {
  gathered: 5_000,
  lookedAt: {
    ...{ id: 20_000, created_at: 20_000, environment: 20_000, label: 3_000, expires_or_never: 4_000 },
    ...{ used_hour: 4_000, refused_hour: 4_000, account_id: 4_000, service_id: 4_000, owner_member: 4_000 },
    ...{ owner_team: 4_000, created_by: 4_000, criticality: 4_000 },
  },
};
/** What looks beyond the key itself, at names or uses, looks at so many times fewer. */
const BEYOND = 3;
/** Among how much of that words are looked for before their index is asked: a tenth. */
const PROBED = 10;
/** Of which it does not matter whether another condition matches fewer. */
const FEW = 100;

/**
 * The next `count` keys after a place, in order, at a cost that does not grow with the number of keys. Where a condition that has
 * an index is narrow enough, all that it matches are read and sorted. Otherwise the order's own indexes are walked, stretch by stretch, and
 * each key looked at, up to a bound: a search for what is rare can end there with few keys or none, and goes on from where it stopped.
 * Words are looked for among the first keys before an index of them is asked, which would read all that is common.
 * Null: no condition is narrow enough, the order has no index, and there are many keys.
 */
export async function selectKeys(
  tx: Tx,
  filter: KeyFilter,
  sort: KeySort,
  after: Place | null,
  count: number,
  now: Date,
  bounds: Bounds = BOUNDS,
): Promise<FoundKeys | null> {
  const request = { filter, sort, after, count, now, bounds };
  const { rule } = sortOf(sort);
  const gathered = Math.min(bounds.gathered, rule.most ?? bounds.gathered);
  const stretches = rule.stretches(filter);
  let texts = await textsOf(tx, filter, 0);
  let narrow = await narrowest(tx, narrowConditions(filter, texts, now), texts, gathered);
  if (texts.some((text) => text.narrow === null) && (narrow === null || narrow.count > FEW)) {
    const first =
      narrow === null && stretches !== null ? await walkStretches(tx, request, stretches, texts, PROBED) : null;
    if (first !== null && (first.keys.length === count || first.stoppedAt === null)) return first;
    texts = await textsOf(tx, filter, gathered);
    narrow = await narrowest(tx, narrowConditions(filter, texts, now), texts, gathered);
  }
  // Where an order has no index, all keys may be few enough.
  if (stretches === null) narrow ??= await narrowest(tx, [sql`true`], [], gathered);
  if (narrow !== null) return { keys: await sortKeys(tx, request, texts, narrow.condition), stoppedAt: null };
  return stretches === null ? null : walkStretches(tx, request, stretches, texts, 1);
}

interface Request {
  readonly filter: KeyFilter;
  readonly sort: KeySort;
  readonly after: Place | null;
  readonly count: number;
  readonly now: Date;
  readonly bounds: Bounds;
}

async function sortKeys(tx: Tx, request: Request, texts: readonly SoughtText[], narrow: Sql): Promise<FoundKey[]> {
  const { filter, sort, after, count, now } = request;
  const { rule, reverse } = sortOf(sort);
  const [by, direction] = [[...rule.order(now), sql`k.id`], sql.raw(reverse ? "DESC" : "ASC")];
  const order = sql.join(by.map((each) => sql`${each} ${direction}`));
  const beyond =
    after === null
      ? sql`true`
      : sql`(${sql.join(by)}) ${sql.raw(reverse ? "<" : ">")} (${sql.join([...rule.bounds(after[0]), sql`${after[1]}`])})`;
  const matches = sql.join([beyond, ...filterConditions(filter, texts, now)], sql` AND `);
  const { rows } =
    await sql<Row>`SELECT k.* FROM (SELECT k.*, ${rule.computed?.(now) ?? sql`NULL::bigint`} AS sorted FROM
    (SELECT * FROM api_key k WHERE ${narrow} OFFSET 0) k) k WHERE ${matches} ORDER BY ${order} LIMIT ${count}`.execute(
      tx,
    );
  return rows.map((row) => foundKey(row, rule, now));
}

/** `share`: so many times fewer keys are looked at than they could be. */
async function walkStretches(
  tx: Tx,
  request: Request,
  ascending: readonly Stretch[],
  texts: readonly SoughtText[],
  share: number,
): Promise<FoundKeys> {
  const { after, count } = request;
  const stretches = sortOf(request.sort).reverse ? ascending.toReversed() : ascending;
  const at = after === null ? 0 : stretches.findIndex(({ holds }) => holds(after[0]));
  const keys: FoundKey[] = [];
  for (const [index, stretch] of stretches.entries()) {
    if (index < at) continue;
    const rest = { ...request, after: index === at ? after : null, count: count - keys.length };
    const found = await walkStretch(tx, rest, stretch, texts, share);
    keys.push(...found.keys);
    if (keys.length === count || found.stoppedAt !== null) return { keys, stoppedAt: found.stoppedAt };
  }
  return { keys, stoppedAt: null };
}

/** Of a stretch that is narrow itself all keys are read, but where only a first look is taken. */
async function walkStretch(
  tx: Tx,
  request: Request,
  stretch: Stretch,
  texts: readonly SoughtText[],
  share: number,
): Promise<FoundKeys> {
  const { now, bounds } = request;
  const kind = request.filter.kind;
  const own = { ...stretch.filter, kind };
  const filter = stretch.filter === undefined ? request.filter : { ...own, also: request.filter };
  const narrow = share > 1 ? null : await narrowest(tx, ownNarrowConditions(own, now), [], bounds.gathered);
  if (narrow === null) return walkKeys(tx, { ...request, filter }, stretch, texts, share);
  const sort = sortOf(request.sort).reverse ? "-id" : "id";
  const after: Place | null = request.after === null ? null : [request.after[1], request.after[1]];
  const keys = await sortKeys(tx, { ...request, filter, sort, after }, texts, narrow.condition);
  return { keys: keys.map((key) => ({ ...key, place: [stretch.value ?? null, key.id] })), stoppedAt: null };
}

/** Sorting is off meanwhile: PostgreSQL plans for the whole bound, and would rather read and sort half of a large account. */
async function walkKeys(
  tx: Tx,
  { filter, sort, after, count, now, bounds }: Request,
  stretch: Stretch,
  texts: readonly SoughtText[],
  share: number,
): Promise<FoundKeys> {
  const { rule, reverse } = sortOf(sort);
  const looked = bounds.lookedAt[stretch.column] / (looksBeyond(filter) ? BEYOND : 1);
  const most = Math.ceil(looked / share);
  const { by, place } = walkedFrom(stretch, rule, after, reverse);
  const order = sql`ORDER BY ${sql.join(by.map((each) => sql`${each} ${sql.raw(reverse ? "DESC" : "ASC")}`))}`;
  const matches = sql.join(filterConditions(filter, texts, now), sql` AND `);
  await setPlanner(tx, "off");
  const { rows } = await sql<Row & { place: number; matches: boolean }>`SELECT k.*, ${matches} AS matches
    FROM (SELECT k.*, row_number() OVER () AS place FROM
      (${walkedRows(stretch.column)} WHERE ${walkCondition(filter, stretch.column, now)} AND ${place} ${order} LIMIT ${most}) k ${order}) k
    WHERE (${matches}) OR place = ${most} ${order} LIMIT ${count}`.execute(tx);
  await setPlanner(tx, "on");
  const found = rows.map((row) => ({ ...foundKey(row, rule, now), matches: row.matches, looked: row.place }));
  const places = found.map((key): FoundKey & { matches: boolean; looked: number } =>
    stretch.value === undefined ? key : { ...key, place: [stretch.value, key.id] },
  );
  const keys = places.filter((key) => key.matches);
  const last = places.at(-1);
  return { keys, stoppedAt: keys.length < count && last?.looked === most ? last.place : null };
}

type Row = Selectable<Schema["api_key"]> & { readonly sorted: Date | number | null };

function foundKey(row: Row, rule: SortRule, now: Date): FoundKey {
  const key = { ...keyFromRow(row), sorted: row.sorted };
  return { ...key, place: [rule.valueOf(key, now), key.id] };
}

/** Walks in the order of an index: the planner is kept from sorting, and from joining in a way that would need it. */
async function setPlanner(tx: Tx, state: "on" | "off"): Promise<void> {
  await sql`SELECT set_config('enable_sort', ${state}, true), set_config('enable_hashjoin', ${state}, true),
    set_config('enable_mergejoin', ${state}, true)`.execute(tx);
}

function textsOf(tx: Tx, filter: KeyFilter, most: number): Promise<readonly SoughtText[]> {
  const texts = parts(filter).flatMap(({ q }) => q ?? []);
  const account = said(filter, (part) => part.account);
  return seekTexts(tx, texts, account, most);
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
  readonly condition: Sql;
  readonly count: number;
}

/** The condition that matches fewest keys, where these are no more than can be gathered. Those of `texts` may be counted already. */
async function narrowest(
  tx: Tx,
  conditions: readonly Sql[],
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
