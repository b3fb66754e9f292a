/** What the records of a backup hold, once opened: compressed, a line of JSON, and a line for each row. */
import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import { LONGEST_RECORD } from "./envelope.ts";

/** A row: every column as PostgreSQL writes it as text. */
export type Row = readonly (string | null)[];
/** The values of a table's primary key. */
export type KeyValues = readonly string[];

/** How a table is followed while it is copied; see `copy-tables.ts`. */
export type Mode = "append" | "replace" | "loose";

export interface TableShape {
  readonly name: string;
  /** Without those that the database computes itself. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Names of the columns of the primary key, in its order. */
  readonly key: readonly string[];
  readonly mode: Mode;
  /** Of a table in parts, which are made anew where they are missing. */
  readonly partitions: readonly { readonly name: string; readonly bound: string }[];
}

export type KeyringChoice = "with" | "without" | "only";

/** The first frame. */
export interface About {
  readonly kind: "about";
  readonly software: string;
  /** Names of the migrations that the database had, oldest first. */
  readonly migrations: readonly string[];
  /** Where the rows come from: a copy can only be gone on with on the same database. */
  readonly origin: string;
  readonly keyring: KeyringChoice;
  /** RFC 3339. */
  readonly startedAt: string;
  /** In an order in which every table comes after those it refers to. */
  readonly tables: readonly TableShape[];
}

/** A chunk: all rows of a table with keys after `after` (null: from the start) up to `upTo` (null: to the end). */
export interface Chunk {
  readonly kind: "chunk";
  readonly table: string;
  /** Unique in the file. */
  readonly id: number;
  /** Chunks that this one and those that follow it stand for. */
  readonly replaces: readonly number[];
  readonly after: KeyValues | null;
  readonly upTo: KeyValues | null;
  /** What was written by transactions from this number on may be missing; see `queries/copying.ts`. */
  readonly horizon: number;
  readonly rows: number;
}

/** Rows that are new, or stand for earlier ones with the same key. */
export interface Newer {
  readonly kind: "newer";
  readonly table: string;
  readonly rows: number;
}

/** A walk over a table for what is newer has ended. */
export interface Walked {
  readonly kind: "walked";
  readonly table: string;
  readonly horizon: number;
}

/** The last frame. The backup is the state of one moment, that of the snapshot in which it was sealed. */
export interface Seal {
  readonly kind: "seal";
  /** RFC 3339. */
  readonly takenAt: string;
  readonly tables: Readonly<Record<string, TableSeal>>;
  /** Number and hash (hexadecimal) of the newest audit event; null where the backup holds the keyring only. */
  readonly auditHead: { readonly seq: number; readonly hash: string } | null;
}

export interface TableSeal {
  /** Rows in the end; a loose table has those that were copied. */
  readonly rows: number;
  /** Over the table's frames in their order; see `chainDigest`. Hexadecimal. */
  readonly sha256: string;
}

export type Frame = About | Chunk | Newer | Walked | Seal;

export interface Content {
  readonly frame: Frame;
  readonly rows: readonly Row[];
}

const deflate = promisify<Uint8Array, object, Buffer>(deflateRaw);
const inflate = promisify<Uint8Array, object, Buffer>(inflateRaw);

const LEVEL = 3;
const LONGEST_PLAIN = 4 * LONGEST_RECORD;

/** The text of a frame, which digests are made of. */
export function textOf({ frame, rows }: Content): Uint8Array {
  return Buffer.from([frame, ...rows].map((line) => JSON.stringify(line)).join("\n"));
}

export function compress(text: Uint8Array): Promise<Uint8Array> {
  return deflate(text, { level: LEVEL });
}

/** What was authenticated comes from us, so a form that is none of ours is a mistake of ours: SyntaxError. */
export async function parseFrame(plain: Uint8Array): Promise<Content & { readonly text: Uint8Array }> {
  const text = await inflate(plain, { maxOutputLength: LONGEST_PLAIN });
  const [first = "", ...lines] = text.toString("utf8").split("\n");
  return { frame: JSON.parse(first) as Frame, rows: lines.map((line) => JSON.parse(line) as Row), text };
}
