/** The management client against a real service: every operation, errors, repetition, time-outs and lists. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { OPERATIONS, type Operation, pick } from "@claviger/contract";
import { Claviger, ClavigerApiError, ClavigerConnectionError, type ClavigerOptions } from "@claviger/sdk";
import { issueKey, issueManagementKey, makeAccount, openPlatform, type Platform, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { OPERATIONS as DESCRIBED } from "../../packages/sdk/src/generated/operations.ts";
import { RECOVERABLE } from "../support/key-keepers.ts";
import {
  approvalFor,
  beginRotation,
  beginSplit,
  emptyBulkAct,
  holdDrill,
  makeHandOver,
  makeLink,
  ofOpenSplit,
  sampleOf,
} from "../support/samples.ts";

let platform: Platform;
let claviger: Claviger;
let scimKey: string;
/** `<method> <path>` of every request that the client sent. */
const sent: string[] = [];

beforeAll(async () => {
  platform = await openPlatform(RECOVERABLE);
  claviger = client();
  scimKey = (await issueManagementKey(platform.root, ["claviger:scim:write"])).id;
});
afterAll(() => platform.app.stop());

function client(options: Partial<ClavigerOptions> = {}): Claviger {
  const recording: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    sent.push(`${request.method} ${request.url.replace(/^http:\/\/[^/]+/, "")}`);
    return fetch(request);
  };
  return new Claviger({ url: platform.url, managementKey: platform.app.managementKey, fetch: recording, ...options });
}

async function failure(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new TypeError("the call did not fail");
}

describe("every operation of the contract", () => {
  const camel = (id: string): string => id.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const nounAndVerb = (id: string): readonly string[] => camel(id).split(".");

  test.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
    "%s is sent as the contract has it, and its answer is what the contract says",
    async (id, operation) => {
      const account = id.startsWith("accounts.") ? await makeAccount(platform.root) : platform.account;
      const made = await issueKey(platform.root, account.id);
      const { path, body, lines } = sampleOf(operation, {
        account,
        key: made.id,
        secret: made.secret,
        bulkAct: await emptyBulkAct(platform.root),
        scimKey,
        ...(id.startsWith("hand-overs.") ? { handOver: await makeHandOver(platform.root, account.id) } : {}),
        ...(id.startsWith("links.") ? { link: await makeLink(platform.root, account.id) } : {}),
        ...(id === "drills.get" ? { drill: await holdDrill(platform.root) } : {}),
        ...(id.startsWith("approvals.") ? { approval: await approvalFor(platform.root, id) } : {}),
        closable: account.id,
      });
      await prepare(id, made.id, account.id);
      const [noun = "", verb = ""] = nounAndVerb(id);
      const methods = claviger as unknown as Record<string, Record<string, (...given: unknown[]) => unknown>>;
      const answer: unknown = await methods[noun]?.[verb]?.(
        ...argumentsFor(operation, path, lines ?? body, made.secret),
      );
      expect(sent.at(-1)).toBe(`${operation.method} ${path}`);
      const schema = operation.responses[200]?.schema ?? operation.responses[201]?.schema;
      if (schema === undefined) expect(answer).toBeDefined();
      else expect(schema.safeParse(answer).error?.issues ?? []).toEqual([]);
    },
  );

  function argumentsFor({ id, access }: Operation, path: string, body: unknown, secret: string): unknown[] {
    const [noun = "", verb = ""] = nounAndVerb(id);
    const table = DESCRIBED as Readonly<Record<string, Readonly<Record<string, { takesBody: boolean; path: string }>>>>;
    const described = table[noun]?.[verb];
    const [address = "", search] = path.split("?");
    const template = new RegExp(`^${described?.path.replace(/\{\w+\}/g, "([^/]+)")}$`);
    return [
      ...(access.kind === "holder" ? [secret] : []),
      ...(id.startsWith("verification.authorize") ? [{ key: secret, method: "GET", path: "/contacts" }] : []),
      ...(template.exec(address)?.slice(1).map(decodeURIComponent) ?? []),
      ...(described?.takesBody === true ? [body] : []),
      ...(search === undefined ? [] : [Object.fromEntries(new URLSearchParams(search))]),
    ];
  }

  /** Puts things into the state from which an act leads on. */
  async function prepare(id: string, key: string, account: string): Promise<void> {
    if (id === "keys.resume") await platform.root.post(`/v1/keys/${key}/suspend`, { reason: "a question" });
    if (/^rotation\.(acknowledge|confirm|extend|cancel|finish)$/.test(id)) await beginRotation(platform.root, key);
    if (/^schedules\.(get|delete)$/.test(id))
      await platform.root.put(`/v1/keys/${key}/schedule`, { everyDays: 3650, deliverTo: { offer: true } });
    if (ofOpenSplit(id)) await beginSplit(platform.root, key);
    if (id.startsWith("imports.")) {
      const { path, body, headers } = sampleOf(pick(OPERATIONS, "imports.import"), {
        account: platform.account,
        key,
        secret: "",
      });
      await platform.root.call("POST", path, { body, headers: headers ?? {} });
    }
    if (id === "accounts.resume") await platform.root.post(`/v1/accounts/${account}/suspend`, { reason: "unpaid" });
  }
});

describe("what Claviger refuses", () => {
  test("becomes an error with code, status, request id and the fields that are wrong", async () => {
    const error = await failure(claviger.keys.create({ account: platform.account.id, label: "", scopes: ["a:b"] }));
    expect(error).toBeInstanceOf(ClavigerApiError);
    expect(error).toMatchObject({
      ...{ name: "ClavigerApiError", operation: "keys.create", status: 400, code: "VALIDATION_FAILED" },
      requestId: expect.stringMatching(/^req_/),
      errors: expect.arrayContaining([{ path: "label", message: expect.any(String) }]),
    });
    expect(await failure(claviger.keys.get("key_01ARZ3NDEKTSV4RRFFQ69G5FAV"))).toMatchObject({
      code: "NOT_FOUND",
      status: 404,
    });
    const guessing = client({ managementKey: "no-key-of-any-platform" });
    expect(await failure(guessing.accounts.list())).toMatchObject({ code: "INVALID_TOKEN", status: 401, errors: [] });
    const { secret } = await issueManagementKey(platform.root, ["claviger:keys:read"]);
    expect(await failure(client({ managementKey: secret }).accounts.list())).toMatchObject({
      code: "INSUFFICIENT_SCOPE",
    });
  });

  test("a key's own holder asks about it and ends it, without the management key", async () => {
    const { id, secret } = await issueKey(platform.root, platform.account.id);
    expect(await claviger.keys.self(secret)).toMatchObject({ id, status: "active" });
    expect(await claviger.keys.revokeSelf(secret)).toMatchObject({
      key: { id, status: "revoked" },
      effective: { everywhere: true },
    });
    expect(await failure(claviger.keys.self(secret))).toMatchObject({ code: "REVOKED", status: 401 });
  });

  test("an id that would lead elsewhere, and a key where an id belongs, are not even sent", async () => {
    const { secret } = await issueKey(platform.root, platform.account.id);
    const before = sent.length;
    for (const id of ["", ".", "..", secret, undefined as unknown as string]) {
      const error = await failure(claviger.keys.revoke(id, { reason: "other" }));
      expect(error).toBeInstanceOf(TypeError);
      expect(String(error)).not.toContain(secret);
    }
    expect(() => claviger.keys.list({ q: secret })).toThrow(TypeError);
    expect(await failure(claviger.keys.self("canary\nX: y"))).toBeInstanceOf(TypeError);
    expect(sent.length).toBe(before);
    expect(await failure(claviger.accounts.get("ext:../keys?a=b#c"))).toMatchObject({ code: "NOT_FOUND" });
    expect(sent.at(-1)).toBe("GET /v1/accounts/ext%3A..%2Fkeys%3Fa%3Db%23c");
  });
});

test("an act with an idempotency key happens once, and its repetition shows no secret again", async () => {
  const body = { account: platform.account.id, environment: "live", label: "once", tier: "read" } as const;
  const options = { idempotencyKey: `once-${platform.account.id}` };
  const [first, second] = [await claviger.keys.create(body, options), await claviger.keys.create(body, options)];
  expect(first.secret).toMatch(/^clv_live_/);
  expect(second).toEqual({ ...first, secret: null });
  expect(await failure(claviger.keys.create({ ...body, label: "other" }, options))).toMatchObject({
    code: "IDEMPOTENCY_KEY_REUSED",
    status: 422,
  });
});

test("a list is its first page when awaited, and every row when iterated, each once", async () => {
  const { id: account } = await makeAccount(platform.root);
  for (let i = 0; i < 5; i += 1) await issueKey(platform.root, account, { label: `key ${i}` });
  const query = { account, sort: "label", limit: 2 } as const;
  const first = await claviger.keys.list(query);
  expect([first.data.length, first.nextCursor === null]).toEqual([2, false]);
  const labels: string[] = [];
  const before = sent.length;
  for await (const { label } of claviger.keys.list(query)) labels.push(label);
  expect(labels).toEqual(["key 0", "key 1", "key 2", "key 3", "key 4"]);
  expect(sent.length - before).toBe(3);
  const sizes: number[] = [];
  for await (const page of claviger.keys.list(query).pages()) sizes.push(page.data.length);
  expect(sizes).toEqual([2, 2, 1]);
  for await (const _ of claviger.keys.list(query)) break;
});

/** A server that answers the first requests as told, and everything after that with an empty page. */
async function stranger(...answers: RequestListener[]): Promise<{ url: string; calls(): number; stop(): void }> {
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume();
    const answer = answers[calls];
    calls += 1;
    if (answer !== undefined) return answer(request, response);
    response.writeHead(200, { "content-type": "application/json" }).end('{"data":[],"nextCursor":null}');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, calls: () => calls, stop };
}

const problem =
  (status: number, code: string, headers: Record<string, string> = {}, more: object = {}): RequestListener =>
  (_, response) => {
    response
      .writeHead(status, { "content-type": "application/problem+json", ...headers })
      .end(JSON.stringify({ type: "x", title: code, status, detail: "said", code, requestId: "req_1", ...more }));
  };
const cut: RequestListener = (request) => void request.socket.destroy();
const silent: RequestListener = () => undefined;

describe("repetition", () => {
  const once = { idempotencyKey: "k" };
  const revoke = (to: Claviger, options = {}) => to.keys.revoke("key_1", { reason: "other" }, options);
  const NOW = { "retry-after": "0" };
  test.each<[string, RequestListener[], (to: Claviger) => PromiseLike<unknown>, number]>([
    ["reading, after a lost connection", [cut], (to) => to.keys.list(), 2],
    [
      "reading, when asked to wait and not long",
      [problem(503, "UNAVAILABLE", NOW), problem(429, "TOO_MANY_ATTEMPTS", NOW)],
      (to) => to.keys.list(),
      3,
    ],
    [
      "an act with an idempotency key",
      [cut, problem(409, "IDEMPOTENCY_IN_PROGRESS", NOW)],
      (to) => revoke(to, once),
      3,
    ],
  ])("goes on by itself: %s", async (_, answers, call, calls) => {
    const other = await stranger(...answers);
    await call(new Claviger({ url: other.url, managementKey: "no-key-of-any-platform" }));
    expect(other.calls()).toBe(calls);
    other.stop();
  });

  test.each<[string, RequestListener[], (to: Claviger) => PromiseLike<unknown>, number, object]>([
    ["an act without an idempotency key", [cut], (to) => revoke(to), 1, { code: "CONNECTION" }],
    [
      "an act without one that is committed and unconfirmed",
      [problem(503, "BARRIER_UNCONFIRMED", NOW, { seq: 7 })],
      (to) => revoke(to),
      1,
      { code: "BARRIER_UNCONFIRMED", problem: { seq: 7 }, retryAfterMs: 0 },
    ],
    ["a replacement, which takes none", [cut], (to) => to.plans.put("basic", {}), 1, { code: "CONNECTION" }],
    ["a verification, which spends", [cut], (to) => to.verification.verify({ key: "k" }), 1, { code: "CONNECTION" }],
    [
      "what would be answered the same again",
      [problem(403, "FORBIDDEN", NOW)],
      (to) => to.keys.list(),
      1,
      { code: "FORBIDDEN" },
    ],
    ["beyond the number of attempts", [cut, cut, cut], (to) => to.keys.list(), 3, { code: "CONNECTION" }],
    [
      "where the wait is too long",
      [problem(429, "TOO_MANY_ATTEMPTS", { "retry-after": "3600" })],
      (to) => to.keys.list(),
      1,
      { retryAfterMs: 3_600_000 },
    ],
  ])("ends with the error: %s", async (_, answers, call, calls, error) => {
    const other = await stranger(...answers);
    expect(
      await failure(call(new Claviger({ url: other.url, managementKey: "no-key-of-any-platform" }))),
    ).toMatchObject(error);
    expect(other.calls()).toBe(calls);
    other.stop();
  });

  test("ends with the caller's own reason, in an attempt or in the pause before one", async () => {
    const reason = new TypeError("changed my mind");
    for (const answer of [silent, problem(503, "UNAVAILABLE", { "retry-after": "20" })]) {
      const other = await stranger(answer);
      const controller = new AbortController();
      const call = new Claviger({ url: other.url, managementKey: "no-key-of-any-platform" }).keys.get("key_1", {
        signal: controller.signal,
      });
      const ended = failure(call);
      await waitFor(() => other.calls() > 0);
      controller.abort(reason);
      expect(await ended).toBe(reason);
      other.stop();
    }
  });
});

describe("what is no answer of Claviger", () => {
  test.each<[string, RequestListener, object]>([
    ["nothing in time", silent, { name: "ClavigerConnectionError", code: "TIMEOUT", operation: "keys.get" }],
    ["a closed connection", cut, { name: "ClavigerConnectionError", code: "CONNECTION" }],
    ["a page where JSON belongs", (_, response) => void response.end("<html>canary</html>"), { code: "NOT_JSON" }],
    ["a redirection", (_, response) => void response.writeHead(307, { location: "/" }).end(), { code: "CONNECTION" }],
    [
      "a gateway's page",
      (_, response) => void response.writeHead(502).end("<html>canary</html>"),
      { name: "ClavigerApiError", status: 502, code: "NOT_A_PROBLEM" },
    ],
  ])("is an error that says so: %s", async (_, answer, expected) => {
    const other = await stranger(answer);
    const asking = new Claviger({
      url: other.url,
      managementKey: "no-key-of-any-platform",
      timeoutMs: 300,
      retries: 0,
    });
    const error = await failure(asking.keys.get("key_1"));
    expect(error).toMatchObject(expected);
    expect(inspect(error)).not.toContain("canary");
    other.stop();
  });
});

test("no secret is in an error, an address, or anything that is printed", async () => {
  const managementKey = "canary-management-key";
  const echo: RequestListener = (request, response) =>
    problem(
      400,
      "VALIDATION_FAILED",
      {},
      { detail: JSON.stringify(request.headers), rawHeaders: request.rawHeaders },
    )(request, response);
  const other = await stranger(echo, echo, echo);
  const printing = client({ url: other.url, managementKey, retries: 0 });
  const shown = [
    inspect(printing, { depth: 9, showHidden: true }),
    JSON.stringify(printing),
    `${Object.entries(printing)}`,
  ];
  expect(shown[0]).toContain("managementKey: ***");
  const errors = [
    await failure(printing.keys.get("key_1")),
    await failure(printing.keys.self("canary-of-a-holder")),
    await failure(printing.verification.authorize({ key: "canary-of-a-caller", method: "GET", path: "/contacts" })),
  ];
  other.stop();
  errors.push(await failure(printing.keys.get("key_1")));
  for (const error of errors) {
    expect(error).toBeInstanceOf(error === errors.at(-1) ? ClavigerConnectionError : ClavigerApiError);
    shown.push(inspect(error, { depth: 9, showHidden: true }), JSON.stringify(error), String((error as Error).stack));
  }
  expect([...shown, ...sent].join("\n")).not.toContain("canary");
});
