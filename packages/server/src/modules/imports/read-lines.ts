import { Readable } from "node:stream";
import { ClavigerError } from "@claviger/core";
import { CsvError, parse } from "csv-parse";
import { parseJson } from "../../kernel/parse-json.ts";

/** One line as it was sent, or why it cannot be read. `value` undefined and no fault: an empty one. */
export interface ReadLine {
  readonly value?: unknown;
  readonly fault?: string;
}

/** Bytes of one line at most. */
const LONGEST_LINE = 65_536;
/** Bytes of one request at most. */
const MOST_BYTES = 1_073_741_824;
const NEWLINE = 10;

/**
 * The lines of a stream, in order, as they come; memory holds one line and one piece of the stream. Of CSV the first line names the
 * fields and is not counted. Throws PAYLOAD_TOO_LARGE; VALIDATION_FAILED where the stream breaks off, is no CSV, or its first
 * line names none of `fields`.
 */
export function readLines(
  stream: ReadableStream<Uint8Array> | null,
  type: string,
  fields: ReadonlySet<string>,
): AsyncIterable<ReadLine> {
  const bytes = bounded(stream);
  return type === "text/csv" ? readCsv(bytes, fields) : readNdjson(bytes);
}

async function* bounded(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (stream === null) return;
  let size = 0;
  const reader = stream.getReader();
  try {
    for (;;) {
      const piece = await reader.read().catch((cause: unknown) => {
        throw new ClavigerError("VALIDATION_FAILED", { publicDetail: "The stream broke off.", cause });
      });
      if (piece.done) return;
      size += piece.value.length;
      if (size > MOST_BYTES) throw new ClavigerError("PAYLOAD_TOO_LARGE");
      yield piece.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<ReadLine> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  const keep = (piece: Uint8Array): void => {
    length += piece.length;
    // What is too long is counted and not kept.
    if (length <= LONGEST_LINE) pieces.push(piece);
    else pieces = [];
  };
  const end = (): ReadLine => {
    const read =
      length > LONGEST_LINE ? { fault: `is longer than ${LONGEST_LINE} bytes` } : readJsonLine(Buffer.concat(pieces));
    pieces = [];
    length = 0;
    return read;
  };
  for await (const chunk of bytes) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      keep(chunk.subarray(from, at));
      yield end();
      from = at + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
  }
  if (length > 0) yield end();
}

function readJsonLine(bytes: Uint8Array): ReadLine {
  if (/^\s*$/.test(Buffer.from(bytes.subarray(0, 100)).toString("latin1")) && bytes.length <= 100) return {};
  try {
    return { value: parseJson(bytes) };
  } catch (error) {
    if (!(error instanceof ClavigerError)) throw error;
    return { fault: error.errors?.[0]?.message ?? "is no JSON" };
  }
}

async function* readCsv(bytes: AsyncIterable<Uint8Array>, fields: ReadonlySet<string>): AsyncGenerator<ReadLine> {
  const parser = Readable.from(bytes).pipe(
    parse({ bom: true, skip_empty_lines: true, relax_column_count: true, max_record_size: LONGEST_LINE }),
  );
  let names: readonly string[] | null = null;
  try {
    for await (const cells of parser as AsyncIterable<readonly string[]>) {
      if (names === null) names = namesIn(cells, fields);
      else if (cells.length !== names.length) yield { fault: `has ${cells.length} cells, not ${names.length}` };
      else yield { value: fieldsOf(names, cells) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new ClavigerError("VALIDATION_FAILED", {
      publicDetail: "This is no CSV with a first line of names.",
      cause: error,
    });
  }
}

/** Throws VALIDATION_FAILED, which shows no cell: where the line of names is missing, the first cells are those of a key. */
function namesIn(cells: readonly string[], fields: ReadonlySet<string>): readonly string[] {
  const names = cells.map((name) => name.trim());
  const unknown = names.findIndex((name) => !fields.has(name));
  if (unknown < 0) return names;
  const message = `the first line names the fields, and its cell ${unknown + 1} is none of them`;
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "", message }] });
}

/** Fields that hold several things, with spaces in between. */
const LISTS: ReadonlySet<string> = new Set(["scopes", "allowedIps", "allowedReferrers", "audiences", "tags"]);
const NUMBERS: ReadonlySet<string> = new Set(["expiresInDays"]);

/** A row as what a line of NDJSON would say; an empty cell says nothing, and `null` says null. */
function fieldsOf(names: readonly string[], cells: readonly string[]): Record<string, unknown> {
  const given: [string, unknown][] = [];
  for (const [at, name] of names.entries()) {
    const cell = cells[at]?.trim() ?? "";
    if (cell === "") continue;
    if (cell === "null") given.push([name, null]);
    else if (LISTS.has(name)) given.push([name, cell.split(/\s+/)]);
    else given.push([name, NUMBERS.has(name) ? Number(cell) : cell]);
  }
  return Object.fromEntries(given);
}
