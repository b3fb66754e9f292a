/**
 * Copies all tables so that the copy is the state of one moment, though no snapshot lives longer than a minute.
 *
 * 1. Chunk by chunk, each in a snapshot of its own.
 * 2. What was written meanwhile, in walks over the tables, each shorter than the one before.
 * 3. In one snapshot over all tables, what was written since the last walk. The copy is the state that this snapshot sees.
 *
 * How a table is followed depends on what may happen to its rows:
 * `append`  none go: what a walk finds newer is added, or stands for what was copied under the same key.
 * `replace` rows may go: a chunk in whose range anything was written, or whose number of rows is another, is copied again.
 * `loose`   counts of uses: copied once, each chunk true as of some moment of the backup.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Database, Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { OperateError } from "../errors.ts";
import { type Piece, sameKey, type TableProgress } from "./copy-progress.ts";
import type { Chunk, Content, KeyValues, Row, Seal, TableSeal, TableShape } from "./frames.ts";
import {
  countRange,
  countRows,
  EVERYTHING,
  inSnapshot,
  readAuditHead,
  readHorizon,
  readRows,
} from "./queries/copying.ts";

export interface CopyPorts {
  readonly database: Database;
  readonly clock: Clock;
  /** Every table, in the order in which they are to be filled. */
  readonly tables: readonly TableProgress[];
  /** Takes the frame into the table's progress and into the file. */
  write(content: Content): Promise<void>;
  nextChunkId(): number;
  readonly sizes: CopySizes;
  onRows(rows: number): void;
}

export interface CopySizes {
  /** Rows of a chunk. */
  readonly chunkRows: number;
  /** Rows that the last snapshot may find changed; they are held in memory until it has ended. */
  readonly sealedRows: number;
  /** Milliseconds before the walk after one that found more than that; grows with each. */
  readonly pauseMs: number;
}

export const COPY_SIZES: CopySizes = { chunkRows: 2_000, sealedRows: 50_000, pauseMs: 500 };
const STATEMENT_MS = 50_000;
/** The design forbids older snapshots on the primary. */
const SNAPSHOT_MS = 55_000;
const WALKS = 12;

/** Goes on with whatever the tables' progress says is missing. Returns the seal, which is not written yet. */
export async function copyTables(ports: CopyPorts): Promise<Omit<Seal, "kind" | "tables"> & { tables: SealedTables }> {
  for (const table of ports.tables) await copyMissing(ports, table);
  for (let walk = 0; walk < WALKS; walk += 1) {
    let found = 0;
    for (const table of ports.tables) found += await walkOver(ports, table);
    const sealed = found > ports.sizes.sealedRows ? null : await sealInOneSnapshot(ports);
    if (sealed === null) {
      // What was written since the oldest transaction that is still open is found again by every walk until it has ended.
      await pause(ports.sizes.pauseMs * (walk + 1));
      continue;
    }
    for (const content of sealed.contents) await ports.write(content);
    return { takenAt: sealed.takenAt, auditHead: sealed.auditHead, tables: sealed.tables };
  }
  throw new OperateError(
    "BACKUP_IMPOSSIBLE",
    "the installation changes faster than it can be copied, or a transaction stays open on its server; try again with --resume when it is quieter",
  );
}

/** Rows by table, as of the seal; the digests come when everything is written. */
export type SealedTables = Readonly<Record<string, Pick<TableSeal, "rows">>>;

async function copyMissing(ports: CopyPorts, table: TableProgress): Promise<void> {
  for (;;) {
    const piece = table.pieces().find(({ chunk }) => chunk === null);
    if (piece === undefined) return;
    await ports.write(await inSnapshot(ports.database, STATEMENT_MS, (tx) => readChunk(ports, tx, table.shape, piece)));
  }
}

/** The first rows of a piece as a chunk; where there are more, it does not reach the piece's end. */
async function readChunk(ports: CopyPorts, tx: Tx, shape: TableShape, piece: Piece): Promise<Content> {
  const { chunkRows } = ports.sizes;
  const horizon = await readHorizon(tx);
  const rows = await readRows(tx, shape, piece, chunkRows);
  ports.onRows(rows.length);
  const last = rows.length < chunkRows ? undefined : rows.at(-1);
  const frame: Chunk = {
    ...{ kind: "chunk", table: shape.name, id: ports.nextChunkId() },
    replaces: piece.chunk === null ? [] : [piece.chunk.id],
    after: piece.after,
    upTo: last === undefined ? piece.upTo : keyOf(shape, last),
    ...{ horizon, rows: rows.length },
  };
  return { frame, rows };
}

export function keyOf(shape: TableShape, row: Row): KeyValues {
  return shape.key.map((name) => {
    const value = row[shape.columns.findIndex((column) => column.name === name)];
    if (typeof value !== "string") throw new TypeError(`the key of ${shape.name} has no value`);
    return value;
  });
}

/** Copies what was written since it was last looked at. Returns how many rows that were. */
async function walkOver(ports: CopyPorts, table: TableProgress): Promise<number> {
  switch (table.shape.mode) {
    case "append":
      return walkForNewer(ports, table);
    case "replace":
      return walkForChanged(ports, table);
    case "loose":
      return 0;
  }
}

async function walkForNewer(ports: CopyPorts, table: TableProgress): Promise<number> {
  const { shape } = table;
  const { chunkRows } = ports.sizes;
  const since = horizonOf(table);
  let next: number | null = null;
  let found = 0;
  for (let after: KeyValues | null = null; ; ) {
    const range = { after, upTo: null };
    const read = await inSnapshot(ports.database, STATEMENT_MS, async (tx) => ({
      horizon: await readHorizon(tx),
      rows: await readRows(tx, shape, range, chunkRows, since),
    }));
    next ??= read.horizon;
    found += read.rows.length;
    if (read.rows.length > 0) await ports.write(newer(shape, read.rows));
    const last = read.rows.at(-1);
    if (read.rows.length < chunkRows || last === undefined) break;
    after = keyOf(shape, last);
  }
  await ports.write({ frame: { kind: "walked", table: shape.name, horizon: next }, rows: [] });
  return found;
}

async function walkForChanged(ports: CopyPorts, table: TableProgress): Promise<number> {
  let found = 0;
  for (const piece of table.pieces()) {
    const content = await inSnapshot(ports.database, STATEMENT_MS, (tx) =>
      readIfChanged(ports, tx, table.shape, piece),
    );
    if (content === null) continue;
    found += content.rows.length;
    await ports.write(content);
  }
  // What a chunk that has grown no longer reaches.
  await copyMissing(ports, table);
  return found;
}

async function readIfChanged(ports: CopyPorts, tx: Tx, shape: TableShape, piece: Piece): Promise<Content | null> {
  if (piece.chunk !== null) {
    const { rows, newer: written } = await countRange(tx, shape, piece, piece.chunk.horizon);
    if (written === 0 && rows === piece.chunk.rows) return null;
  }
  return readChunk(ports, tx, shape, piece);
}

function newer(shape: TableShape, rows: readonly Row[]): Content {
  return { frame: { kind: "newer", table: shape.name, rows: rows.length }, rows };
}

function horizonOf(table: TableProgress): number {
  const horizon = table.horizon();
  if (horizon === null) throw new TypeError(`${table.shape.name} was not copied yet`);
  return horizon;
}

interface Sealed {
  readonly contents: readonly Content[];
  readonly takenAt: string;
  readonly auditHead: Seal["auditHead"];
  readonly tables: SealedTables;
}

/** Null where more has changed since the last walk than one short snapshot should read. */
async function sealInOneSnapshot(ports: CopyPorts): Promise<Sealed | null> {
  const { clock } = ports;
  return inSnapshot(ports.database, STATEMENT_MS, async (tx) => {
    const until = clock.mono() + SNAPSHOT_MS;
    const takenAt = new Date(clock.wall()).toISOString();
    const contents: Content[] = [];
    const tables: Record<string, Pick<TableSeal, "rows">> = {};
    let found = 0;
    for (const table of ports.tables) {
      const { shape } = table;
      for await (const content of lastChanges(ports, tx, table)) {
        contents.push(content);
        found += content.rows.length;
        if (found > ports.sizes.sealedRows) return null;
        if (clock.mono() > until) throw tooSlow();
      }
      tables[shape.name] = { rows: shape.mode === "loose" ? table.rows() : await countRows(tx, shape) };
      if (clock.mono() > until) throw tooSlow();
    }
    const keepsAudit = ports.tables.some(({ shape }) => shape.name === "audit_event");
    return { contents, takenAt, tables, auditHead: keepsAudit ? await readAuditHead(tx) : null };
  });
}

async function* lastChanges(ports: CopyPorts, tx: Tx, table: TableProgress): AsyncGenerator<Content> {
  const { shape } = table;
  if (shape.mode === "append") {
    const rows = await readRows(tx, shape, EVERYTHING, ports.sizes.sealedRows + 1, horizonOf(table));
    if (rows.length > 0) yield newer(shape, rows);
  }
  if (shape.mode !== "replace") return;
  for (const piece of table.pieces()) {
    let rest: Piece | null = piece;
    while (rest !== null) {
      const content: Content | null = await readIfChanged(ports, tx, shape, rest);
      if (content === null) break;
      yield content;
      const { upTo } = content.frame as Chunk;
      rest = sameKey(upTo, piece.upTo) ? null : { after: upTo, upTo: piece.upTo, chunk: null };
    }
  }
}

function tooSlow(): OperateError {
  return new OperateError(
    "BACKUP_IMPOSSIBLE",
    "the database is too slow to be read through in one short snapshot; try again with --resume when it is quieter",
  );
}
