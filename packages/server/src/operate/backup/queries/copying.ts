/**
 * Reading rows so that what changes meanwhile can be found again. PostgreSQL keeps with every row the number of the
 * transaction that wrote it. A snapshot's horizon is the oldest number that was still running: everything below had ended
 * before. So whatever a later snapshot sees and this one did not was written under a number from its horizon on.
 */
import { type RawBuilder, sql } from "kysely";
import { type Database, PLATFORM, type Tx } from "../../../db/index.ts";
import type { KeyValues, Row, TableShape } from "../frames.ts";

/** Transaction numbers have 32 bits and go round; of two, the one less than half a round ahead is the later. */
const ROUND = 4_294_967_296;

export interface Range {
  readonly after: KeyValues | null;
  readonly upTo: KeyValues | null;
}

export const EVERYTHING: Range = { after: null, upTo: null };

/** One snapshot for all that `work` reads. `timeoutMs` bounds each statement. */
export function inSnapshot<T>(database: Database, timeoutMs: number, work: (tx: Tx) => Promise<T>): Promise<T> {
  return database.transaction(
    PLATFORM,
    async (tx) => {
      // So that the text of a value is the same everywhere.
      await sql`SELECT set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
        set_config('IntervalStyle', 'postgres', true), set_config('bytea_output', 'hex', true),
        set_config('extra_float_digits', '1', true)`.execute(tx);
      return work(tx);
    },
    { isolation: "repeatable read", statementTimeoutMs: timeoutMs },
  );
}

export async function readHorizon(tx: Tx): Promise<number> {
  const { rows } = await sql<{ horizon: number }>`
    SELECT (pg_snapshot_xmin(pg_current_snapshot())::text::numeric % ${sql.lit(ROUND)})::bigint AS horizon`.execute(tx);
  const row = rows[0];
  if (row === undefined) throw new TypeError("a query without a table yields one row");
  return row.horizon;
}

/** In the order of the key, `limit` at most; with `newerThan` only those written since that horizon. */
export async function readRows(
  tx: Tx,
  shape: TableShape,
  range: Range,
  limit: number,
  newerThan?: number,
): Promise<Row[]> {
  const texts = shape.columns.map(({ name }, index) => sql`t.${sql.id(name)}::text AS ${sql.id(`c${index}`)}`);
  const newer = newerThan === undefined ? sql`true` : isNewer(newerThan);
  const { rows } = await sql<Record<string, string | null>>`
    SELECT ${sql.join(texts)} FROM ${sql.id(shape.name)} t
    WHERE ${within(shape, range)} AND ${newer} ORDER BY ${sql.join(keyColumns(shape))} LIMIT ${limit}`.execute(tx);
  return rows.map((row) => shape.columns.map((_, index) => row[`c${index}`] ?? null));
}

/** How many rows the range has, and how many of them were written since that horizon. */
export async function countRange(
  tx: Tx,
  shape: TableShape,
  range: Range,
  horizon: number,
): Promise<{ readonly rows: number; readonly newer: number }> {
  const { rows } = await sql<{ rows: number; newer: number }>`
    SELECT count(*) AS rows, count(*) FILTER (WHERE ${isNewer(horizon)}) AS newer
    FROM ${sql.id(shape.name)} t WHERE ${within(shape, range)}`.execute(tx);
  return rows[0] ?? { rows: 0, newer: 0 };
}

export async function countRows(tx: Tx, shape: TableShape): Promise<number> {
  const { rows } = await sql<{ rows: number }>`SELECT count(*) AS rows FROM ${sql.id(shape.name)}`.execute(tx);
  return rows[0]?.rows ?? 0;
}

export async function readAuditHead(tx: Tx): Promise<{ readonly seq: number; readonly hash: string }> {
  const head = await tx.selectFrom("audit_head").select(["seq", "hash"]).executeTakeFirstOrThrow();
  return { seq: head.seq, hash: Buffer.from(head.hash).toString("hex") };
}

function isNewer(horizon: number): RawBuilder<boolean> {
  return sql`((t.xmin::text::bigint - ${sql.lit(horizon)} + ${sql.lit(ROUND)}) % ${sql.lit(ROUND)}) < ${sql.lit(ROUND / 2)}`;
}

function within(shape: TableShape, { after, upTo }: Range): RawBuilder<boolean> {
  const key = sql`(${sql.join(keyColumns(shape))})`;
  const parts: RawBuilder<unknown>[] = [];
  if (after !== null) parts.push(sql`${key} > (${sql.join(keyValues(shape, after))})`);
  if (upTo !== null) parts.push(sql`${key} <= (${sql.join(keyValues(shape, upTo))})`);
  return parts.length === 0 ? sql<boolean>`true` : sql<boolean>`${sql.join(parts, sql` AND `)}`;
}

function keyColumns(shape: TableShape): RawBuilder<unknown>[] {
  return shape.key.map((name) => sql`t.${sql.id(name)}`);
}

function keyValues(shape: TableShape, values: KeyValues): RawBuilder<unknown>[] {
  return shape.key.map((name, index) => {
    const type = shape.columns.find((column) => column.name === name)?.type;
    if (type === undefined) throw new TypeError(`${shape.name} has no column ${name}`);
    return sql`${values[index] ?? ""}::text::${sql.raw(type)}`;
  });
}
