import { hash } from "node:crypto";
import { assessKey, ClavigerError, type FieldError, type HashTextFn, previewKey } from "@claviger/core";
import { type Database, isUniqueViolation, KEYRING_SUBJECT, PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Unit } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import { type Authority, type Imported, type ImportKeyInput, importKeys, type KeysPorts } from "../keys/index.ts";
import { addProgress, findImport, finishImport, hasForeignKeys, insertErrors, openImport } from "./imports.store.ts";
import { type KeyImport, type LineError, MOST_ERRORS } from "./key-import.ts";
import type { ReadLine } from "./read-lines.ts";

/** What a line says, as the contract reads it. */
export interface ImportLine extends Omit<ImportKeyInput, "account" | "hash" | "preview" | "madeAt"> {
  readonly account?: string | undefined;
  readonly key?: string | undefined;
  /** Hexadecimal, base64url or base64. */
  readonly sha256?: string | undefined;
  readonly preview?: string | undefined;
  readonly createdAt?: string | undefined;
}

export interface ImportPorts {
  readonly keys: Pick<KeysPorts, "act" | "ids" | "keyring" | "sha256">;
  readonly database: Database;
  readonly clock: Clock;
}

/** What lines are read by. */
export interface Reading {
  /** For lines that name none. */
  readonly account: string | undefined;
  readonly environment: string | undefined;
  readonly authority: Authority;
  /** Those that a line may have. */
  readonly fields: ReadonlySet<string>;
  /** Throws VALIDATION_FAILED. */
  parse(value: unknown): ImportLine;
}

export interface ImportRequest extends Reading {
  readonly acting: Pick<Acting<unknown>, "actor" | "source">;
  /** The name by which it can be gone on with; null for none. */
  readonly name: string | null;
  readonly fromLine: number;
  readonly more: boolean;
  readonly dryRun: boolean;
  readonly lines: AsyncIterable<ReadLine>;
}

/** What became of it; `id` null for a trial. */
export interface ImportOutcome extends Omit<KeyImport, "id"> {
  readonly id: string | null;
  readonly dryRun: boolean;
}

/** Lines of one act: it holds their accounts, so it is short. */
const LINES_AT_ONCE = 500;
const ATTEMPTS = 5;
const sha256Text: HashTextFn = (data) => hash("sha256", data, "binary");

export type Slice = readonly { readonly line: number; readonly read: ReadLine }[];
type Counts = Pick<KeyImport, "imported" | "known" | "failed">;

/**
 * Imports lines as they come (A7), so many in one act: with them it is said how far the import is, so that whoever is cut off goes on
 * where it was, and lines that are sent twice are passed over. A trial does the same and takes each act back.
 *
 * Throws VALIDATION_FAILED where lines are left out, and what the stream throws; what was imported before stays.
 */
export async function importLines(
  ports: ImportPorts,
  request: ImportRequest,
): Promise<{ readonly outcome: ImportOutcome; readonly errors: readonly LineError[] }> {
  const now = new Date(ports.clock.wall());
  const begun = request.dryRun ? null : await begin(ports, request, now);
  if (begun !== null && request.fromLine > begun.lines + 1) throw leftOut(begun.lines);
  const tried = { imported: 0, known: 0, failed: 0 };
  const errors: LineError[] = [];
  let line = request.fromLine - 1;
  for await (const slice of slices(request)) {
    line = slice.at(-1)?.line ?? line;
    if (begun === null) add(tried, errors, await trySlice(ports, request, slice));
    else await importSlice(ports, request, begun.id, (done) => leftOf(slice, done));
  }
  if (begun === null) {
    const times = { createdAt: now, updatedAt: new Date(ports.clock.wall()) };
    return { outcome: { id: null, state: "done", dryRun: true, lines: line, ...tried, ...times }, errors };
  }
  if (!request.more) await finish(ports, request, begun.id);
  const found = await ports.database.transaction(PLATFORM, (tx) => findImport(tx, begun.id));
  return { outcome: { ...(found ?? begun), dryRun: false }, errors };
}

/** The import of this name by this key, or a new one. */
export function begin(
  { keys, database }: ImportPorts,
  { name, authority }: Pick<ImportRequest, "name" | "authority">,
  now: Date,
): Promise<KeyImport> {
  const opened = { id: keys.ids.make("imp"), principal: authority.keyId, name, now };
  return database.transaction(PLATFORM, (tx) => openImport(tx, opened));
}

async function* slices({ lines, fromLine }: ImportRequest): AsyncGenerator<Slice> {
  let slice: { line: number; read: ReadLine }[] = [];
  let line = fromLine - 1;
  for await (const read of lines) {
    line += 1;
    slice.push({ line, read });
    if (slice.length < LINES_AT_ONCE) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}

/** Ends an act in which nothing was imported: there is nothing to tell of, and nothing that anybody must wait for. */
const NOTHING_IMPORTED = new Error("nothing was imported");

/**
 * Deals with lines of an import, which `leftAfter` chooses knowing how many are dealt with. Tried again where another import has the same keys
 * at the same moment, and where somebody else has gone on with this one in between. Returns what became of them.
 */
export async function importSlice(
  ports: ImportPorts,
  request: Reading & Pick<ImportRequest, "acting">,
  id: string,
  leftAfter: (done: number) => Slice,
): Promise<Dealt> {
  for (let attempt = 1; ; attempt += 1) {
    let left: Slice = [];
    let dealt: Dealt = NOTHING;
    try {
      await ports.keys.act(request.acting, PLATFORM, async (unit) => {
        left = leftAfter((await findImport(unit.tx, id, true))?.lines ?? 0);
        dealt = left.length === 0 ? NOTHING : await dealWith(ports, request, unit, left);
        if (dealt.counts.imported === 0) throw NOTHING_IMPORTED;
        // From the first of them on, every node and verifier looks for strings of other forms.
        if (dealt.foreignForm && !(await hasForeignKeys(unit.tx))) unit.widens(KEYRING_SUBJECT);
        await recordProgress(unit.tx, id, left, dealt, unit.now);
      });
      return dealt;
    } catch (error) {
      if (error === NOTHING_IMPORTED) {
        const now = new Date(ports.clock.wall());
        if (await ports.database.transaction(PLATFORM, (tx) => recordAlone(tx, id, left, dealt, now))) return dealt;
      } else if (attempt === ATTEMPTS || !isUniqueViolation(error)) throw error;
    }
  }
}

/** Lines sent before are passed over: what was said then holds. Throws VALIDATION_FAILED where lines in between are left out. */
function leftOf(slice: Slice, done: number): Slice {
  const left = slice.filter(({ line }) => line > done);
  const first = left[0]?.line ?? done + 1;
  if (first !== done + 1) throw leftOut(done);
  return left;
}

function leftOut(done: number): ClavigerError {
  return fault("fromLine", `lines up to ${done} are dealt with: go on with line ${done + 1}`);
}

/** How far the import is, and what is wrong with its lines. The import is held. */
async function recordProgress(tx: Tx, id: string, left: Slice, dealt: Dealt, now: Date): Promise<void> {
  const held = await findImport(tx, id, true);
  const last = left.at(-1);
  if (held === null || last === undefined) return;
  const { counts, errors, foreignForm } = dealt;
  await addProgress(tx, id, { lines: last.line, ...counts, foreignForm }, now);
  const kept = errors.slice(0, Math.max(0, MOST_ERRORS - held.failed));
  if (kept.length > 0) await insertErrors(tx, id, kept);
}

/** The same of an act that was taken back; false where somebody else has gone on with the import since. */
async function recordAlone(tx: Tx, id: string, left: Slice, dealt: Dealt, now: Date): Promise<boolean> {
  const [first] = left;
  if (first === undefined) return true;
  if ((await findImport(tx, id, true))?.lines !== first.line - 1) return false;
  await recordProgress(tx, id, left, dealt, now);
  return true;
}

/** Everything as if, and then taken back. */
async function trySlice(ports: ImportPorts, request: ImportRequest, slice: Slice): Promise<Dealt> {
  const takeBack = new Error("a trial is taken back");
  let dealt: Dealt | null = null;
  const ignored = (): void => undefined;
  const acts = { audits: ignored, narrows: ignored, widens: ignored, emits: ignored, foundDone: ignored };
  try {
    await ports.database.transaction(PLATFORM, async (tx) => {
      dealt = await dealWith(ports, request, { tx, now: new Date(ports.clock.wall()), ...acts }, slice);
      throw takeBack;
    });
  } catch (error) {
    if (error !== takeBack) throw error;
  }
  return dealt ?? NOTHING;
}

/** What became of lines. */
export interface Dealt {
  readonly counts: Counts;
  readonly errors: readonly LineError[];
  readonly foreignForm: boolean;
}

const NOTHING: Dealt = { counts: { imported: 0, known: 0, failed: 0 }, errors: [], foreignForm: false };

function add(counts: { imported: number; known: number; failed: number }, errors: LineError[], dealt: Dealt): void {
  for (const name of ["imported", "known", "failed"] as const) counts[name] += dealt.counts[name];
  errors.push(...dealt.errors.slice(0, MOST_ERRORS - errors.length));
}

async function dealWith(ports: ImportPorts, request: Reading, unit: Unit, slice: Slice): Promise<Dealt> {
  const faults: LineError[] = [];
  const asked: { line: number; input: ImportKeyInput; foreign: boolean }[] = [];
  let failed = 0;
  for (const { line, read } of slice) {
    if (read.value === undefined && read.fault === undefined) continue;
    try {
      asked.push({ line, ...inputOf(ports.keys, request, read, unit.now) });
    } catch (error) {
      if (!(error instanceof ClavigerError)) throw error;
      failed += 1;
      faults.push(...ofLine(request.fields, line, error.errors ?? [{ path: "", message: error.publicDetail }]));
    }
  }
  const outcomes = await importKeys(
    ports.keys,
    unit,
    request.authority,
    asked.map(({ input }) => input),
  );
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind !== "fault") continue;
    failed += 1;
    faults.push(...ofLine(request.fields, asked[index]?.line ?? 0, outcome.errors));
  }
  const count = (kind: Imported["kind"]): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  const foreignForm = outcomes.some(({ kind }, index) => kind === "imported" && asked[index]?.foreign === true);
  const errors = faults.sort((a, b) => a.line - b.line);
  return { counts: { imported: count("imported"), known: count("known"), failed }, errors, foreignForm };
}

/**
 * What is kept of faults. A key that stands in the wrong place, as a name or in another field, must not be kept with them: only fields that
 * there are, and nothing that could be a key.
 */
function ofLine(fields: ReadonlySet<string>, line: number, errors: readonly FieldError[]): LineError[] {
  return errors.map(({ path, message }) => {
    const [, field = "", place = ""] = /^(\w*)((?:\[\d+\])?)/.exec(path) ?? [];
    return {
      line,
      path: fields.has(field) ? `${field}${place}` : "",
      message: withoutLongWords(message).slice(0, 300),
    };
  });
}

/** Words with digits in them that are long enough for a key. */
function withoutLongWords(text: string): string {
  return text.replace(/[^\s"'`,;:()]{16,}/g, (word) => (/\d/.test(word) ? "…" : word));
}

/** Throws VALIDATION_FAILED. */
function inputOf(ports: ImportPorts["keys"], request: Reading, read: ReadLine, now: Date) {
  if (read.fault !== undefined) throw fault("", read.fault);
  const {
    key,
    sha256,
    preview,
    createdAt,
    account = request.account,
    environment,
    ...rest
  } = request.parse(read.value);
  if (account === undefined) throw fault("account", "is required");
  const madeAt = createdAt === undefined ? null : new Date(createdAt);
  if (madeAt !== null && madeAt > now) throw fault("createdAt", "is in the future");
  const shared = { ...rest, account, environment: environment ?? request.environment, madeAt };
  if (key === undefined) {
    const digest = bytesOf(sha256 ?? "");
    return {
      input: { ...shared, hash: digest, preview: preview ?? `sha256:${digest.toString("hex").slice(0, 4)}…` },
      foreign: true,
    };
  }
  const assessed = assessKey(key, ports.keyring.all("tag"), sha256Text);
  // Refused wherever it is presented, as every forgery is.
  if (assessed === "forged")
    throw fault("key", "has the form of the keys of this installation, and was not issued here");
  const input = { ...shared, hash: ports.sha256(Buffer.from(key)), preview: previewKey(key) };
  return { input, foreign: assessed !== "genuine" };
}

function bytesOf(sha256: string): Buffer {
  return Buffer.from(sha256, sha256.length === 64 ? "hex" : "base64url");
}

function fault(path: string, message: string): ClavigerError {
  return new ClavigerError("VALIDATION_FAILED", { errors: [{ path, message }] });
}

async function finish({ keys, database }: ImportPorts, { acting }: ImportRequest, id: string): Promise<void> {
  const found = await database.transaction(PLATFORM, (tx) => findImport(tx, id));
  if (found?.state === "done") return;
  await keys.act(acting, PLATFORM, async (unit) => {
    const held = await findImport(unit.tx, id, true);
    if (held === null || held.state === "done") return unit.foundDone();
    await finishImport(unit.tx, id, unit.now);
    const { lines, imported, known, failed } = held;
    const after = { lines, imported, known, failed };
    unit.audits({ action: "keys.imported", account: null, target: { type: "import", id }, after });
    unit.emits({ type: "keys.imported", account: null, payload: { import: id, ...after } });
  });
}
