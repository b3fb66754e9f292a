import { once } from "node:events";
import { type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Writable } from "node:stream";
import type { Random } from "../../kernel/random.ts";
import { OperateError } from "../errors.ts";
import type { BackupSecret } from "./backup-key.ts";
import { damagedHeader } from "./backup-key.ts";
import {
  DATA,
  END,
  type Envelope,
  LENGTH_BYTES,
  LONGEST_HEADER,
  LONGEST_RECORD,
  MAGIC,
  openEnvelope,
  type Position,
  RECORD_HEAD_BYTES,
  recordHead,
  SALT_BYTES,
  SEGMENT,
  Segment,
  START,
} from "./envelope.ts";

/** Where the bytes of a backup go, in order. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
  /** Everything was written: makes it last. */
  finish(): Promise<void>;
  /** After a failure: leaves what is there as it is. */
  close(): Promise<void>;
}

/** A file that has its name only once it is whole; until then it is called `<path>.partial`. */
export function fileSink(path: string, handle: FileHandle): Sink {
  return {
    write: (bytes) =>
      orUnwritable(path, async () => {
        let written = 0;
        while (written < bytes.length) {
          written += (await handle.write(bytes, written, bytes.length - written)).bytesWritten;
        }
      }),
    finish: () =>
      orUnwritable(path, async () => {
        await handle.sync();
        await handle.close();
        await rename(partialOf(path), path);
        const directory = await open(dirname(path), "r");
        try {
          await directory.sync();
        } finally {
          await directory.close();
        }
      }),
    close: () => handle.close(),
  };
}

/** For its owner alone. Throws OperateError BACKUP_IMPOSSIBLE. */
export function openToWrite(path: string, how: "w" | "a"): Promise<FileHandle> {
  return orUnwritable(path, () => open(path, how, 0o600));
}

async function orUnwritable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperateError("BACKUP_IMPOSSIBLE", `${path} cannot be written: ${reason}`, error);
  }
}

export function partialOf(path: string): string {
  return `${path}.partial`;
}

export function streamSink(stream: Writable): Sink {
  return {
    write: async (bytes) => {
      if (!stream.write(bytes)) await once(stream, "drain");
    },
    finish: () => new Promise((resolve) => stream.write("", () => resolve())),
    close: () => Promise.resolve(),
  };
}

/** Writes records, beginning with a segment of their own. */
export class RecordWriter {
  readonly #sink: Sink;
  readonly #salt: Uint8Array;
  readonly #segment: Segment;
  #begun = false;

  constructor(sink: Sink, envelope: Envelope, position: Position, random: Random) {
    this.#sink = sink;
    this.#salt = random.bytes(SALT_BYTES);
    this.#segment = new Segment(envelope, position, this.#salt);
  }

  async write(plain: Uint8Array, last = false): Promise<void> {
    if (!this.#begun) await this.#sink.write(Buffer.concat([recordHead(SEGMENT, SALT_BYTES), this.#salt]));
    this.#begun = true;
    await this.#sink.write(this.#segment.seal(plain, last));
  }
}

export interface ReadRecord {
  readonly plain: Uint8Array;
  readonly last: boolean;
  /** Bytes of the file up to the end of this record. */
  readonly offset: number;
  readonly position: Position;
}

/** A backup file, opened for reading. */
export interface BackupFile {
  readonly envelope: Envelope;
  /** Bytes before the first segment. */
  readonly headerBytes: number;
  readonly size: number;
  /**
   * All records from the first. Throws OperateError BACKUP_DAMAGED where one does not open or anything follows the last,
   * and BACKUP_INCOMPLETE where the last is missing.
   */
  records(): AsyncGenerator<ReadRecord>;
  close(): Promise<void>;
}

/** Throws what `openEnvelope` throws, and OperateError RESTORE_IMPOSSIBLE for a file that cannot be read. */
export async function openBackup(path: string, secret: BackupSecret): Promise<BackupFile> {
  const handle = await open(path, "r").catch((error: Error) => {
    throw new OperateError("RESTORE_IMPOSSIBLE", `the backup cannot be read: ${error.message}`, error);
  });
  try {
    const { size } = await handle.stat();
    const start = await readExactly(handle, 0, MAGIC.length + LENGTH_BYTES);
    if (start === null || !start.subarray(0, MAGIC.length).equals(MAGIC)) throw damagedHeader();
    const length = start.readUInt32BE(MAGIC.length);
    const text = length > LONGEST_HEADER ? null : await readExactly(handle, start.length, length);
    if (text === null) throw damagedHeader();
    const envelope = await openEnvelope(text, secret);
    const headerBytes = start.length + length;
    return {
      ...{ envelope, headerBytes, size },
      records: () => readRecords(handle, envelope, headerBytes),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function* readRecords(handle: FileHandle, envelope: Envelope, from: number): AsyncGenerator<ReadRecord> {
  let offset = from;
  let segment: Segment | null = null;
  let position = START;
  let last = false;
  for (;;) {
    const head = await readExactly(handle, offset, RECORD_HEAD_BYTES);
    if (head === null) {
      // A few bytes after the last record are no head, but they are something.
      if (last && (await readExactly(handle, offset, 1)) === null) return;
      throw last ? damaged(position) : incomplete();
    }
    if (last) throw damaged(position);
    const type = head.readUInt8();
    const length = head.readUInt32BE(1);
    if (![SEGMENT, DATA, END].includes(type) || length > LONGEST_RECORD) throw damaged(position);
    const body = await readExactly(handle, offset + head.length, length);
    if (body === null) throw incomplete();
    offset += head.length + length;
    if (type === SEGMENT) {
      // A segment is begun with its first record.
      const empty = segment?.isEmpty() === true;
      if (length !== SALT_BYTES || empty) throw damaged(position);
      segment = new Segment(envelope, position, body);
      continue;
    }
    const plain: Uint8Array | null = segment?.open(type, body) ?? null;
    if (segment === null || plain === null) throw damaged(position);
    position = segment.position();
    last = type === END;
    yield { plain, last, offset, position };
  }
}

/** Null where the file ends before. */
async function readExactly(handle: FileHandle, offset: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return buffer;
}

function damaged({ records }: Position): OperateError {
  return new OperateError(
    "BACKUP_DAMAGED",
    `the backup is damaged: record ${records + 1} is not the one that was written there`,
  );
}

function incomplete(): OperateError {
  return new OperateError("BACKUP_INCOMPLETE", "the backup is incomplete: its end is missing");
}
