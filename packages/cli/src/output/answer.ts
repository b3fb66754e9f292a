import type { ApiAnswer } from "../api/call.ts";
import { pageOf } from "../api/pages.ts";
import { isObject } from "../input/json-value.ts";
import type { Io } from "../io.ts";
import { createTable, printFields } from "./table.ts";

export interface Shown {
  readonly json: boolean;
  /** Of lists. */
  readonly columns: readonly string[];
}

/** Prints an answer: as it came with `json`, else for people. */
export function printAnswer(io: Io, answer: ApiAnswer, { json, columns }: Shown): void {
  if (json) {
    io.out(io.stdoutIsTerminal ? JSON.stringify(answer.body, null, 2) : answer.text);
    return;
  }
  const page = pageOf(answer);
  if (page !== null) {
    printRows(io, page.data, columns);
    if (page.nextCursor !== null) io.err(`there are more: --all, or --cursor ${page.nextCursor}`);
    return;
  }
  if (isObject(answer.body)) printThing(io, answer.body);
}

function printRows(io: Io, rows: readonly unknown[], columns: readonly string[]): void {
  if (rows.length === 0) io.err("none");
  else createTable(io, columns).add(rows);
}

/** An act answers with the thing in a field of its name, what it waited for, and once a secret; a read with the thing itself. */
function printThing(io: Io, body: Record<string, unknown>): void {
  const { secret, effective, link, handOver, ...rest } = body;
  if (printWaiting(io, rest)) return;
  const parts = Object.values(rest);
  const acted = "secret" in body || "effective" in body;
  printFields(io, acted && parts.length === 1 && isObject(parts[0]) ? parts[0] : rest);
  if (isObject(effective)) io.err(inForce(effective));
  if (isObject(handOver) && parts.length === 0) printFields(io, handOver);
  printSecret(io, secret, link, handOver);
}

/** What waits for somebody's approval; false where nothing does. */
export function printWaiting(io: Io, { approval }: Record<string, unknown>): boolean {
  if (!isObject(approval) || approval.status !== "requested") return false;
  printFields(io, approval);
  io.err("It waits for approval; nothing is done yet.");
  return true;
}

/** A secret, or the link that it is behind, as the last line of stdout; all that is only for people is on stderr. */
export function printSecret(io: Io, secret: unknown, link: unknown, handOver: unknown): void {
  if (secret === null && isObject(handOver) && handOver.state !== "claimed") {
    const { id, state, store, path } = handOver;
    if (state === "offered") io.err(`The secret is offered: claviger hand-overs claim ${String(id)}`);
    else io.err(`The secret is on its way to ${String(store)}, ${String(path)}: ${String(id)}`);
    return;
  }
  if (isObject(link) && typeof link.url === "string") {
    io.err(`${String(link.id)} shows the secret to whoever opens it first, until ${String(link.expiresAt)}:`);
    io.out(link.url);
  } else if (typeof secret === "string") {
    io.err("The secret is shown now and never again:");
    io.out(secret);
  } else if (secret === null) {
    io.err("The secret was shown when this was done first, and is not shown again.");
  }
}

export function inForce({ everywhere, waitedMs, nodes, verifiers, lapsed }: Record<string, unknown>): string {
  const gone =
    Array.isArray(lapsed) && lapsed.length > 0
      ? `; without an answer, and so without a lease: ${lapsed.join(", ")}`
      : "";
  const state = everywhere === true ? "in force everywhere" : "NOT confirmed everywhere";
  return `${state} after ${Math.round(Number(waitedMs))} ms (nodes: ${String(nodes)}, verifiers: ${String(verifiers)}${gone})`;
}
