/** Built-in views of keys, as SQL. Totals are counted in indexes alone, so each condition asks for nothing that its index lacks. */
import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../../db/index.ts";
import { type Key, keyFromRow } from "../../keys/index.ts";
import { type GrantView, isGrantView, type KeyViewName } from "../built-in-views.ts";
import { CALLED_DAYS, EXPIRING_DAYS, hourOf, type Moment } from "../view-moment.ts";
import { runawayKeys, steadilyBusyKeys } from "./busy-keys.ts";
import { beyondDays, fewestDays, type PolicyDays } from "./policy-days.ts";

type Sql = RawBuilder<unknown>;
/** Where a view's rows and their order come from: keys (k), or what is known of their use (a). */
interface KeyView {
  readonly from: "k" | "a";
  readonly where: Sql;
  /** Conditions of which each row fulfils exactly one, to be counted one by one; not given: the one above. */
  readonly counted?: readonly Sql[];
  /** By how much they are wrong, as a sum over few rows; not given: they are right. */
  readonly amended?: { readonly by: Sql; readonly where: Sql };
  /** What rows are ordered by before their id; null: newest keys first. */
  readonly order: { readonly by: string; readonly descending: boolean } | null;
}

/** The last thing that is known of a use, to the millisecond. */
const lastUsed = sql`(SELECT max(u.last_used_at) FROM key_use u WHERE u.key_id = a.key_id)`;
const lastRefused = sql`(SELECT max(u.last_refused_at) FROM key_use u WHERE u.key_id = a.key_id)`;
/** Orders by an id, which is text. */
const BY_NAME: ReadonlySet<string> = new Set(["k.created_by", "k.owner_member"]);
const LONGEST_IDLE_FIRST = { by: "a.used_hour", descending: false } as const;

/** Keys that were not used since `since`, nor made since. Only those of its very hour are looked up to the millisecond. */
function idleSince(since: Date, now: Date): Sql {
  const hour = hourOf(since);
  return sql`a.used_hour <= ${hour} AND a.live_until > ${now} AND a.created_at < ${since}
    AND (a.used_hour < ${hour} OR ${lastUsed} < ${since})`;
}

function idleView(since: Date, now: Date): KeyView {
  const hour = hourOf(since);
  const idle = sql`a.live_until > ${now} AND a.created_at < ${since}`;
  return {
    ...{ from: "a", where: idleSince(since, now), order: LONGEST_IDLE_FIRST },
    // PostgreSQL asks of each row whether it is of that hour, and shares no work among processes, where both are one.
    counted: [
      sql`a.used_hour < ${hour} AND ${idle}`,
      sql`a.used_hour = ${hour} AND ${idle} AND ${lastUsed} < ${since}`,
    ],
  };
}

const liveKey = (now: Date): Sql => sql`k.kind = 'customer' AND k.state <> 'revoked' AND k.expires_or_never > ${now}`;

/** What a view is asked with, beside the moment. */
export interface ViewBasis {
  /** Of views of grants: those that belong to it. */
  readonly sets: readonly string[];
  /** Of views that ask each key's policy. */
  readonly days: PolicyDays | null;
}

/**
 * The version in force is older than the policy of the key allows. The total is counted as if no account said anything of its own, which the
 * index of ages tells by itself, and amended by the keys of those that do.
 */
function rotationOverdue(
  days: PolicyDays | null,
  { now, daysAgo }: Moment,
): Pick<KeyView, "where" | "counted" | "amended"> {
  const live = liveKey(now);
  const fewest = days === null ? null : fewestDays(days);
  if (days === null || fewest === null) return { where: sql`false` };
  const ofKey = { account: sql`k.account_id`, environment: sql`k.environment`, grant: sql`k.grant_set` };
  const own = sql`k.id IN (SELECT p.key_id FROM key_policy p JOIN api_key j ON j.id = p.key_id
    WHERE p.rotation_days IS NOT NULL AND j.current_since < ${now}::timestamptz - p.rotation_days * interval '24 hours')`;
  const beyond = (classes: PolicyDays["classes"]): Sql =>
    beyondDays(
      { ...days, classes },
      (_, condition) => condition(ofKey),
      (count) => sql`k.current_since < ${daysAgo(count)}`,
      own,
    );
  const aged = sql`${live} AND k.current_since < ${daysAgo(fewest)}`;
  const where = sql`${aged} AND ${beyond(days.classes)}`;
  const { special, most } = days;
  const usual = special === null ? where : sql`${aged} AND ${beyond(special.classes)}`;
  const older = most === null ? null : sql`k.current_since < ${daysAgo(most)}`;
  const counted = older === null ? [usual] : [sql`${live} AND ${older}`, sql`NOT (${older}) AND ${usual}`];
  if (special === null) return { where, counted };
  const [is, isCounted] = [days.classes, special.classes].map(
    (classes) => sql`coalesce(${beyond(classes)}, false)::int`,
  );
  const by = sql`${is} - ${isCounted}`;
  return { where, counted, amended: { by, where: sql`${aged} AND ${special.accounts(sql`k.account_id`)}` } };
}

/** The key was used, and then not for longer than its policy allows. Only where grant or environment matter is the key itself looked at. */
function dormant(days: PolicyDays | null, { now, daysAgo }: Moment): Sql {
  const fewest = days === null ? null : fewestDays(days);
  if (days === null || fewest === null) return sql`false`;
  const cut = sql`(${now}::timestamptz - p.dormancy_days * interval '24 hours')`;
  const own = sql`a.key_id IN (SELECT p.key_id FROM key_policy p JOIN key_activity b ON b.key_id = p.key_id
    WHERE p.dormancy_days IS NOT NULL AND b.created_at < ${cut} AND b.used_hour <= date_trunc('hour', ${cut}, 'UTC')
      AND (b.used_hour < date_trunc('hour', ${cut}, 'UTC')
        OR (SELECT max(u.last_used_at) FROM key_use u WHERE u.key_id = b.key_id) < ${cut}))`;
  const ofKey = { account: sql`g.account_id`, environment: sql`g.environment`, grant: sql`g.grant_set` };
  const ofActivity = { account: sql`a.account_id`, environment: sql`NULL`, grant: sql`NULL` };
  const beyond = beyondDays(
    days,
    (needed, condition) =>
      needed === "account"
        ? condition(ofActivity)
        : sql`EXISTS (SELECT FROM api_key g WHERE g.id = a.key_id AND ${condition(ofKey)})`,
    (count) => idleSince(daysAgo(count), now),
    own,
  );
  return sql`a.used_hour > '-infinity' AND a.used_hour <= ${hourOf(daysAgo(fewest))} AND a.live_until > ${now} AND ${beyond}`;
}

function viewOf(name: Exclude<KeyViewName, GrantView>, moment: Moment, days: PolicyDays | null): KeyView {
  const { now, daysAgo, inDays } = moment;
  const live = liveKey(now);
  switch (name) {
    case "unused-30d":
      return idleView(daysAgo(30), now);
    case "unused-90d":
      return idleView(daysAgo(90), now);
    case "unused-180d":
      return idleView(daysAgo(180), now);
    case "dormant":
      return { from: "a", where: dormant(days, moment), order: LONGEST_IDLE_FIRST };
    case "never-used":
      return { from: "a", where: sql`a.used_hour = '-infinity' AND a.live_until > ${now}`, order: LONGEST_IDLE_FIRST };
    case "dead-but-called": {
      const since = daysAgo(CALLED_DAYS);
      return {
        from: "a",
        where: sql`a.refused_hour > '-infinity' AND a.refused_hour >= ${hourOf(since)} AND a.live_until <= ${now}
          AND a.refused_hour > a.dead_since - interval '1 hour' AND ${lastRefused} >= greatest(a.dead_since, ${since})`,
        order: { by: "a.refused_hour", descending: true },
      };
    }
    case "creator-inactive":
      return {
        ...{ from: "k", order: { by: "k.created_by", descending: false } },
        where: sql`${live} AND k.created_by IN (SELECT m.id FROM member m WHERE m.status = 'deactivated')`,
      };
    case "owner-inactive":
      return {
        ...{ from: "k", order: { by: "k.owner_member", descending: false } },
        where: sql`${live} AND k.owner_member IS NOT NULL AND k.owner_member IN (SELECT m.id FROM member m WHERE m.status = 'deactivated')`,
      };
    case "no-owner":
      return { from: "k", where: sql`${live} AND k.owner_member IS NULL AND k.owner_team IS NULL`, order: null };
    case "expiring-30d":
      return {
        ...{ from: "k", order: { by: "k.expires_or_never", descending: false } },
        where: sql`${live} AND k.expires_or_never <= ${inDays(EXPIRING_DAYS)}`,
      };
    case "never-expires":
      return { from: "k", where: sql`${live} AND k.expires_or_never = 'infinity'`, order: null };
    case "rotation-overdue":
      return {
        ...{ from: "k", order: { by: "k.current_since", descending: false } },
        ...rotationOverdue(days, moment),
      };
    case "used-from-browser":
      return { from: "a", where: sql`a.browser AND a.live_until > ${now}`, order: null };
    case "shared-across-services":
      return { from: "a", where: sql`a.services > 1 AND a.live_until > ${now}`, order: null };
    case "over-10k-24h":
      return { from: "k", where: sql`k.kind = 'customer' AND k.id IN (${runawayKeys(moment)})`, order: null };
    case "test-like-production":
      return {
        ...{ from: "k", order: null },
        where: sql`${live} AND k.id IN (${steadilyBusyKeys(moment)})
          AND k.environment IN (SELECT e.name FROM environment e WHERE e.class <> 'production')`,
      };
    default:
      return name satisfies never;
  }
}

export interface GrantSet {
  /** A number of 64 bits, as text. */
  readonly id: string;
  readonly tier: string | null;
  readonly scopes: readonly string[];
}

/** Every set of tier and scopes that a key was ever given. */
export async function selectGrantSets(tx: Tx): Promise<GrantSet[]> {
  const { rows } = await sql<GrantSet>`SELECT id::text, tier, scopes FROM grant_set`.execute(tx);
  return rows;
}

export interface ViewPlace {
  /** As text; null where the view has no other order than that of ids, or for never. */
  readonly value: string | null;
  readonly id: string;
}

/** The next `count` ids of a view, each with its place. */
export async function selectViewed(
  tx: Tx,
  name: KeyViewName,
  moment: Moment,
  after: ViewPlace | null,
  count: number,
  { sets, days }: ViewBasis,
): Promise<ViewPlace[]> {
  if (isGrantView(name)) return selectGranted(tx, moment, after, count, sets);
  const { from, where, order } = viewOf(name, moment, days);
  const [table, id] = from === "k" ? [sql`api_key k`, sql`k.id`] : [sql`key_activity a`, sql`a.key_id`];
  const descending = order?.descending ?? true;
  const [direction, past] = [sql.raw(descending ? "DESC" : "ASC"), sql.raw(descending ? "<" : ">")];
  const by = order === null ? null : sql.raw(order.by);
  const bound =
    order !== null && BY_NAME.has(order.by) ? sql`${after?.value}` : sql`${after?.value ?? "-infinity"}::timestamptz`;
  const beyond =
    after === null
      ? sql`true`
      : by === null
        ? sql`${id} ${past} ${after.id}`
        : sql`(${by}, ${id}) ${past} (${bound}, ${after.id})`;
  const { rows } = await byIndexes(
    tx,
    sql<{ id: string; value: Date | number | string | null }>`
      SELECT ${id} AS id, ${by ?? sql`NULL`} AS value FROM ${table} WHERE ${where} AND ${beyond}
      ORDER BY ${by === null ? sql`` : sql`${by} ${direction},`} ${id} ${direction} LIMIT ${count}`,
  );
  return rows.map((row) => ({ id: row.id, value: textOf(row.value) }));
}

/** Infinities come as numbers. */
function textOf(value: Date | number | string | null): string | null {
  if (value instanceof Date) return value.toISOString();
  return typeof value === "number" ? null : value;
}

/** The newest of each set, and of these the newest: it costs a look-up for each set, and no more rows than a page of each. */
async function selectGranted(
  tx: Tx,
  { now }: Moment,
  after: ViewPlace | null,
  count: number,
  sets: readonly string[],
): Promise<ViewPlace[]> {
  const beyond = after === null ? sql`true` : sql`k.id < ${after.id}`;
  const { rows } = await sql<{ id: string }>`
    SELECT found.id FROM unnest(${sets}::bigint[]) AS s (id) CROSS JOIN LATERAL
      (SELECT k.id FROM api_key k WHERE k.grant_set = s.id AND ${liveKey(now)} AND ${beyond} ORDER BY k.id DESC LIMIT ${count}) found
    ORDER BY found.id DESC LIMIT ${count}`.execute(tx);
  return rows.map(({ id }) => ({ id, value: null }));
}

/** How many rows a view has, counted up to `most`; null: all of them. */
export async function countViewed(
  tx: Tx,
  name: KeyViewName,
  moment: Moment,
  { sets, days }: ViewBasis,
  most: number | null = null,
): Promise<number> {
  if (isGrantView(name)) {
    const granted = sql`unnest(${sets}::bigint[]) AS s (id) JOIN api_key k ON k.grant_set = s.id`;
    return countOf(tx, granted, liveKey(moment.now), most);
  }
  const { from, where, counted = [where], amended } = viewOf(name, moment, days);
  const table = from === "k" ? sql`api_key k` : sql`key_activity a`;
  if (amended !== undefined && most !== null) return countOf(tx, table, where, most);
  let count = amended === undefined ? 0 : await sumOf(tx, table, amended);
  for (const condition of counted) {
    const rest = most === null ? null : most - count;
    if (rest === 0) break;
    count += await countOf(tx, table, condition, rest);
  }
  return count;
}

async function countOf(tx: Tx, from: Sql, where: Sql, most: number | null): Promise<number> {
  const { rows } = await byIndexes(
    tx,
    most === null
      ? sql<{ count: number }>`SELECT count(*) AS count FROM ${from} WHERE ${where}`
      : sql<{
          count: number;
        }>`SELECT count(*) AS count FROM (SELECT FROM ${from} WHERE ${where} LIMIT ${most}) counted`,
  );
  return Number(rows[0]?.count ?? 0);
}

async function sumOf(tx: Tx, from: Sql, { by, where }: NonNullable<KeyView["amended"]>): Promise<number> {
  const { rows } = await byIndexes(
    tx,
    sql<{ sum: number }>`SELECT coalesce(sum(${by}), 0) AS sum FROM ${from} WHERE ${where}`,
  );
  return Number(rows[0]?.sum ?? 0);
}

/**
 * Reads from memory, where pages in any order cost about the same. PostgreSQL takes each page of an index for four of the table, and would
 * rather read a whole table of short rows than the index that holds the answer.
 */
async function byIndexes<T>(tx: Tx, query: RawBuilder<T>) {
  await sql`SET LOCAL random_page_cost = 1.1`.execute(tx);
  const found = await query.execute(tx);
  await sql`SET LOCAL random_page_cost TO DEFAULT`.execute(tx);
  return found;
}

/** The same as a condition of a list of keys `k`. */
export function viewCondition(name: KeyViewName, moment: Moment, { sets, days }: ViewBasis): Sql {
  if (isGrantView(name)) return sql`(${liveKey(moment.now)} AND k.grant_set = ANY(${sets}::bigint[]))`;
  const { from, where } = viewOf(name, moment, days);
  return from === "k" ? sql`(${where})` : sql`EXISTS (SELECT FROM key_activity a WHERE a.key_id = k.id AND ${where})`;
}

/** Keys in the order of their ids as given; those that there are not are left out. */
export async function selectKeysById(tx: Tx, ids: readonly string[]): Promise<Key[]> {
  const { rows } = await sql<
    Selectable<Schema["api_key"]>
  >`SELECT k.* FROM unnest(${ids}::text[]) WITH ORDINALITY AS g (id, place)
    JOIN api_key k ON k.id = g.id ORDER BY g.place`.execute(tx);
  return rows.map(keyFromRow);
}

/** What sources a view says of keys: those of one kind, by key. */
export interface ViewedSource {
  readonly key: string;
  readonly value: string;
  readonly firstSeen: Date;
  readonly lastSeen: Date;
  readonly requests: number;
}

export async function selectSources(
  tx: Tx,
  ids: readonly string[],
  kind: "browser" | "service",
): Promise<ViewedSource[]> {
  const { rows } = await sql<ViewedSource>`
    SELECT key_id AS key, value, first_seen AS "firstSeen", last_seen AS "lastSeen", accepted + refused AS requests
    FROM key_source WHERE key_id = ANY(${ids}::text[]) AND kind = ${kind} ORDER BY key_id, last_seen DESC`.execute(tx);
  return rows;
}

/** Members by id: what a view says of who made or owns its keys. */
export async function selectPeople(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { readonly name: string; readonly since: Date }>> {
  if (ids.length === 0) return new Map();
  const members = await tx
    .selectFrom("member")
    .select(["id", "name", "updated_at as since"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(members.map(({ id, name, since }) => [id, { name, since }]));
}
