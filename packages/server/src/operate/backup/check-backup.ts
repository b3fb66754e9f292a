import { type Purpose, unwrap } from "../../db/index.ts";
import { continuesChain, FIRST_HASH, mismatchedColumn, type StoredEvent } from "../../modules/audit/index.ts";
import { OperateError } from "../errors.ts";
import type { BackupFile } from "./backup-file.ts";
import { TableProgress, takeIn } from "./copy-progress.ts";
import { type About, type Content, parseFrame, type Row, type Seal, type TableShape } from "./frames.ts";

/** A version of a key of the keyring, as a backup holds it. */
export interface KeptVersion {
  readonly purpose: Purpose;
  readonly version: number;
  readonly wrapped: Uint8Array;
  readonly wrappedNext: Uint8Array | null;
}

export interface CheckedBackup {
  readonly id: string;
  readonly about: About;
  readonly seal: Seal;
  /** Empty where the backup was made without it. */
  readonly keyring: readonly KeptVersion[];
  /** The rows of the keyring in the end, as they are stored, and their shape. */
  readonly keyringRows: readonly Row[];
  readonly keyringShape: TableShape;
}

const NO_KEYRING: TableShape = { name: "keyring", columns: [], key: [], mode: "append", partitions: [] };

/** All frames in order. `place` counts records; it is what a restore that was cut off goes on from. */
export async function* framesOf(
  file: BackupFile,
  onProgress: (bytes: number, total: number) => void,
): AsyncGenerator<Content & { readonly text: Uint8Array; readonly place: number; readonly last: boolean }> {
  for await (const { plain, position, offset, last } of file.records()) {
    yield { ...(await parseFrame(plain)), place: position.records, last };
    onProgress(offset, file.size);
  }
}

/**
 * Reads a whole backup and says what is in it. When this returns, every record is the one that was written, in its place,
 * and none is missing. Throws OperateError BACKUP_DAMAGED, BACKUP_INCOMPLETE.
 */
export async function checkBackup(
  file: BackupFile,
  onProgress: (bytes: number, total: number) => void,
): Promise<CheckedBackup> {
  let about = null as About | null;
  let seal = null as Seal | null;
  let tables: readonly TableProgress[] = [];
  const keyring = new Map<string, Row>();
  for await (const { frame, rows, text, last } of framesOf(file, onProgress)) {
    if ((about === null) !== (frame.kind === "about") || last !== (frame.kind === "seal")) throw odd();
    if (frame.kind === "about") {
      about = frame;
      tables = frame.tables.map((shape) => new TableProgress(shape));
    }
    takeIn(tables, { frame, rows }, text);
    if ("table" in frame && frame.table === "keyring") {
      const shape = shapeOf(tables, "keyring");
      for (const row of rows) keyring.set(JSON.stringify(pick(shape, row, shape.key)), row);
    }
    if (frame.kind === "seal") seal = frame;
  }
  if (about === null || seal === null) throw odd();
  demandSealed(tables, seal);
  const keyringRows = [...keyring.values()];
  const keyringShape = about.keyring === "without" ? NO_KEYRING : shapeOf(tables, "keyring");
  const kept = keyringRows.map((row) => keptVersion(keyringShape, row));
  return { id: file.envelope.id, about, seal, keyring: kept, keyringRows, keyringShape };
}

function demandSealed(tables: readonly TableProgress[], seal: Seal): void {
  for (const table of tables) {
    if (!table.isWhole() || seal.tables[table.shape.name]?.sha256 !== table.digest()) throw odd();
  }
}

function shapeOf(tables: readonly TableProgress[], name: string): TableShape {
  const table = tables.find(({ shape }) => shape.name === name);
  if (table === undefined) throw odd();
  return table.shape;
}

/** The values of some columns, in their order. */
function pick(shape: TableShape, row: Row, columns: readonly string[]): (string | null)[] {
  return columns.map((name) => row[shape.columns.findIndex((column) => column.name === name)] ?? null);
}

function keptVersion(shape: TableShape, row: Row): KeptVersion {
  const [purpose, version, wrapped, next] = pick(shape, row, ["purpose", "version", "wrapped", "wrapped_next"]);
  return {
    purpose: purpose as Purpose,
    version: Number(version),
    wrapped: bytesOf(wrapped ?? null) ?? new Uint8Array(),
    wrappedNext: bytesOf(next ?? null),
  };
}

/** PostgreSQL's hexadecimal form. */
function bytesOf(text: string | null): Uint8Array | null {
  return text === null ? null : Buffer.from(text.slice(2), "hex");
}

/** The keys of the audit chain by version. Throws OperateError RESTORE_IMPOSSIBLE where the master key opens not all of the keyring. */
export function auditKeysOf(keyring: readonly KeptVersion[], masterKey: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const keys = new Map<number, Uint8Array>();
  for (const { purpose, version, wrapped, wrappedNext } of keyring) {
    const next = wrappedNext === null ? null : unwrap(masterKey, purpose, version, wrappedNext);
    const key = unwrap(masterKey, purpose, version, wrapped) ?? next;
    if (key === null) {
      throw new OperateError(
        "RESTORE_IMPOSSIBLE",
        "CLAVIGER_MASTER_KEY, or the file master-key in the data directory, does not open the keyring of this backup; must be the master key of the installation it was made of",
      );
    }
    if (purpose === "audit") keys.set(version, key);
  }
  return keys;
}

/** Follows the audit chain through a backup, whose events come in their order, some of them twice. */
export class AuditCheck {
  readonly #keys: ReadonlyMap<number, Uint8Array>;
  readonly #shape: TableShape;
  #seq = 0;
  #hash: Uint8Array = FIRST_HASH;

  constructor(keys: ReadonlyMap<number, Uint8Array>, shape: TableShape) {
    this.#keys = keys;
    this.#shape = shape;
  }

  /** Throws OperateError RESTORE_IMPOSSIBLE at the first event that does not continue the chain. */
  take(rows: readonly Row[]): void {
    for (const row of rows) {
      const event = this.#eventOf(row);
      if (event.seq <= this.#seq) continue;
      const key = this.#keys.get(event.key_version);
      const continues = event.seq === this.#seq + 1 && key !== undefined && continuesChain(key, this.#hash, event);
      if (!continues || mismatchedColumn(event) !== null) throw broken(this.#seq + 1);
      this.#seq = event.seq;
      this.#hash = event.hash;
    }
  }

  demandHead(head: Seal["auditHead"]): void {
    if (head?.seq !== this.#seq || head.hash !== Buffer.from(this.#hash).toString("hex")) throw broken(this.#seq + 1);
  }

  #eventOf(row: Row): StoredEvent {
    const named = Object.fromEntries(this.#shape.columns.map(({ name }, index) => [name, row[index] ?? null]));
    return {
      seq: Number(named.seq),
      id: String(named.id),
      at: isoOf(String(named.at)),
      action: String(named.action),
      account_id: named.account_id ?? null,
      actor_id: named.actor_id ?? null,
      target_type: String(named.target_type),
      target_id: String(named.target_id),
      payload: String(named.payload),
      key_version: Number(named.key_version),
      hash: bytesOf(named.hash ?? null) ?? new Uint8Array(),
      erased: bytesOf(named.erased ?? null),
    };
  }
}

/** `2026-11-23 11:16:14.123+00` as `2026-11-23T11:16:14.123000Z`. */
function isoOf(text: string): string {
  const [, date = "", time = "", fraction = ""] = /^(\S+) (\d+:\d+:\d+)(?:\.(\d+))?\+00$/.exec(text) ?? [];
  return `${date}T${time}.${fraction.padEnd(6, "0")}Z`;
}

function broken(seq: number): OperateError {
  return new OperateError(
    "RESTORE_IMPOSSIBLE",
    `the audit trail in this backup is broken at event ${seq}; it was so when the backup was made, see claviger audit verify`,
  );
}

/** Authenticated and yet not in the form of a backup. */
function odd(): OperateError {
  return new OperateError("BACKUP_DAMAGED", "the backup opens, but is not whole in itself; it cannot be used");
}
