/**
 * Where a backup is put before it counts: tables of the same columns in a schema of their own, without constraints but the
 * key, so that rows may come in any order. One transaction then moves everything to its place, or nothing. Runs as the role
 * that owns the tables.
 */
import pg from "pg";
import { notEmpty } from "../../errors.ts";
import type { Chunk, Newer, Row, TableShape } from "../frames.ts";

const SCHEMA = "claviger_restore";
const CHUNK = "claviger_chunk";

export interface Loading {
  readonly backup: string;
  /** Records of the file that are in. */
  readonly records: number;
  /** `loaded`: all rows are in their place. */
  readonly state: "loading" | "loaded";
}

const id = (name: string): string => pg.escapeIdentifier(name);
const staged = (name: string): string => `${SCHEMA}.${id(name)}`;
const real = (name: string): string => `claviger.${id(name)}`;
const list = (names: readonly string[]): string => names.map(id).join(", ");

/** So that the text of a value means the same as where it was written. */
export async function prepareSession(client: pg.Client): Promise<void> {
  await client.query(
    `SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO, YMD', false),
      set_config('IntervalStyle', 'postgres', false), set_config('statement_timeout', '0', false),
      set_config('client_min_messages', 'warning', false)`,
  );
}

/** Null where no restore was begun. */
export async function readLoading(client: pg.Client): Promise<Loading | null> {
  const { rows: known } = await client.query<{ known: boolean }>(
    `SELECT to_regclass('${SCHEMA}.loading') IS NOT NULL AS known`,
  );
  if (known[0]?.known !== true) return null;
  const { rows } = await client.query<Loading>(`SELECT backup, records, state FROM ${SCHEMA}.loading`);
  return rows[0] ?? null;
}

export async function dropStaging(client: pg.Client): Promise<void> {
  await client.query(`DROP SCHEMA IF EXISTS ${SCHEMA} CASCADE`);
}

export async function makeStaging(client: pg.Client, tables: readonly TableShape[], backup: string): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(`CREATE SCHEMA ${SCHEMA}`);
    for (const { name, columns, key } of tables) {
      const names = list(columns.map((column) => column.name));
      await client.query(`CREATE TABLE ${staged(name)} AS SELECT ${names} FROM ${real(name)} WITH NO DATA`);
      await client.query(`ALTER TABLE ${staged(name)} ADD ${CHUNK} integer, ADD PRIMARY KEY (${list(key)})`);
      await client.query(`CREATE INDEX ON ${staged(name)} (${CHUNK})`);
    }
    await client.query(
      `CREATE TABLE ${SCHEMA}.loading (backup text NOT NULL, records bigint NOT NULL, state text NOT NULL)`,
    );
    await client.query(`INSERT INTO ${SCHEMA}.loading VALUES ($1, 0, 'loading')`, [backup]);
  });
}

/** Puts a frame's rows in; with it the number of its record, so that it is never put in twice. */
export async function stageFrame(
  client: pg.Client,
  shape: TableShape,
  frame: Chunk | Newer,
  rows: readonly Row[],
  record: number,
): Promise<void> {
  await inTransaction(client, async () => {
    if (frame.kind === "chunk" && frame.replaces.length > 0) {
      await client.query(`DELETE FROM ${staged(shape.name)} WHERE ${CHUNK} = ANY ($1)`, [frame.replaces]);
    }
    if (rows.length > 0) await stageRows(client, shape, rows, frame.kind === "chunk" ? frame.id : null);
    await client.query(`UPDATE ${SCHEMA}.loading SET records = $1`, [record]);
  });
}

/** `chunk` null: the rows stand for those with the same key. */
export async function stageRows(
  client: pg.Client,
  { name, columns, key }: TableShape,
  rows: readonly Row[],
  chunk: number | null,
): Promise<void> {
  const names = columns.map((column) => column.name);
  const casts = columns.map(({ type }, index) => `v${index}::${type}`);
  const arrays = columns.map((_, index) => `$${index + 2}::text[]`);
  const values = columns.map((_, index) => `v${index}`);
  const changes = [...names.filter((column) => !key.includes(column)), CHUNK].map(
    (c) => `${id(c)} = excluded.${id(c)}`,
  );
  const conflict = chunk === null ? `ON CONFLICT (${list(key)}) DO UPDATE SET ${changes.join(", ")}` : "";
  await client.query(
    `INSERT INTO ${staged(name)} (${list(names)}, ${CHUNK})
     SELECT ${casts.join(", ")}, $1::integer FROM unnest(${arrays.join(", ")}) AS given (${values.join(", ")}) ${conflict}`,
    [chunk, ...columns.map((_, index) => rows.map((row) => row[index] ?? null))],
  );
}

export async function countStaged(client: pg.Client, table: string): Promise<number> {
  const { rows } = await client.query<{ count: number }>(`SELECT count(*) AS count FROM ${staged(table)}`);
  return rows[0]?.count ?? 0;
}

/** Pepper versions that rows of keys were made with. */
export async function stagedPeppers(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query<{ version: number }>(
    `SELECT DISTINCT pepper_version AS version FROM ${staged("key_version")}`,
  );
  return rows.map(({ version }) => version);
}

/** What tells an installation that was used from a new one. */
const USED = ["account", "api_key", "audit_event"];

async function hasRows(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ used: boolean }>(
    `SELECT ${USED.map((name) => `EXISTS (SELECT FROM ${real(name)})`).join(" OR ")} AS used`,
  );
  return rows[0]?.used === true;
}

/** Row-level security for the owner as well; without it, the owner sees and writes all rows. Others notice nothing. */
async function forceIsolation(client: pg.Client, tables: readonly string[], on: boolean): Promise<void> {
  for (const table of tables) {
    await client.query(`ALTER TABLE ${real(table)} ${on ? "FORCE" : "NO FORCE"} ROW LEVEL SECURITY`);
  }
}

/** Tables on which row-level security is forced. */
async function forcedTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'claviger'::regnamespace AND relforcerowsecurity
       AND relkind IN ('r', 'p')`,
  );
  return rows.map(({ name }) => name);
}

/**
 * Moves everything to its place in one transaction: every constraint is checked as the rows go in, triggers that watch over
 * acts are not asked. The installation gets an identity of its own, so that whoever knew the old one forgets it. Throws
 * OperateError INSTALLATION_NOT_EMPTY, and changes nothing, where somebody has used the installation meanwhile.
 */
export async function moveIntoPlace(client: pg.Client, tables: readonly TableShape[]): Promise<void> {
  await inTransaction(client, async () => {
    const forced = await forcedTables(client);
    // This also locks them against everybody else until the end.
    await forceIsolation(client, forced, false);
    const names = tables.map(({ name }) => name);
    if (await hasRows(client)) throw notEmpty();
    for (const { name, partitions } of tables) {
      await client.query(`ALTER TABLE ${real(name)} DISABLE TRIGGER USER`);
      for (const part of partitions) {
        await client.query(`CREATE TABLE IF NOT EXISTS ${real(part.name)} PARTITION OF ${real(name)} ${part.bound}`);
      }
    }
    // What migrations put there is in the backup as well, as it was in the end.
    for (const name of names.toReversed()) await client.query(`DELETE FROM ${real(name)}`);
    for (const { name, columns } of tables) {
      const columnNames = list(columns.map((column) => column.name));
      await client.query(
        `INSERT INTO ${real(name)} (${columnNames}) OVERRIDING SYSTEM VALUE SELECT ${columnNames} FROM ${staged(name)}`,
      );
    }
    await rebuildActivity(client);
    await client.query("DELETE FROM claviger.node");
    await client.query("DELETE FROM claviger.change_log");
    await client.query("UPDATE claviger.cluster SET id = gen_random_uuid()");
    for (const name of names) await client.query(`ALTER TABLE ${real(name)} ENABLE TRIGGER USER`);
    await forceIsolation(client, forced, true);
    await client.query(`UPDATE ${SCHEMA}.loading SET state = 'loaded'`);
  });
}

/** In this order: the later ones add to what the first one writes. */
const REBUILDING = ["rebuild_activity", "rebuild_sources", "rebuild_tally", "rebuild_words", "reopen_periods"];

/** What triggers keep beside the rows. A backup from before there were such has it made by the migration that brings them. */
async function rebuildActivity(client: pg.Client): Promise<void> {
  for (const name of REBUILDING) {
    const { rows } = await client.query<{ known: boolean }>("SELECT to_regprocedure($1) IS NOT NULL AS known", [
      `claviger.${name}()`,
    ]);
    if (rows[0]?.known === true) await client.query(`SELECT claviger.${name}()`);
  }
}

/** So that the first queries are planned as well as later ones. */
export async function analyze(client: pg.Client, tables: readonly TableShape[]): Promise<void> {
  for (const { name } of tables) await client.query(`ANALYZE ${real(name)}`);
}

async function inTransaction<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  await client.query("BEGIN");
  try {
    const result = await work();
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
