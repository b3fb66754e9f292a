import type { ServerResponse } from "node:http";
import type { Answer } from "../kernel/route.ts";
import { textOf } from "./answer-text.ts";
import { SECURITY_HEADERS } from "./security-headers.ts";

const REQUEST_ID = "X-Request-Id";
const SECURITY = Object.entries(SECURITY_HEADERS).flat();
const SET_HERE: ReadonlySet<string> = new Set([...Object.keys(SECURITY_HEADERS), REQUEST_ID]);

/**
 * Sends an answer on node:http as the router would. The headers are given as a list, which node:http takes in half the time that it
 * needs for an object.
 */
export function sendAnswer(response: ServerResponse, requestId: string, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const headers = [...SECURITY, REQUEST_ID, requestId];
  for (const name in answer.headers) {
    const value = answer.headers[name] ?? "";
    // A list is sent as it is, so nothing may stand in it twice.
    if (SET_HERE.has(name)) headers[headers.indexOf(name) + 1] = value;
    else headers.push(name, value);
  }
  const body = textOf(answer);
  if (body === undefined) {
    if (answer.status !== 204) headers.push("Content-Length", "0");
    response.writeHead(answer.status, headers).end();
    return;
  }
  const length = Buffer.byteLength(body);
  headers.push("Content-Type", answer.contentType ?? "application/json", "Content-Length", String(length));
  // ASCII, which is the rule, is the same text in both, and node:http writes it sooner as latin1.
  response.writeHead(answer.status, headers).end(body, length === body.length ? "latin1" : "utf8");
}
