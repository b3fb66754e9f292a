import { stat, truncate } from "node:fs/promises";
import type { Writable } from "node:stream";
import { loadConfig } from "../../config.ts";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { createLogger } from "../../kernel/log.ts";
import { systemRandom } from "../../kernel/random.ts";
import { SOFTWARE_VERSION } from "../../version.ts";
import { OperateError } from "../errors.ts";
import { type Installation, openExisting } from "../installation.ts";
import { operatorAlone } from "../operator.ts";
import type { OperateOptions } from "../options.ts";
import { fileSink, openBackup, openToWrite, partialOf, RecordWriter, type Sink, streamSink } from "./backup-file.ts";
import { type BackupSecret, newKeySource } from "./backup-key.ts";
import { TableProgress, takeIn } from "./copy-progress.ts";
import { COPY_SIZES, copyTables } from "./copy-tables.ts";
import { type Envelope, newEnvelope, type Position, START } from "./envelope.ts";
import { type About, compress, type KeyringChoice, parseFrame, type Seal, textOf } from "./frames.ts";
import { orderTables } from "./order-tables.ts";
import { readOrigin, readTables } from "./queries/catalog.ts";

export interface BackupOptions extends OperateOptions {
  /** Who does it, for the audit trail: the name of the operating system's user. */
  readonly operator: string;
  /** A path, or a stream, which cannot be gone on with. */
  readonly to: string | Writable;
  readonly secret: BackupSecret;
  /** `only`: nothing but the keyring, to be kept apart from backups made `without` it. */
  readonly keyring: KeyringChoice;
  /** Goes on with `<path>.partial`. */
  readonly resume: boolean;
  readonly onProgress?: ((rows: number, total: number) => void) | undefined;
}

export interface BackupMade {
  readonly id: string;
  /** RFC 3339: the moment whose state this is. */
  readonly takenAt: string;
  readonly tables: Seal["tables"];
  readonly auditHead: Seal["auditHead"];
}

/**
 * Writes everything that the installation holds as one encrypted file, while the service runs. Throws ConfigError,
 * EngineError, DatabaseError, OperateError; after any of them, or a kill, `resume` goes on where it was cut off.
 */
export async function createBackup(options: BackupOptions): Promise<BackupMade> {
  const config = loadConfig(options.environment, options.workingDirectory);
  // Before anything is opened: a key that is missing is found at once.
  newKeySource(options.secret, systemRandom);
  const logger = createLogger("error");
  const installation = await openExisting(config, logger);
  try {
    const described = await describe(installation, options.keyring);
    const begun = await begin(options, described);
    try {
      const operator = operatorAlone(config, logger, installation, options.operator);
      try {
        // On record before the first row leaves.
        await operator.act(operator.acting<void>(), PLATFORM, async (unit) => {
          const { id, resumed } = begun;
          const after = { keyring: options.keyring, resumed };
          unit.audits({ action: "backup.started", account: null, target: { type: "backup", id }, after });
        });
      } finally {
        await operator.stop();
      }
      const seal = await fill(installation, described, begun, options.onProgress);
      await begun.sink.finish();
      return { id: begun.id, takenAt: seal.takenAt, tables: seal.tables, auditHead: seal.auditHead };
    } catch (error) {
      await begun.sink.close();
      throw error;
    }
  } finally {
    await installation.close();
  }
}

interface Described {
  readonly about: About;
  readonly estimates: ReadonlyMap<string, number>;
}

function describe({ database, migrations }: Installation, keyring: KeyringChoice): Promise<Described> {
  return database.transaction(PLATFORM, async (tx) => {
    const found = await readTables(tx);
    const about: About = {
      ...{ kind: "about", software: SOFTWARE_VERSION, migrations, keyring },
      origin: await readOrigin(tx),
      startedAt: new Date(systemClock.wall()).toISOString(),
      tables: orderTables(found, keyring),
    };
    return { about, estimates: new Map(found.map(({ name, estimate }) => [name, estimate])) };
  });
}

/** A file or stream to write to, with what is in it already. */
interface Begun {
  readonly id: string;
  readonly resumed: boolean;
  readonly sink: Sink;
  readonly writer: RecordWriter;
  /** Frames that are there already are taken in here. */
  readonly tables: readonly TableProgress[];
  readonly chunks: number;
}

async function begin(options: BackupOptions, described: Described): Promise<Begun> {
  const { to } = options;
  if (typeof to === "string") {
    if (await exists(to)) throw fileExists(`${to} is there already; name another file`);
    const partial = await exists(partialOf(to));
    if (partial && !options.resume) {
      throw fileExists(`${partialOf(to)} is there from an earlier run; go on with --resume, or take it away`);
    }
    const resumed = partial ? await resume(options, to, described) : null;
    if (resumed !== null) return resumed;
  }
  const id = systemRandom.uuid();
  const { envelope, bytes } = await newEnvelope(id, options.secret, newKeySource(options.secret, systemRandom));
  const sink = typeof to === "string" ? fileSink(to, await openToWrite(partialOf(to), "w")) : streamSink(to);
  const writer = new RecordWriter(sink, envelope, START, systemRandom);
  await sink.write(bytes);
  await writer.write(await compress(textOf({ frame: described.about, rows: [] })));
  return { id, resumed: false, sink, writer, tables: progressOf(described.about), chunks: 0 };
}

function progressOf({ tables }: About): TableProgress[] {
  return tables.map((shape) => new TableProgress(shape));
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Null where the file was cut off before it said anything. */
async function resume(options: BackupOptions, path: string, { about }: Described): Promise<Begun | null> {
  const before = await readPartial(partialOf(path), options.secret);
  if (before === null) return null;
  if (before.sealed) throw notResumable("it is whole but for its name; check it with claviger restore --check");
  const same = (one: About): string =>
    JSON.stringify([one.origin, one.software, one.migrations, one.keyring, one.tables]);
  if (same(before.about) !== same(about)) {
    throw notResumable("the database, the version of Claviger or the flags are not those that it was begun with");
  }
  await truncate(partialOf(path), before.offset);
  const sink = fileSink(path, await openToWrite(partialOf(path), "a"));
  const writer = new RecordWriter(sink, before.envelope, before.position, systemRandom);
  return { id: before.envelope.id, resumed: true, sink, writer, tables: before.tables, chunks: before.chunks };
}

interface PartialBackup {
  readonly envelope: Envelope;
  readonly about: About;
  readonly tables: readonly TableProgress[];
  readonly chunks: number;
  readonly position: Position;
  /** Bytes up to the last whole record. */
  readonly offset: number;
  readonly sealed: boolean;
}

/** Reads what is whole. Null where not even the first frame is. */
async function readPartial(path: string, secret: BackupSecret): Promise<PartialBackup | null> {
  let found = null as PartialBackup | null;
  const file = await openPartial(path, secret);
  if (file === null) return null;
  try {
    for await (const record of file.records()) {
      const { text, ...content } = await parseFrame(record.plain);
      const { frame } = content;
      const place = { position: record.position, offset: record.offset, sealed: record.last };
      if (frame.kind === "about") {
        found = { ...place, envelope: file.envelope, about: frame, tables: progressOf(frame), chunks: 0 };
      } else if (found !== null) {
        takeIn(found.tables, content, text);
        found = { ...found, ...place, chunks: Math.max(found.chunks, frame.kind === "chunk" ? frame.id : 0) };
      }
    }
  } catch (error) {
    // What does not open was cut off, or damaged: it is copied again.
    if (!(error instanceof OperateError && ["BACKUP_INCOMPLETE", "BACKUP_DAMAGED"].includes(error.code))) throw error;
  } finally {
    await file.close();
  }
  return found;
}

async function openPartial(path: string, secret: BackupSecret) {
  try {
    return await openBackup(path, secret);
  } catch (error) {
    if (error instanceof OperateError && error.code === "BACKUP_DAMAGED") return null;
    throw error;
  }
}

async function fill(
  { database }: Installation,
  { estimates }: Described,
  begun: Begun,
  onProgress: BackupOptions["onProgress"],
): Promise<Seal> {
  const { tables, writer } = begun;
  const total = tables.reduce((sum, { shape }) => sum + (estimates.get(shape.name) ?? 0), 0);
  let copied = tables.reduce((sum, table) => sum + table.rows(), 0);
  let chunks = begun.chunks;
  const sealed = await copyTables({
    ...{ database, tables, clock: systemClock, sizes: COPY_SIZES },
    write: async (content) => {
      const text = textOf(content);
      await writer.write(await compress(text));
      takeIn(tables, content, text);
    },
    nextChunkId: () => {
      chunks += 1;
      return chunks;
    },
    onRows: (rows) => {
      copied += rows;
      onProgress?.(copied, Math.max(copied, total));
    },
  });
  if (!tables.every((table) => table.isWhole())) throw new TypeError("a copy that is not whole must not be sealed");
  const seal: Seal = {
    ...{ kind: "seal", takenAt: sealed.takenAt, auditHead: sealed.auditHead },
    tables: Object.fromEntries(
      tables.map((table) => [
        table.shape.name,
        { rows: sealed.tables[table.shape.name]?.rows ?? 0, sha256: table.digest() },
      ]),
    ),
  };
  await writer.write(await compress(textOf({ frame: seal, rows: [] })), true);
  return seal;
}

function fileExists(message: string): OperateError {
  return new OperateError("BACKUP_FILE_EXISTS", message);
}

function notResumable(why: string): OperateError {
  return new OperateError("BACKUP_NOT_RESUMABLE", `the backup that was begun cannot be gone on with: ${why}`);
}
