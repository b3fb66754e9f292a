/**
 * The form of a backup file: a readable header, then encrypted records in one order and no other.
 *
 * `CLAVIGER-BACKUP-1\n` · length of the header (4 bytes) · header (JSON) · segments
 * segment: `S` · length (4) · salt (32), then records; a file that was resumed has several
 * record:  `D` or, the last one of all, `E` · length (4) · AES-256-GCM ciphertext and tag (16)
 *
 * Each segment has a key of its own, HKDF(root key, salt), which depends on the header, on the segment's number and on the
 * tag before it; so after an interruption no pair of key and nonce is ever used twice, and no segment can be moved. In a
 * segment the nonce is the record's number. Whatever is cut, swapped, left out, repeated or altered does not open.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from "node:crypto";
import { OperateError } from "../errors.ts";
import {
  type BackupSecret,
  damagedHeader,
  demandHeaderCheck,
  headerCheck,
  type KeySource,
  rootKeyOf,
} from "./backup-key.ts";

export const MAGIC = Buffer.from("CLAVIGER-BACKUP-1\n");
export const LENGTH_BYTES = 4;
export const RECORD_HEAD_BYTES = 1 + LENGTH_BYTES;
export const SALT_BYTES = 32;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
/** No record of ours comes near; a length beyond is damage, and must not be allocated. */
export const LONGEST_RECORD = 256 * 1024 ** 2;
export const LONGEST_HEADER = 64 * 1024;

export const SEGMENT = 0x53;
export const DATA = 0x44;
export const END = 0x45;

interface Header {
  readonly format: 1;
  /** Names this backup. A UUID. */
  readonly id: string;
  readonly key: KeySource;
}

/** What all records of one file are sealed with. */
export interface Envelope {
  readonly id: string;
  readonly rootKey: Uint8Array;
  /** SHA-256 of the header's bytes. */
  readonly headerHash: Uint8Array;
}

/** The first bytes of a new backup. Throws OperateError BACKUP_KEY_UNSUITABLE. */
export async function newEnvelope(
  id: string,
  secret: BackupSecret,
  source: KeySource,
): Promise<{ readonly envelope: Envelope; readonly bytes: Uint8Array }> {
  const rootKey = await rootKeyOf(secret, source);
  const header: Header = { format: 1, id, key: source };
  const check = headerCheck(rootKey, JSON.stringify(header));
  const text = Buffer.from(JSON.stringify({ ...header, check }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(text.length);
  return { envelope: { id, rootKey, headerHash: sha256(text) }, bytes: Buffer.concat([MAGIC, length, text]) };
}

/** Reads a header without its length. Throws OperateError BACKUP_DAMAGED, BACKUP_NEWER, BACKUP_KEY_WRONG, BACKUP_KEY_UNSUITABLE. */
export async function openEnvelope(text: Uint8Array, secret: BackupSecret): Promise<Envelope> {
  const { header, check } = parseHeader(text);
  const rootKey = await rootKeyOf(secret, header.key);
  demandHeaderCheck(rootKey, JSON.stringify(header), check);
  return { id: header.id, rootKey, headerHash: sha256(text) };
}

function parseHeader(text: Uint8Array): { header: Header; check: string } {
  let parsed: Partial<Header> & { check?: unknown };
  try {
    parsed = JSON.parse(Buffer.from(text).toString("utf8"));
  } catch {
    throw damagedHeader();
  }
  const { format, id, key, check } = parsed ?? {};
  if (typeof format === "number" && format > 1) {
    throw new OperateError("BACKUP_NEWER", "the backup was made by a newer version of Claviger; use that one");
  }
  if (format !== 1 || typeof id !== "string" || typeof check !== "string" || !isKeySource(key)) throw damagedHeader();
  return { header: { format, id, key }, check };
}

function isKeySource(key: unknown): key is KeySource {
  if (typeof key !== "object" || key === null || !("kind" in key)) return false;
  if (key.kind === "key") return true;
  const { kind, salt, log2N, r, p } = key as Partial<Record<string, unknown>>;
  const counts = [log2N, r, p].every((value) => Number.isSafeInteger(value) && Number(value) > 0);
  return kind === "passphrase" && typeof salt === "string" && counts;
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash("sha256").update(bytes).digest();
}

/** Where a file stands between two records. */
export interface Position {
  /** Segments so far. */
  readonly segments: number;
  /** Records so far, over all segments. */
  readonly records: number;
  /** Tag of the last record; empty before the first. */
  readonly tag: Uint8Array;
}

export const START: Position = { segments: 0, records: 0, tag: new Uint8Array() };

/** One segment: seals its records, or opens them, one after the other. */
export class Segment {
  readonly #key: Uint8Array;
  #segments: number;
  #records: number;
  #inSegment = 0;
  #tag: Uint8Array;

  /** `salt` is 32 random bytes, never used before. */
  constructor(envelope: Envelope, before: Position, salt: Uint8Array) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(before.segments);
    const info = Buffer.concat([Buffer.from("claviger backup segment 1"), envelope.headerHash, number, before.tag]);
    this.#key = new Uint8Array(hkdfSync("sha256", envelope.rootKey, salt, info, KEY_BYTES));
    this.#segments = before.segments + 1;
    this.#records = before.records;
    this.#tag = before.tag;
  }

  position(): Position {
    return { segments: this.#segments, records: this.#records, tag: this.#tag };
  }

  isEmpty(): boolean {
    return this.#inSegment === 0;
  }

  /** The whole record, head included. */
  seal(plain: Uint8Array, last: boolean): Uint8Array {
    const type = last ? END : DATA;
    const length = plain.length + TAG_BYTES;
    if (length > LONGEST_RECORD) throw new TypeError("a record is too long");
    const cipher = createCipheriv("aes-256-gcm", this.#key, this.#nonce());
    cipher.setAAD(this.#authenticated(type, length));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    const tag = cipher.getAuthTag();
    this.#advance(tag);
    return Buffer.concat([recordHead(type, length), body, tag]);
  }

  /** Null where the record is not the one that belongs here. */
  open(type: number, sealed: Uint8Array): Uint8Array | null {
    if (sealed.length < TAG_BYTES) return null;
    const tag = sealed.subarray(sealed.length - TAG_BYTES);
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, this.#nonce(), { authTagLength: TAG_BYTES });
      decipher.setAAD(this.#authenticated(type, sealed.length));
      decipher.setAuthTag(tag);
      const plain = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]);
      this.#advance(tag);
      return plain;
    } catch {
      return null;
    }
  }

  #nonce(): Uint8Array {
    const nonce = Buffer.alloc(NONCE_BYTES);
    nonce.writeBigUInt64BE(BigInt(this.#inSegment), NONCE_BYTES - 8);
    return nonce;
  }

  #authenticated(type: number, length: number): Uint8Array {
    const number = Buffer.alloc(8);
    number.writeBigUInt64BE(BigInt(this.#records));
    return Buffer.concat([recordHead(type, length), number]);
  }

  #advance(tag: Uint8Array): void {
    this.#inSegment += 1;
    this.#records += 1;
    this.#tag = Uint8Array.from(tag);
  }
}

export function recordHead(type: number, length: number): Uint8Array {
  const head = Buffer.alloc(RECORD_HEAD_BYTES);
  head.writeUInt8(type);
  head.writeUInt32BE(length, 1);
  return head;
}
