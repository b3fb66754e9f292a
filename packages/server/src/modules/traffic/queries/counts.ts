import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import { MOST_COUNTED, OTHERS } from "../bounds.ts";
import {
  type Bound,
  type BoundValue,
  boundValues,
  type Column,
  type CountRow,
  type CountTable,
  SEPARATOR,
  withOthers,
} from "../count-table.ts";
import type { LearnedValues } from "../known-values.ts";

/**
 * Adds rows to their table: a statement for some thousand, and one before them where callers could make the table grow by values that
 * are not known to be there.
 */
export async function addCounts(
  tx: Tx,
  table: CountTable,
  rows: readonly CountRow[],
  known: LearnedValues,
): Promise<void> {
  // What one slice adds, the bound of the next one sees.
  for (const slice of slicesOf(rows)) {
    const kept = table.bound === null ? slice : await withinBound(tx, table, slice, table.bound, known);
    await upsert(table, kept).execute(tx);
  }
}

/** The same for sources, whose bound is kept afterwards; returns the keys that have new ones. */
export async function addSources(tx: Tx, table: CountTable, rows: readonly CountRow[]): Promise<string[]> {
  const fresh = new Set<string>();
  for (const slice of slicesOf(rows)) {
    const added = sql<{ key: string }>`
      WITH done AS (${upsert(table, slice)} RETURNING t.key_id, t.xmax = 0 AS fresh)
      SELECT DISTINCT key_id AS key FROM done WHERE fresh`;
    for (const { key } of (await added.execute(tx)).rows) fresh.add(key);
  }
  return [...fresh];
}

/** Rows of one statement: what it takes to write it down is done in one turn of the event loop. */
const ROWS_AT_ONCE = 2_000;

function slicesOf(rows: readonly CountRow[]): readonly CountRow[][] {
  const slices: CountRow[][] = [];
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) slices.push(rows.slice(at, at + ROWS_AT_ONCE));
  return slices;
}

function upsert({ name, columns }: CountTable, rows: readonly CountRow[]): RawBuilder<unknown> {
  const names = sql.join(columns.map((each) => sql.ref(each.name)));
  const keys = sql.join(columns.filter(({ role }) => role === "key").map((each) => sql.ref(each.name)));
  return sql`INSERT INTO ${sql.table(name)} AS t (${names}) SELECT * FROM ${given(columns, rows)}
    ON CONFLICT (${keys}) DO UPDATE SET ${sql.join(columns.flatMap(changeOf))}`;
}

function changeOf({ name, role, type }: Column): RawBuilder<unknown>[] {
  const column = sql.ref(name);
  const [old, added] = [sql`t.${column}`, sql`excluded.${column}`];
  switch (role) {
    case "sum":
      return [
        type === "bigint"
          ? sql`${column} = least(${old} + ${added}, ${sql.lit(MOST_COUNTED)})`
          : sql`${column} = ${old} + ${added}`,
      ];
    case "first":
      return [sql`${column} = least(${old}, ${added})`];
    case "last":
    case "most":
      return [sql`${column} = greatest(${old}, ${added})`];
    case "key":
    case "owner":
      return [];
  }
  return role satisfies never;
}

/**
 * Rows as a table. The driver escapes each element of an array, which costs several times as much as one text that the
 * database splits. A last element keeps a list of one empty text from being an empty list.
 */
function given(columns: readonly Column[], rows: readonly CountRow[]): RawBuilder<unknown> {
  const lists = columns.map(({ type }, index) => {
    if (type === "integer" || type === "bigint" || type === "double precision") {
      return sql`${`{${rows.map((row) => row[index]).join(",")}}`}::${sql.raw(type)}[]`;
    }
    const texts = rows.map((row) => textOf(type, row[index]));
    const split = sql`(string_to_array(${`${texts.join(SEPARATOR)}${SEPARATOR}`}, ${SEPARATOR}))[1:${sql.lit(rows.length)}]`;
    return type === "text" ? split : sql`${split}::${sql.raw(type)}[]`;
  });
  return sql`unnest(${sql.join(lists)}) AS g (${sql.join(columns.map(({ name }) => sql.ref(name)))})`;
}

const moments = new Map<number, string>();
const MOMENTS = 1_000;

function textOf(type: Column["type"], value: CountRow[number] | undefined): string {
  if (type !== "timestamptz") return String(value);
  const known = moments.get(value as number);
  if (known !== undefined) return known;
  const text = new Date(value as number).toISOString();
  if (moments.size >= MOMENTS) moments.clear();
  moments.set(value as number, text);
  return text;
}

/** The same rows with what is new to the table and beyond its bound counted under `OTHERS`. */
async function withinBound(
  tx: Tx,
  table: CountTable,
  rows: readonly CountRow[],
  bound: Bound,
  known: LearnedValues,
): Promise<readonly CountRow[]> {
  const values = boundValues(table, rows, bound).filter(({ startsAt, name }) => !known.has(table.name, startsAt, name));
  if (values.length === 0) return rows;
  const beyond = await beyondBound(tx, table, bound, values);
  const gone = new Set(beyond);
  for (const value of values) if (!gone.has(value)) known.add(table.name, value.startsAt, value.name);
  return withOthers(table, rows, bound, beyond);
}

/** Sub-selects with a limit are asked of the index, row by row, whatever the planner takes the size of the table for. */
async function beyondBound(
  tx: Tx,
  table: CountTable,
  bound: Bound,
  values: readonly BoundValue[],
): Promise<BoundValue[]> {
  const typed = (name: string): Column => table.columns.find((each) => each.name === name) as Column;
  const columns: Column[] = [
    ...bound.within.map(typed),
    typed(bound.value),
    { name: "weight", role: "sum", type: "bigint" },
    { name: "place", role: "key", type: "bigint" },
  ];
  const rows = values.map(({ group, value, weight }, index) => [
    ...group,
    value,
    Math.min(weight, MOST_COUNTED),
    index,
  ]);
  const value = sql.ref(bound.value);
  const same = (other: string): RawBuilder<unknown> =>
    sql.join(
      bound.within.map((name) => sql`t.${sql.ref(name)} = ${sql.ref(`${other}.${name}`)}`),
      sql` AND `,
    );
  const counted = bound.unless === undefined ? sql`true` : sql`NOT t.${sql.ref(bound.unless)}`;
  const group = (of: string): RawBuilder<unknown> => sql.join(bound.within.map((name) => sql.ref(`${of}.${name}`)));
  const joins = sql.join(
    bound.within.map((name) => sql`h.${sql.ref(name)} = f.${sql.ref(name)}`),
    sql` AND `,
  );
  const { rows: found } = await sql<{ place: number }>`
    WITH fresh AS MATERIALIZED (
      SELECT g.*, row_number() OVER (PARTITION BY ${group("g")} ORDER BY g.weight DESC, g.place) AS rank
      FROM ${given(columns, rows)}
      WHERE (SELECT true FROM ${sql.table(table.name)} t WHERE ${same("g")} AND t.${value} = g.${value} AND ${counted} LIMIT 1) IS NULL),
    have AS MATERIALIZED (
      SELECT f.*, (SELECT count(DISTINCT t.${value}) FROM ${sql.table(table.name)} t
        WHERE ${same("f")} AND ${counted} AND t.${value} NOT IN ('', ${sql.lit(OTHERS)})) AS known
      FROM (SELECT DISTINCT ${group("fresh")} FROM fresh) f)
    SELECT f.place FROM fresh f JOIN have h ON ${joins} WHERE f.rank + h.known > ${sql.lit(bound.most)}`.execute(tx);
  return found.map(({ place }) => values[place] as BoundValue);
}
