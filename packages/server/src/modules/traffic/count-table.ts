import { BOUNDS, MOST_COUNTED, OTHERS } from "./bounds.ts";

/**
 * key:   part of what a row counts
 * owner: follows from the key
 * sum:   added up
 * first, last, most: the earliest time, the latest time, the largest number
 */
export type Role = "key" | "owner" | "sum" | "first" | "last" | "most";
export type ColumnType = "text" | "boolean" | "integer" | "bigint" | "double precision" | "timestamptz";

export interface Column {
  readonly name: string;
  readonly role: Role;
  readonly type: ColumnType;
}

/** How many different values a column may have within each group; what comes beyond is counted under `OTHERS`. */
export interface Bound {
  readonly within: readonly string[];
  readonly value: string;
  readonly most: number;
  /** Values of rows where this column is true come from the platform itself and are not counted. */
  readonly unless?: string;
}

/** A table of counts. */
export interface CountTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly bound: Bound | null;
}

/** One value for each column, in their order. Times are milliseconds since the epoch. */
export type CountRow = readonly (string | number | boolean)[];

const column = (name: string, role: Role, type: ColumnType): Column => ({ name, role, type });
const text = (role: "key" | "owner", ...names: string[]): Column[] => names.map((name) => column(name, role, "text"));
const sums = (...names: string[]): Column[] => names.map((name) => column(name, "sum", "bigint"));
const startsAt = column("starts_at", "key", "timestamptz");
const mapped = column("mapped", "key", "boolean");
const seen = [column("first_seen", "first", "timestamptz"), column("last_seen", "last", "timestamptz")];

const byRoute = (name: string): CountTable => ({
  name,
  columns: [
    ...[...text("key", "key_id"), startsAt, ...text("key", "route"), mapped, ...text("key", "method", "code")],
    ...text("owner", "account_id", "environment"),
    ...sums("requests", "cost", "status_2xx", "status_3xx", "status_4xx", "status_5xx", "durations"),
    ...[column("duration_ms", "sum", "double precision"), column("duration_max_ms", "most", "double precision")],
  ],
  bound: { within: ["key_id", "starts_at"], value: "route", most: BOUNDS.paths, unless: "mapped" },
});
const byFacet = (name: string): CountTable => ({
  name,
  columns: [
    ...[...text("key", "key_id"), startsAt, ...text("key", "kind", "value"), ...text("owner", "account_id")],
    ...sums("accepted", "refused"),
  ],
  bound: { within: ["key_id", "starts_at", "kind"], value: "value", most: BOUNDS.facets },
});

/** In the order in which they are written, everywhere, so that two nodes never wait for each other in a circle; the busiest rows last. */
export const TABLES = {
  hour: byRoute("usage_hour"),
  day: byRoute("usage_day"),
  facetHour: byFacet("usage_facet_hour"),
  facetDay: byFacet("usage_facet_day"),
  outcome: {
    name: "key_outcome",
    columns: [
      ...[...text("key", "key_id"), column("version", "key", "integer"), ...text("key", "code")],
      ...text("owner", "account_id"),
      ...[column("first_at", "first", "timestamptz"), column("last_at", "last", "timestamptz")],
      ...sums("requests", "cost"),
    ],
    bound: null,
  },
  source: {
    name: "key_source",
    columns: [
      ...[...text("key", "key_id", "kind", "value"), ...text("owner", "account_id"), ...seen],
      ...sums("accepted", "refused"),
    ],
    bound: null,
  },
  endpoint: {
    name: "endpoint",
    columns: [
      ...[...text("key", "environment", "template"), mapped, ...text("key", "method"), ...seen],
      ...sums("accepted", "refused"),
    ],
    bound: { within: ["environment"], value: "template", most: BOUNDS.endpoints, unless: "mapped" },
  },
  stranger: {
    name: "stranger_hour",
    columns: [startsAt, ...text("key", "network", "code"), ...sums("requests")],
    bound: { within: ["starts_at"], value: "network", most: BOUNDS.strangers },
  },
  total: {
    name: "usage_total",
    columns: [startsAt, ...text("key", "environment", "code"), ...sums("requests", "cost")],
    bound: null,
  },
} as const satisfies Record<string, CountTable>;

export type TableName = keyof typeof TABLES;

/** No text that is counted holds it. */
export const SEPARATOR = "\u001f";

/** Rows of one table, added up in memory. */
export class Counts {
  readonly table: CountTable;
  readonly #keys: readonly number[];
  readonly #rows = new Map<string, (string | number | boolean)[]>();

  constructor(table: CountTable) {
    this.table = table;
    this.#keys = indexes(table, ({ role }) => role === "key");
  }

  add(row: CountRow): void {
    let name = "";
    for (const index of this.#keys) name += `${row[index]}${SEPARATOR}`;
    const found = this.#rows.get(name);
    if (found === undefined) this.#rows.set(name, [...row]);
    else this.#merge(found, row);
  }

  /** In one order everywhere. */
  sorted(): CountRow[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  #merge(into: (string | number | boolean)[], row: CountRow): void {
    for (const [index, { role }] of this.table.columns.entries()) {
      const [a, b] = [into[index], row[index]];
      if (typeof a === "number" && typeof b === "number" && role !== "key") into[index] = joined(role, a, b);
    }
  }
}

function joined(role: Role, a: number, b: number): number {
  if (role === "sum") return Math.min(a + b, MOST_COUNTED);
  return role === "first" ? Math.min(a, b) : Math.max(a, b);
}

function indexes(table: CountTable, wanted: (column: Column) => boolean): number[] {
  return table.columns.flatMap((each, index) => (wanted(each) ? [index] : []));
}

/** A value within its group, as the bound sees it. */
export interface BoundValue {
  readonly group: CountRow;
  readonly value: string;
  /** Of all rows with this value. */
  readonly weight: number;
  /** The hour or day of the group; 0 where there is none. */
  readonly startsAt: number;
  /** Of value and group, in its table. */
  readonly name: string;
}

/** What the bound counts: every value within every group, neither empty ones nor what stands for others. */
export function boundValues(table: CountTable, rows: readonly CountRow[], bound: Bound): BoundValue[] {
  const { within, value, unless, weigh, time } = placesOf(table, bound);
  const values = new Map<string, BoundValue & { weight: number }>();
  for (const row of rows) {
    const own = row[value] as string;
    if (own === "" || own === OTHERS || (unless !== -1 && row[unless] === true)) continue;
    let name = own;
    for (const index of within) name += `${SEPARATOR}${row[index]}`;
    let weight = 0;
    for (const index of weigh) weight += row[index] as number;
    const found = values.get(name);
    if (found !== undefined) found.weight += weight;
    else {
      const group = within.map((index) => row[index] as string | number);
      values.set(name, { group, value: own, weight, startsAt: time === -1 ? 0 : (row[time] as number), name });
    }
  }
  return [...values.values()];
}

/** The same rows with these values counted under `OTHERS`. */
export function withOthers(
  table: CountTable,
  rows: readonly CountRow[],
  bound: Bound,
  folded: readonly BoundValue[],
): readonly CountRow[] {
  if (folded.length === 0) return rows;
  const { within, value, unless } = placesOf(table, bound);
  const gone = new Set(folded.map((each) => `${each.group.join(SEPARATOR)}${SEPARATOR}${each.value}`));
  const changed = new Counts(table);
  for (const row of rows) {
    const name = `${within.map((index) => row[index]).join(SEPARATOR)}${SEPARATOR}${row[value]}`;
    const goes = gone.has(name) && !(unless !== -1 && row[unless] === true);
    changed.add(goes ? row.map((each, index) => (index === value ? OTHERS : each)) : row);
  }
  return changed.sorted();
}

function placesOf(table: CountTable, bound: Bound) {
  const place = (name: string): number => table.columns.findIndex((each) => each.name === name);
  return {
    within: bound.within.map(place),
    time: bound.within.includes("starts_at") ? place("starts_at") : -1,
    value: place(bound.value),
    unless: bound.unless === undefined ? -1 : place(bound.unless),
    weigh: indexes(table, ({ name }) => name === "requests" || name === "accepted" || name === "refused"),
  };
}
