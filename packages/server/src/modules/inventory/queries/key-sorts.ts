/**
 * The orders of a list of keys `k`. Each says how keys that are at hand are sorted, and in which stretches all of them are walked: one
 * after the other, each in the order of an index. Ties are by id.
 */
import { type RawBuilder, sql } from "kysely";
import type { CursorKind } from "../../../kernel/cursor.ts";
import { type Key, type KeyStatus, ownerOf, statusOf } from "../../keys/index.ts";
import { type KeyFilter, parts, said } from "./key-conditions.ts";
import { statusConditions } from "./status.ts";

type Sql = RawBuilder<unknown>;

/** What a key is sorted by, as a cursor holds it: times in UTC with milliseconds, null where there is none. */
export type SortValue = string | number | null;
/** Where a list goes on: after the key of this value and id. */
export type Place = readonly [value: SortValue, id: string];

/** What an index is walked by: a column of the key, or of what is known of its use. */
export type WalkColumn =
  | ("id" | "created_at" | "label" | "expires_or_never" | "used_hour" | "refused_hour" | "account_id")
  | ("environment" | "service_id" | "owner_member" | "owner_team" | "created_by" | "criticality");

export interface Stretch {
  readonly column: WalkColumn;
  /** All its keys have this value, and are in the order of their ids; not given: the column's own. */
  readonly value?: SortValue;
  /** Holds for its keys, beside the filter of the list. */
  readonly filter?: Omit<KeyFilter, "kind">;
  /** Whether a place with this value is in it. */
  holds(value: SortValue): boolean;
}

/** `sorted`: of an order that is none of the key's own columns, what it is. */
export type SortedKey = Key & { readonly sorted: Date | number | null };

export interface SortRule {
  readonly cursor: CursorKind;
  /** Whether a value is one that keys can have; not given: all of the cursor's kind are. */
  readonly values?: readonly SortValue[];
  /** The column `sorted`, of a key `k`. */
  readonly computed?: (now: Date) => Sql;
  /** At most so many keys at hand are sorted by it; not given: as many as are gathered. */
  readonly most?: number;
  /** What keys at hand are ordered by before their ids. */
  order(now: Date): readonly Sql[];
  /** The same of a value. */
  bounds(value: SortValue): readonly Sql[];
  valueOf(key: SortedKey, now: Date): SortValue;
  /** In ascending order, as far as keys of the filter can be there. Null: there is no index, and keys at hand alone can be sorted. */
  stretches(filter: KeyFilter): readonly Stretch[] | null;
}

const anything = (): boolean => true;
const timeOf = (time: Date | number | null): string | null => (time instanceof Date ? time.toISOString() : null);

/** By a time of the key; `never` stands for a value that is not there. */
function byTime(column: "created_at" | "expires_or_never", of: (key: Key) => Date | null): SortRule {
  return {
    cursor: "time?",
    order: () => [sql.ref(`k.${column}`)],
    bounds: (value) => [sql`${value ?? "infinity"}::timestamptz`],
    valueOf: (key) => timeOf(of(key)),
    stretches: () => [{ column, holds: anything }],
  };
}

/** By the hour of the last use or refusal; management keys have no row of activity. */
function byHour(column: "used_hour" | "refused_hour", stretches: readonly Stretch[]): SortRule {
  return {
    cursor: "time?",
    computed: () =>
      sql`coalesce((SELECT ${sql.ref(`a.${column}`)} FROM key_activity a WHERE a.key_id = k.id), '-infinity')`,
    order: () => [sql`k.sorted`],
    bounds: (value) => [sql`${value ?? "-infinity"}::timestamptz`],
    valueOf: ({ sorted }) => timeOf(sorted),
    stretches: () => stretches,
  };
}

/** By text that every key has. */
function byText(column: "id" | "label" | "account_id" | "created_by", of: (key: Key) => string): SortRule {
  return {
    cursor: "string",
    order: () => [sql.ref(`k.${column}`)],
    bounds: (value) => [sql`${value}::text`],
    valueOf: of,
    // The index of creators holds customers' keys alone.
    stretches: ({ kind }) => (column === "created_by" && kind !== "customer" ? null : [{ column, holds: anything }]),
  };
}

/** By text that keys may lack; these come last. */
function byTextIfAny(column: string, of: (key: Key) => string | null, stretches: SortRule["stretches"]): SortRule {
  const text = sql.ref(`k.${column}`);
  return {
    cursor: "string?",
    order: () => [sql`(${text} IS NULL)`, sql`coalesce(${text}, '')`],
    bounds: (value) => [sql`${value === null}::boolean`, sql`${value ?? ""}::text`],
    valueOf: of,
    stretches,
  };
}

const isThere = (value: SortValue): boolean => value !== null;
const isNone = (value: SortValue): boolean => value === null;
/** Keys that lack something stand in the order of their ids among all others. */
const lacking = (lacks: KeyFilter["lacks"]): Stretch => ({
  column: "id",
  value: null,
  filter: { lacks },
  holds: isNone,
});

/** Stretches that may hold keys of which the value is known; all, where it is not. */
function ofKnown(stretches: readonly Stretch[], known: SortValue | undefined): readonly Stretch[] {
  return known === undefined ? stretches : stretches.filter(({ holds }) => holds(known));
}

const lacks = (filter: KeyFilter, what: KeyFilter["lacks"]): boolean =>
  parts(filter).some((part) => part.lacks === what);

const byService = byTextIfAny(
  "service_id",
  ({ service }) => service,
  (filter) =>
    ofKnown(
      [{ column: "service_id", holds: isThere }, lacking("service")],
      lacks(filter, "service") ? null : said(filter, ({ service }) => service),
    ),
);

const byEnvironment = byTextIfAny(
  "environment",
  ({ environment }) => environment,
  // Management keys alone have none.
  ({ kind }) =>
    kind === "management"
      ? [{ column: "id", value: null, holds: anything }]
      : [{ column: "environment", holds: isThere }],
);

const TEAM = "team:";
const isTeam = (value: SortValue): boolean => String(value).startsWith(TEAM);

/** Members by their ids, then teams by name, then what nobody owns. */
const byOwner: SortRule = {
  cursor: "string?",
  order: () => [
    sql`CASE WHEN k.owner_member IS NOT NULL THEN 0 WHEN k.owner_team IS NOT NULL THEN 1 ELSE 2 END`,
    sql`coalesce(k.owner_member, k.owner_team, '')`,
  ],
  bounds: (value) => {
    if (value === null) return [sql`2`, sql`''`];
    return isTeam(value) ? [sql`1`, sql`${String(value).slice(TEAM.length)}::text`] : [sql`0`, sql`${value}::text`];
  },
  valueOf: (key) => ownerOf(key),
  stretches: (filter) => {
    const of = ({ ownerMember, ownerTeam }: KeyFilter) =>
      ownerMember ?? (ownerTeam === undefined ? undefined : `${TEAM}${ownerTeam}`);
    const stretches: Stretch[] = [
      { column: "owner_member", holds: (value) => value !== null && !isTeam(value) },
      { column: "owner_team", holds: isTeam },
      lacking("owner"),
    ];
    // The index of owners holds customers' keys alone.
    return filter.kind === "customer" ? ofKnown(stretches, lacks(filter, "owner") ? null : said(filter, of)) : null;
  },
};

/** By a value of few, in an order that is not that of the text. */
function byRank<T extends string | null>(
  ranks: readonly T[],
  rankOf: (now: Date) => Sql,
  of: (key: Key, now: Date) => T,
  stretches: SortRule["stretches"],
): SortRule {
  return {
    cursor: "string?",
    values: ranks,
    order: (now) => [rankOf(now)],
    bounds: (value) => [sql.lit((ranks as readonly SortValue[]).indexOf(value))],
    valueOf: of,
    stretches,
  };
}

const CRITICALITIES = [null, "low", "medium", "high", "critical"] as const;
type Criticality = (typeof CRITICALITIES)[number];

const byCriticality = byRank(
  CRITICALITIES,
  () =>
    sql`CASE k.criticality WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 WHEN 'critical' THEN 4 ELSE 0 END`,
  ({ criticality }) => criticality as Criticality,
  (filter) => {
    const stretches = CRITICALITIES.map((criticality): Stretch => {
      if (criticality === null) return lacking("criticality");
      return {
        column: "criticality",
        value: criticality,
        filter: { criticality },
        holds: (value) => value === criticality,
      };
    });
    return ofKnown(stretches, lacks(filter, "criticality") ? null : said(filter, ({ criticality }) => criticality));
  },
);

const STATUSES = ["requested", "active", "expiring", "rotating", "suspended", "expired", "revoked"] as const;

/** The statuses that keys of a filter can have. */
function statusesOf(filter: KeyFilter): readonly KeyStatus[] {
  const sets = parts(filter).flatMap(({ status, viewedStatuses }) => [
    status === undefined ? STATUSES : [status],
    viewedStatuses ?? STATUSES,
  ]);
  const possible = STATUSES.filter((status) => sets.every((set) => set.includes(status)));
  return filter.kind === "requested" ? possible : possible.filter((status) => status !== "requested");
}

const byStatus = byRank(
  STATUSES,
  (now) => {
    const ranks = Object.entries(statusConditions(now)).map(
      ([status, is]) => sql`WHEN ${is} THEN ${sql.lit(STATUSES.indexOf(status as KeyStatus))}`,
    );
    return sql`CASE ${sql.join(ranks, sql` `)} END`;
  },
  (key, now) => statusOf(key, now.getTime()),
  (filter) =>
    statusesOf(filter).map((status) => ({
      ...{ column: "id", value: status, filter: { status } },
      holds: (value) => value === status,
    })),
);

/** Days of the last month, the one that runs included. */
const MONTH_DAYS = 30;

export function requests30d(key: Sql, now: Date): RawBuilder<number> {
  return sql<number>`coalesce((SELECT sum(d.requests)::bigint FROM key_use_day d
    WHERE d.key_id = ${key} AND d.day > (${now}::timestamptz AT TIME ZONE 'UTC')::date - ${sql.lit(MONTH_DAYS)}), 0)`;
}

/** For each of these the counts of a month are added up. */
const MOST_SUMMED = 2_000;

const RULES = {
  id: byText("id", ({ id }) => id),
  createdAt: byTime("created_at", ({ createdAt }) => createdAt),
  label: byText("label", ({ label }) => label),
  /** Keys that never expire are the latest. */
  expiresAt: byTime("expires_or_never", ({ expiresAt }) => expiresAt),
  /** To the hour; keys never used are the earliest. */
  lastUsedAt: byHour("used_hour", [{ column: "used_hour", holds: anything }]),
  /** The same of refusals. */
  lastRefusedAt: byHour("refused_hour", [lacking("refusal"), { column: "refused_hour", holds: isThere }]),
  account: byText("account_id", ({ account }) => account),
  environment: byEnvironment,
  service: byService,
  owner: byOwner,
  createdBy: byText("created_by", ({ createdBy }) => createdBy),
  /** Keys that lack it are the least critical. */
  criticality: byCriticality,
  status: byStatus,
  requests30d: {
    cursor: "number",
    most: MOST_SUMMED,
    computed: (now) => requests30d(sql`k.id`, now),
    order: () => [sql`k.sorted`],
    bounds: (value) => [sql`${value}::bigint`],
    valueOf: ({ sorted }) => Number(sorted),
    stretches: () => null,
  },
  purpose: byTextIfAny(
    "purpose",
    ({ purpose }) => purpose,
    () => null,
  ),
  storedIn: byTextIfAny(
    "stored_in",
    ({ storedIn }) => storedIn,
    () => null,
  ),
  runbookUrl: byTextIfAny(
    "runbook_url",
    ({ runbookUrl }) => runbookUrl,
    () => null,
  ),
} as const satisfies Readonly<Record<string, SortRule>>;

export type KeySortField = keyof typeof RULES;
export type KeySort = KeySortField | `-${KeySortField}`;

export const KEY_SORTS: readonly KeySort[] = Object.keys(RULES).flatMap((field) => [field, `-${field}`] as KeySort[]);

/** How a list is ordered; `reverse` turns it round, ids too. */
export function sortOf(sort: KeySort): { readonly rule: SortRule; readonly reverse: boolean } {
  const reverse = sort.startsWith("-");
  return { rule: RULES[(reverse ? sort.slice(1) : sort) as KeySortField], reverse };
}
