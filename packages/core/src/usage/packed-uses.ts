import { REFUSAL_CODES, type Verdict } from "../verdict/verdict.ts";
import { recordableScopes } from "./asked-scopes.ts";
import { foldPath } from "./fold-path.ts";
import { recordable } from "./recordable.ts";
import { USE_LIMITS, type UseBatch, type UseCell, type UseDetail } from "./use-batch.ts";

/**
 * A batch of uses as it goes over the wire: rows of numbers, each text once. A text is named by its place in `texts`, counted
 * from 1; 0 is null.
 */
export interface PackedUses {
  readonly texts: readonly string[];
  /**
   * key, version, account, environment, code, method, route, scopes and path, ip, agent, service, 1 for a browser + 2 for merged, requests,
   * cost, firstAt, lastAt - firstAt; and where middlewares told of answers: four counts of statuses, then count, total and
   * greatest of durations in milliseconds.
   */
  readonly cells: readonly (readonly number[])[];
  /** Place of the cell counted from 0, at - the cell's firstAt, cost, requestId, status or 0, durationMs or -1. */
  readonly details: readonly (readonly number[])[];
  readonly sampledOut: number;
  /** ip, code, count. */
  readonly strangers: readonly (readonly number[])[];
}

export const PACKED_LIMITS = Object.freeze({
  texts: 20_000,
  /** A template of the route map. */
  textLength: 512,
  cellWidths: Object.freeze([16, 23]),
  detailWidth: 6,
  strangerWidth: 3,
});

const BROWSER = 1;
const MERGED = 2;
/** Characters of an object without its rows. */
const FRAME = 100;

/** Packs a batch into as many parts as keep each below `mostBytes` of JSON. Every cell is in one of them, with its details. */
export function packUses(batch: UseBatch, mostBytes: number): PackedUses[] {
  const details = detailsByCell(batch);
  const parts: Part[] = [];
  let part = new Part();
  const next = (): void => {
    parts.push(part);
    part = new Part();
  };
  for (const { ip, code, count } of batch.strangers) part.addStranger(ip, code, count);
  for (const [index, cell] of batch.cells.entries()) {
    // Few are longer than a part allows: those whose request ids are very long.
    let own = details[index] ?? [];
    while (sizeOf(cell, own) > mostBytes && own.length > 0) own = own.filter((_, place) => place % 2 === 1);
    if (part.bytes + sizeOf(cell, own) > mostBytes && !part.isEmpty) next();
    part.add(cell, own);
  }
  next();
  return parts.map((each) => each.packed());
}

function detailsByCell({ details }: UseBatch): (readonly UseDetail[] | undefined)[] {
  const byCell: UseDetail[][] = [];
  for (const detail of details) {
    const own = byCell[detail.cell];
    if (own === undefined) byCell[detail.cell] = [detail];
    else own.push(detail);
  }
  return byCell;
}

/** At most so many characters of JSON, whatever is shared with other cells. */
function sizeOf(cell: UseCell, details: readonly UseDetail[]): number {
  const texts = [
    cell.key,
    cell.account,
    cell.environment,
    cell.code,
    cell.method,
    cell.route,
    besidePath(cell),
    cell.ip,
    cell.agent,
    cell.service,
  ];
  const ofCell = texts.reduce((sum, text) => sum + lengthOf(text), 200);
  return details.reduce((sum, { requestId }) => sum + lengthOf(requestId) + 60, ofCell);
}

/** With its quotes, comma and escapes: what is recorded is ASCII, and of that quote and backslash are escaped. */
function lengthOf(text: string | null): number {
  return text === null ? 0 : text.length + 3 + (/["\\]/.test(text) ? text.length : 0);
}

/** One part as it fills. */
class Part {
  readonly #numbers = new Map<string, number>();
  readonly #cells: (readonly number[])[] = [];
  readonly #details: (readonly number[])[] = [];
  readonly #strangers: (readonly number[])[] = [];
  #requests = 0;
  bytes = FRAME;

  get isEmpty(): boolean {
    return this.#cells.length === 0 && this.#strangers.length === 0;
  }

  addStranger(ip: string | null, code: string, count: number): void {
    this.#strangers.push([this.#number(ip), this.#number(code), count]);
    this.bytes += lengthOf(ip) + lengthOf(code) + 30;
  }

  add(cell: UseCell, details: readonly UseDetail[]): void {
    const { key, version, account, environment, code, method, route, ip, agent, service } = cell;
    const { browser, merged, requests, cost, firstAt, lastAt } = cell;
    const place = this.#cells.length;
    const who = [this.#number(key), version, this.#number(account), this.#number(environment), this.#number(code)];
    const where = [method, route, besidePath(cell), ip, agent, service].map((text) => this.#number(text));
    const flags = (browser ? BROWSER : 0) | (merged ? MERGED : 0);
    this.#cells.push([...who, ...where, flags, requests, cost, firstAt, lastAt - firstAt, ...answersOf(cell)]);
    for (const { at, cost: own, requestId, status, durationMs } of details) {
      this.#details.push([place, at - firstAt, own, this.#number(requestId), status ?? 0, durationMs ?? -1]);
    }
    this.#requests += requests;
    this.bytes += sizeOf(cell, details);
  }

  packed(): PackedUses {
    return {
      ...{ texts: [...this.#numbers.keys()], cells: this.#cells, details: this.#details },
      ...{ sampledOut: Math.max(0, this.#requests - this.#details.length), strangers: this.#strangers },
    };
  }

  #number(text: string | null): number {
    if (text === null) return 0;
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    this.#numbers.set(text, this.#numbers.size + 1);
    return this.#numbers.size;
  }
}

function answersOf({ statuses, durations }: UseCell): readonly number[] {
  if (statuses === null && durations === null) return [];
  const { count, totalMs, maxMs } = durations ?? { count: 0, totalMs: 0, maxMs: 0 };
  return [...(statuses ?? [0, 0, 0, 0]), count, totalMs, maxMs];
}

/** How many verifications a part tells of. */
export function usesIn({ cells }: PackedUses): number {
  return cells.reduce((sum, row) => sum + (row[12] ?? 0), 0);
}

/**
 * The batch again, from rows that were checked. Texts are bounded and cleaned once more, because whoever sent them may not have done so; a
 * code that this software does not know is told as UNAVAILABLE.
 */
export function unpackUses({ texts, cells, details, sampledOut, strangers }: PackedUses): UseBatch {
  const text = (number: number | undefined): string | null => texts[(number ?? 0) - 1] ?? null;
  const firsts = cells.map((row) => row[14] ?? 0);
  return {
    cells: cells.map((row) => cellOf(row, text)),
    details: details.map(([cell = 0, after = 0, cost = 0, requestId, status = 0, durationMs = -1]) => ({
      ...{ cell, at: (firsts[cell] ?? 0) + after, cost },
      requestId: shown(text(requestId), USE_LIMITS.requestIdLength),
      status: status === 0 ? null : status,
      durationMs: durationMs < 0 ? null : durationMs,
    })),
    sampledOut,
    strangers: strangers.map(([ip, code, count = 0]) => ({ ip: text(ip), code: codeOf(text(code)), count })),
  };
}

function cellOf(row: readonly number[], text: (number: number | undefined) => string | null): UseCell {
  const [key, version = 0, account, environment, code, method, route, places, ip, agent, service] = row;
  const [flags = 0, requests = 0, cost = 0, firstAt = 0, span = 0, ...answers] = row.slice(11);
  const [ok = 0, moved = 0, wrong = 0, failed = 0, count = 0, totalMs = 0, maxMs = 0] = answers;
  const { scopes, path } = scopesAndPath(text(places));
  return {
    ...{ key: text(key) ?? "", version, account: text(account) ?? "", environment: text(environment) ?? "" },
    ...{ code: codeOf(text(code)), method: text(method)?.slice(0, METHOD_LENGTH) ?? null, route: text(route) },
    ...{
      path,
      scopes,
      ip: text(ip),
      agent: shown(text(agent), USE_LIMITS.agentLength),
    },
    service: shown(text(service), USE_LIMITS.serviceLength),
    ...{ browser: (flags & BROWSER) !== 0, merged: (flags & MERGED) !== 0 },
    ...{ requests, cost, firstAt, lastAt: firstAt + span },
    statuses: ok + moved + wrong + failed === 0 ? null : [ok, moved, wrong, failed],
    durations: count === 0 ? null : { count, totalMs, maxMs },
  };
}

const METHOD_LENGTH = 32;

/**
 * Scopes and path in one text, so that a node that knows nothing of scopes takes it for no path: names with a space behind each, then
 * the path. A folded path has no spaces and begins with a slash, which no name does.
 */
function besidePath({ scopes, path }: UseCell): string | null {
  return scopes === null ? path : `${scopes} ${path ?? ""}`;
}

function scopesAndPath(text: string | null): { readonly scopes: string | null; readonly path: string | null } {
  if (text === null) return { scopes: null, path: null };
  if (text.startsWith("/")) return { scopes: null, path: foldPath(text) };
  const end = text.lastIndexOf(" ");
  return { scopes: recordableScopes(text.slice(0, Math.max(0, end))), path: foldPath(text.slice(end + 1)) };
}

function shown(text: string | null, most: number): string | null {
  return text === null ? null : recordable(text, most);
}

function codeOf(text: string | null): Verdict["code"] {
  if (text === "VALID") return text;
  return REFUSAL_CODES.find((code) => code === text) ?? "UNAVAILABLE";
}
