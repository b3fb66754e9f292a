import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { importOperations, pick } from "@claviger/contract";
import type { Command } from "commander";
import { ApiProblem, callApi } from "../../api/call.ts";
import { findService, requireManagementKey } from "../../api/service.ts";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { oneLine, usageFailure } from "../../failure.ts";
import type { Io } from "../../io.ts";
import type { Outcome } from "../../outcome.ts";
import { createProgress } from "../../output/progress.ts";

const HELP = `
Examples:
  $ claviger imports import keys.ndjson --dry-run
  $ claviger imports import keys.ndjson --name migration-2027 --account ext:acme --environment live
  $ claviger imports import keys.csv --name migration-2027

A line of NDJSON is {"account": "ext:acme", "environment": "live", "label": "Nightly sync", "scopes": ["contacts:read"], "key": "…"}, or "sha256"
instead of "key". CSV has the same names in its first line. What broke off goes on where it was when it is run again with the same name.
Ends with 1 where a line could not be imported.`;

export function registerImport(command: Command, io: Io, outcome: Outcome): void {
  command
    .description("Import keys from a file; they go on working as they are")
    .argument("<file>", "NDJSON, or CSV where its name ends in .csv")
    .option("--name <name>", "by which it can be gone on with; default the name of the file")
    .option("--account <reference>", "for lines that name none")
    .option("--environment <name>", "for lines that name none")
    .option("--dry-run", "say what would become of each line, and import nothing")
    .addHelpText("after", HELP)
    .action(async (file: string) => {
      outcome.exitCode = await runImport(io, file, command.optsWithGlobals<ImportFlags>());
    });
}

interface ImportFlags {
  readonly name?: string | undefined;
  readonly account?: string | undefined;
  readonly environment?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly url?: string | undefined;
}

interface Told {
  readonly id: string | null;
  readonly lines: number;
  readonly imported: number;
  readonly known: number;
  readonly failed: number;
  readonly errors: readonly { readonly line: number; readonly path: string; readonly message: string }[];
}

/** Lines of one request, and characters about: it is answered well before anybody gives up waiting. */
const LINES_AT_ONCE = 5_000;
const LENGTH_AT_ONCE = 4_000_000;
const SHOWN = 20;
const NOTHING: Told = { id: null, lines: 0, imported: 0, known: 0, failed: 0, errors: [] };

/** Sends a file in slices, and tells what became of it. Throws `Failure`; a refusal of the service ends with 1. */
async function runImport(io: Io, file: string, flags: ImportFlags): Promise<ExitCode> {
  const size = sizeOf(file);
  const progress = createProgress(io, "bytes sent");
  let told = NOTHING;
  try {
    for await (const slice of slicesOf(file)) {
      told = merged(told, await send(io, file, flags, slice), flags.dryRun === true);
      progress.show(Math.min(slice.end, size), size);
    }
  } catch (error) {
    progress.clear();
    if (!(error instanceof ApiProblem)) throw error;
    io.err(
      oneLine(`${error.message} ${error.problem.errors.map(({ path, message }) => `${path} ${message}`).join("; ")}`),
    );
    return EXIT.failed;
  }
  progress.clear();
  if (flags.json === true) io.out(JSON.stringify(told));
  else tell(io, told, flags.dryRun === true);
  return told.failed === 0 ? EXIT.ok : EXIT.failed;
}

function tell(io: Io, { id, lines, imported, known, failed, errors }: Told, dryRun: boolean): void {
  const would = dryRun ? "would be " : "";
  io.out(`${lines} lines: ${imported} ${would}imported, ${known} known already, ${failed} failed`);
  for (const { line, path, message } of errors.slice(0, SHOWN))
    io.out(`line ${line}: ${path === "" ? "" : `${path} `}${message}`);
  if (failed > SHOWN && id !== null) io.out(`all of them: claviger imports errors ${id} --all`);
}

/** Of an import, the last answer tells of all; of a trial each tells of its own lines. */
function merged(before: Told, answer: Told, dryRun: boolean): Told {
  if (!dryRun) return answer;
  return {
    ...{ id: null, lines: answer.lines, imported: before.imported + answer.imported },
    ...{ known: before.known + answer.known, failed: before.failed + answer.failed },
    errors: [...before.errors, ...answer.errors].slice(0, 100),
  };
}

interface Slice {
  /** The number of its first line. */
  readonly fromLine: number;
  readonly text: string;
  readonly more: boolean;
  /** So many bytes of the file are read. */
  readonly end: number;
}

async function send(io: Io, file: string, flags: ImportFlags, { fromLine, text, more }: Slice): Promise<Told> {
  const dryRun = flags.dryRun === true;
  const answer = await callApi(findService(io, flags.url), {
    ...{ operation: pick(importOperations, "imports.import"), params: {}, body: undefined },
    query: { account: flags.account, environment: flags.environment, fromLine, more, dryRun },
    lines: { type: isCsv(file) ? "text/csv" : "application/x-ndjson", text },
    bearer: requireManagementKey(io),
    idempotencyKey: dryRun ? undefined : (flags.name ?? basename(file).replace(/[^\x21-\x7e]/g, "_")),
  });
  return answer.body as Told;
}

const isCsv = (file: string): boolean => file.toLowerCase().endsWith(".csv");

/** Throws `Failure` for a file that cannot be read. */
function sizeOf(file: string): number {
  try {
    const found = statSync(file);
    if (found.isFile()) return found.size;
  } catch {
    // Told below.
  }
  throw usageFailure(`${file} cannot be read`);
}

/** Whole lines; of CSV whole rows, each slice with the line of names in front. The last one says that no more is to come. */
async function* slicesOf(file: string): AsyncGenerator<Slice> {
  const csv = isCsv(file);
  let names: string | null = csv ? null : "";
  let [pending, fromLine, count, end] = ["", 1, 0, 0];
  for await (const row of csv ? rowsOf(file) : linesOf(file)) {
    end += Buffer.byteLength(row) + 1;
    if (names === null) {
      names = `${row}\n`;
      continue;
    }
    if (count >= LINES_AT_ONCE || pending.length >= LENGTH_AT_ONCE) {
      yield { fromLine, text: names + pending, more: true, end };
      fromLine += count;
      [pending, count] = ["", 0];
    }
    pending += `${row}\n`;
    count += 1;
  }
  yield { fromLine, text: (names ?? "") + pending, more: false, end };
}

function linesOf(file: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Number.POSITIVE_INFINITY });
}

/** Rows of CSV: lines, but where a quote is open the next one belongs to it. Empty ones are left out, as whoever reads them does. */
async function* rowsOf(file: string): AsyncGenerator<string> {
  let row = "";
  for await (const line of linesOf(file)) {
    row = row === "" ? line : `${row}\n${line}`;
    if ((row.split('"').length - 1) % 2 === 1) continue;
    if (row.trim() !== "") yield row;
    row = "";
  }
  if (row !== "") yield row;
}
