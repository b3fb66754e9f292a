import { importHookAnswer, importLine, importOperations, pick } from "@claviger/contract";
import { ClavigerError, containsKey } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import { pageOf } from "../../kernel/page.ts";
import { parseWith } from "../../kernel/parse-with.ts";
import { actorOf, type Route, route } from "../../kernel/route.ts";
import { type OldStoreOptions, oldStoreBy } from "./create-old-store.ts";
import type { HookAnswer } from "./hook-answer.ts";
import { type ImportLine, type ImportOutcome, type ImportPorts, importLines } from "./import-lines.ts";
import { findImport, findNamedImport, type StoredError, selectErrors, selectImports } from "./imports.store.ts";
import type { KeyImport, LineError } from "./key-import.ts";
import type { OldStore } from "./old-store.ts";
import { readLines } from "./read-lines.ts";

/** Imports that one node carries out at once. */
const MOST_AT_ONCE = 4;
const SHOWN_ERRORS = 100;
const FIELDS: ReadonlySet<string> = new Set(Object.keys(importLine.shape));
const NEWEST_FIRST = { sort: "-id", kinds: ["string"], valuesOf: ({ id }: KeyImport) => [id] } as const;
const BY_LINE = {
  ...{ sort: "line", kinds: ["number", "number"] as const },
  valuesOf: ({ line, place }: StoredError) => [line, place],
};

export function importRoutes(ports: ImportPorts): Route[] {
  const { database } = ports;
  let underWay = 0;
  return [
    route(pick(importOperations, "imports.import"), async (call) => {
      if (underWay >= MOST_AT_ONCE)
        throw new ClavigerError("UNAVAILABLE", {
          publicDetail: "Four imports are under way already; try again later.",
        });
      underWay += 1;
      try {
        const { principal, source, query, sent, headers } = call;
        const { outcome, errors } = await importLines(ports, {
          ...{ acting: { actor: actorOf(principal), source }, authority: principal, ...query },
          ...{ account: query.account, environment: query.environment, name: nameOf(headers.get("idempotency-key")) },
          ...{ lines: readLines(sent.stream, sent.type, FIELDS), fields: FIELDS, parse: sent.parse },
        });
        const { id } = outcome;
        const kept = id === null ? errors : await database.transaction(PLATFORM, (tx) => firstErrors(tx, id));
        return { status: 200, body: shown(outcome, kept) };
      } finally {
        underWay -= 1;
      }
    }),
    route(pick(importOperations, "imports.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { data, nextCursor } = await pageOf(call.query, NEWEST_FIRST, (after, count) =>
          selectImports(tx, after === null ? null : String(after[0]), count),
        );
        return { status: 200, body: { data: data.map((found) => shown({ ...found, dryRun: false }, [])), nextCursor } };
      }),
    ),
    route(pick(importOperations, "imports.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const found = await requireImport(tx, call.principal.keyId, call.params.id);
        return { status: 200, body: shown({ ...found, dryRun: false }, await firstErrors(tx, found.id)) };
      }),
    ),
    route(pick(importOperations, "imports.errors"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { id } = await requireImport(tx, call.principal.keyId, call.params.id);
        const { data, nextCursor } = await pageOf(call.query, BY_LINE, (after, count) =>
          selectErrors(tx, id, after?.map(Number) ?? null, count),
        );
        return { status: 200, body: { data: data.map(shownError), nextCursor } };
      }),
    ),
  ];
}

/** The store from which keys are imported as they are presented; null where none is set. */
export function createOldStore(ports: ImportPorts, options: OldStoreOptions): OldStore | null {
  const reading = {
    fields: FIELDS,
    parse: (value: unknown) => parseWith(importLine, value) as ImportLine,
    parseAnswer: (answer: unknown) => parseWith(importHookAnswer, answer) as HookAnswer,
  };
  return oldStoreBy(ports, reading, options);
}

function firstErrors(tx: Tx, id: string): Promise<readonly LineError[]> {
  return selectErrors(tx, id, null, SHOWN_ERRORS);
}

const NAMED = "ext:";

/** By our id, or by its name. Throws NOT_FOUND. */
async function requireImport(tx: Tx, principal: string, reference: string): Promise<KeyImport> {
  const found = reference.startsWith(NAMED)
    ? await findNamedImport(tx, principal, reference.slice(NAMED.length))
    : await findImport(tx, reference);
  if (found === null) throw new ClavigerError("NOT_FOUND");
  return found;
}

function nameOf(header: string | null): string | null {
  if (header === null || (/^[\x21-\x7e]{1,200}$/.test(header) && !containsKey(header))) return header;
  const message = "must be 1 to 200 printable characters without spaces, and hold no API key";
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "Idempotency-Key", message }] });
}

const shownError = ({ line, path, message }: LineError) => ({ line, path, message });

function shown(outcome: ImportOutcome, errors: readonly LineError[]) {
  const { id, state, dryRun, lines, imported, known, failed, createdAt, updatedAt } = outcome;
  return {
    ...{ id, state, dryRun, lines, imported, known, failed, errors: errors.slice(0, SHOWN_ERRORS).map(shownError) },
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
  };
}
