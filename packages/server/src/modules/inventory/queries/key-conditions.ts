/** What a list of keys `k` can be asked for, as SQL. */
import { type RawBuilder, sql } from "kysely";
import type { Key, KeyStatus } from "../../keys/index.ts";
import type { SoughtText } from "./sought-text.ts";
import { expiryCondition, statusConditions } from "./status.ts";

type Sql = RawBuilder<unknown>;

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
  /** Keys without it. */
  readonly lacks?: Lack | undefined;
  /** A condition on a key `k` beside all others. */
  readonly viewed?: Sql | undefined;
  /** The statuses that keys in `viewed` can have; any, where it is not given. */
  readonly viewedStatuses?: readonly KeyStatus[] | undefined;
  /** Another filter that must match as well. */
  readonly also?: KeyFilter | undefined;
}

export type Lack = "owner" | "service" | "criticality" | "refusal";

export interface Range {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** A filter and all that must match as well. */
export const parts = (filter: KeyFilter): readonly KeyFilter[] =>
  filter.also === undefined ? [filter] : [filter, ...parts(filter.also)];

/** The first thing that any part of a filter says of something. */
export function said<T>(filter: KeyFilter, of: (part: KeyFilter) => T | undefined): T | undefined {
  return parts(filter)
    .map(of)
    .find((value) => value !== undefined);
}

/** Whether names or uses are looked at, and not only the key itself. */
export function looksBeyond(filter: KeyFilter): boolean {
  return parts(filter).some(
    ({ q, used, lastUsed, viewed, lacks }) =>
      q !== undefined || used !== undefined || lastUsed !== undefined || viewed !== undefined || lacks === "refusal",
  );
}

/** Conditions that have an index of their own; each is implied by the filter. */
export function narrowConditions(filter: KeyFilter, texts: readonly SoughtText[], now: Date): Sql[] {
  const narrow = texts.flatMap((text) => (text.count === null ? (text.narrow ?? []) : []));
  return [...narrow, ...parts(filter).flatMap((part) => ownNarrowConditions(part, now))];
}

/** Those of a filter itself, whatever must match as well. */
export function ownNarrowConditions(filter: KeyFilter, now: Date): Sql[] {
  const conditions = equalities([
    ["k.account_id", filter.account],
    ["k.owner_member", filter.ownerMember],
    ["k.owner_team", filter.ownerTeam],
    ["k.service_id", filter.service],
    ["k.environment", filter.environment],
    ["k.criticality", filter.criticality],
  ]);
  if (filter.createdBy !== undefined && filter.kind === "customer") {
    conditions.push(sql`k.kind = 'customer' AND k.created_by = ${filter.createdBy}`);
  }
  for (const range of [
    rangeCondition("k.created_at", filter.created),
    rangeCondition("k.expires_or_never", filter.expires),
  ]) {
    if (range !== null) conditions.push(range);
  }
  const { status } = filter;
  if (status === "requested") conditions.push(sql`k.kind = 'requested' AND k.state = 'active'`);
  if (status === "rotating") conditions.push(sql`k.rotating_until > ${now}`);
  if (status === "revoked" || status === "suspended") conditions.push(sql`k.state = ${status}`);
  if (status === "active" || status === "expiring" || status === "expired") {
    conditions.push(expiryCondition(status, now));
  }
  if (filter.throttled === "yes") conditions.push(sql`k.throttle_until > ${now}`);
  return conditions;
}

function equalities(equal: readonly (readonly [column: string, value: string | undefined])[]): Sql[] {
  return equal.flatMap(([column, value]) => (value === undefined ? [] : [sql`${sql.raw(column)} = ${value}`]));
}

/** Of a time; of the expiry by the column that has an index, where never is beyond every range. */
export function rangeCondition(column: "k.created_at" | "k.expires_or_never", range: Range | undefined): Sql | null {
  if (range?.from === undefined && range?.to === undefined) return null;
  const time = sql.ref(column);
  const from = range.from === undefined ? sql`true` : sql`${time} >= ${range.from}`;
  const to = range.to === undefined ? sql`${time} < 'infinity'` : sql`${time} < ${range.to}`;
  return sql`${from} AND ${to}`;
}

export function filterConditions(filter: KeyFilter, texts: readonly SoughtText[], now: Date): Sql[] {
  const own = parts(filter).flatMap((part) => ownFilterConditions(part, now));
  return [sql`k.kind = ${filter.kind}`, ...own, ...texts.map(({ condition }) => condition)];
}

const LACKING: Readonly<Record<Lack, Sql>> = {
  owner: sql`k.owner_member IS NULL AND k.owner_team IS NULL`,
  service: sql`k.service_id IS NULL`,
  criticality: sql`k.criticality IS NULL`,
  refusal: sql`NOT EXISTS (SELECT FROM key_activity a WHERE a.key_id = k.id AND a.refused_hour > '-infinity')`,
};

function ownFilterConditions(filter: KeyFilter, now: Date): Sql[] {
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
    rangeCondition("k.expires_or_never", filter.expires),
  ]) {
    if (range !== null) conditions.push(range);
  }
  if (filter.lacks !== undefined) conditions.push(LACKING[filter.lacks]);
  if (filter.viewed !== undefined) conditions.push(filter.viewed);
  if (filter.scope !== undefined) conditions.push(sql`(${filter.scope} = ANY(k.scopes) OR k.tier = ${filter.scope})`);
  if (filter.status !== undefined) conditions.push(statusConditions(now)[filter.status]);
  return conditions;
}

const LAST_USED = sql`(SELECT max(u.last_used_at) FROM key_use u WHERE u.key_id = k.id)`;
