import { sha256 } from "./envelope.ts";
import type { Chunk, Content, KeyValues, TableShape } from "./frames.ts";
import type { Range } from "./queries/copying.ts";

/** A range of a table's keys. Not copied yet, or with the chunk that holds it. */
export type Piece = Range & { readonly chunk: Pick<Chunk, "id" | "horizon" | "rows"> | null };

/** How far the copy of one table is. Everything in it follows from the frames written so far. */
export class TableProgress {
  readonly shape: TableShape;
  /** In the order of the keys, without a gap: at first the whole table as one piece that is not copied. */
  #pieces: readonly Piece[] = [{ after: null, upTo: null, chunk: null }];
  /** Of an append table: everything older is in the copy. Null before the first chunk. */
  #horizon: number | null = null;
  #digest: Uint8Array = new Uint8Array();

  constructor(shape: TableShape) {
    this.shape = shape;
  }

  pieces(): readonly Piece[] {
    return this.#pieces;
  }

  horizon(): number | null {
    return this.#horizon;
  }

  /** Hexadecimal; chained over the frames, so that it can be made anew from them after an interruption. */
  digest(): string {
    return Buffer.from(this.#digest).toString("hex");
  }

  isWhole(): boolean {
    return this.#pieces.every(({ chunk }) => chunk !== null);
  }

  /** Rows in chunks that still count. */
  rows(): number {
    return this.#pieces.reduce((sum, { chunk }) => sum + (chunk?.rows ?? 0), 0);
  }

  /** Takes a frame of this table in, when it is written or when it is read again. */
  take({ frame }: Content, text: Uint8Array): void {
    this.#digest = chainDigest(this.#digest, text);
    if (frame.kind === "chunk") this.#takeChunk(frame);
    if (frame.kind === "walked") this.#horizon = frame.horizon;
  }

  #takeChunk(chunk: Chunk): void {
    this.#horizon ??= chunk.horizon;
    const index = this.#pieces.findLastIndex(({ after }) => sameKey(after, chunk.after));
    const old = this.#pieces[index];
    const { id, horizon, rows, after, upTo, replaces } = chunk;
    const covers = old !== undefined && (old.chunk === null || replaces.includes(old.chunk.id));
    if (!covers) throw new TypeError(`chunk ${id} of ${chunk.table} is no continuation, and replaces none`);
    const piece: Piece = { after, upTo, chunk: { id, horizon, rows } };
    // What it does not reach is still to be copied.
    const rest: Piece[] = sameKey(upTo, old.upTo) ? [] : [{ after: upTo, upTo: old.upTo, chunk: null }];
    this.#pieces = [...this.#pieces.slice(0, index), piece, ...rest, ...this.#pieces.slice(index + 1)];
  }
}

/** Null is the start, or the end. */
export function sameKey(one: KeyValues | null, other: KeyValues | null): boolean {
  if (one === null || other === null) return one === other;
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

function chainDigest(before: Uint8Array, text: Uint8Array): Uint8Array {
  return sha256(Buffer.concat([before, sha256(text)]));
}

/** Takes a frame into the progress of its table; other frames are of no table. */
export function takeIn(tables: readonly TableProgress[], content: Content, text: Uint8Array): void {
  const { frame } = content;
  if (!("table" in frame)) return;
  const table = tables.find(({ shape }) => shape.name === frame.table);
  if (table === undefined) throw new TypeError(`no table ${frame.table} was announced`);
  table.take(content, text);
}
