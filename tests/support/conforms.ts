import { OPERATIONS, type Operation, problem } from "@claviger/contract";
import { ERRORS, PROBLEMS } from "@claviger/core";
import type { Answer, Asking } from "@claviger/testkit";
import { expect } from "vitest";

/** Behind `/v1/authorize` Envoy puts the path of the request it asks about. */
const BEHIND_PREFIX = /^\/v1\/authorize\/.*$/;

/** The operation that a request reaches; a path without parameters goes before one with. Undefined where there is none. */
export function operationOf({ method, path }: Asking): Operation | undefined {
  const pathname = (path.split("?")[0] ?? "").replace(BEHIND_PREFIX, "/v1/authorize");
  return OPERATIONS.filter((operation) => operation.method === method)
    .toSorted((a, b) => a.path.split("{").length - b.path.split("{").length)
    .find((operation) => patternOf(operation).test(pathname));
}

const patternOf = ({ path }: Operation): RegExp =>
  new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);

/** Fails the test where an answer is not as the contract has it: headers, status, and every field of the body. */
export function conforms(asking: Asking, answer: Answer): void {
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  if (answer.status >= 400) {
    isProblem(answer);
    return;
  }
  if (BEHIND_PREFIX.test(asking.path)) {
    // Envoy takes no other status for a yes.
    expect([answer.status, answer.text]).toEqual([200, ""]);
    return;
  }
  const operation = operationOf(asking);
  const told = `${asking.method} ${asking.path} answered ${answer.status}`;
  const response = operation?.responses[answer.status];
  expect(response, `${told}, which the contract does not know`).toBeDefined();
  if (response?.contentType !== undefined) expect(answer.headers.get("content-type")).toContain(response.contentType);
  if (response?.schema === undefined) return;
  expect(answer.headers.get("content-type"), told).toBe("application/json");
  const parsed = response.schema.safeParse(answer.body);
  expect(parsed.error?.issues ?? [], told).toEqual([]);
  expect(parsed.data, `${told} with fields that the contract does not know`).toEqual(answer.body);
}

/** RFC 9457, with the headers that go with the status (RFC 6750, RFC 9110). */
export function isProblem(answer: Answer): void {
  expect(answer.headers.get("content-type"), answer.text).toBe("application/problem+json");
  expect(problem.safeParse(answer.body).error?.issues ?? [], answer.text).toEqual([]);
  const { type, title, status, code, requestId } = answer.body as Record<string, string>;
  // nginx passes on three statuses alone; the true one then stands beside them.
  const meant = Number(answer.headers.get("x-authorize-status") ?? answer.status);
  expect(Number(status)).toBe(meant);
  const entry = ERRORS[code as keyof typeof ERRORS] ?? PROBLEMS[code as keyof typeof PROBLEMS];
  expect(entry, `${code} is in the catalogue`).toBeDefined();
  expect(entry.title).toBe(title);
  expect(type).toBe(`urn:claviger:error:${code?.toLowerCase().replaceAll("_", "-")}`);
  expect(requestId).toMatch(/^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
  expect(answer.headers.get("x-request-id") ?? requestId).toBe(requestId);
  expect(answer.headers.has("www-authenticate"), answer.text).toBe(meant === 401 || meant === 403);
  if (answer.status === 503) expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
  if (answer.status === 405) expect(answer.headers.get("allow")).toMatch(/^[A-Z]+(, [A-Z]+)*$/);
}
