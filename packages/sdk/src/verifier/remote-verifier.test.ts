import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { issueKey, issueManagementKey, openPlatform, type Platform } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createVerifier } from "./create-verifier.ts";
import type { Verification } from "./verification.ts";
import type { Verifier, VerifierOptions } from "./verifier.ts";

let platform: Platform;
let verifier: Verifier;
const reasons: string[] = [];

beforeAll(async () => {
  platform = await openPlatform();
  verifier = await open();
});
afterAll(async () => {
  await verifier.close();
  await platform.app.stop();
});

function open(options: Partial<VerifierOptions> = {}): Promise<Verifier> {
  return createVerifier({
    url: platform.url,
    credential: platform.credential,
    environment: "live",
    mode: "remote",
    onUnavailable: (reason) => reasons.push(reason),
    ...options,
  });
}

const issue = (fields: Readonly<Record<string, unknown>> = {}) => issueKey(platform.root, platform.account.id, fields);

describe("a verifier that asks a node", () => {
  test("says who an accepted key is, what was checked and how it stands", async () => {
    const limits = [{ name: "burst", amount: 5, per: "minute" }];
    const { id, secret } = await issue({ limits, metadata: { team: "sync" } });
    const verdict = await verifier.verify(secret, { method: "GET", path: "/contacts?page=2" });
    expect(verdict).toMatchObject({
      ...{ valid: true, code: "VALID", checked: "route", route: "/contacts", keyId: id, version: 1 },
      ...{ account: platform.account.id, environment: "live", scopes: ["contacts:read"], tier: null },
      limits: [{ name: "burst", per: "minute", limit: 5, remaining: 4 }],
      metadata: { team: "sync" },
    });
    expect(Date.parse((verdict as { expiresAt: string }).expiresAt)).toBeGreaterThan(0);
    expect(Object.isFrozen(verdict)).toBe(true);
  });

  test("gives every refusal its reason, and who the key is where it is genuine (C3)", async () => {
    const codes = async (fields: object, request: object): Promise<Verification> =>
      verifier.verify((await issue(fields as Record<string, unknown>)).secret, request);
    expect(await codes({}, { method: "POST", path: "/contacts" })).toMatchObject({
      ...{ valid: false, code: "INSUFFICIENT_SCOPE", missing: ["contacts:write"], account: platform.account.id },
    });
    expect(await codes({ environment: "test" }, {})).toMatchObject({ code: "WRONG_ENVIRONMENT" });
    expect(await codes({ allowedIps: ["192.0.2.0/24"] }, { ip: "198.51.100.1" })).toMatchObject({
      code: "IP_NOT_ALLOWED",
    });
    expect(await codes({ audiences: ["crm"] }, {})).toMatchObject({ code: "AUDIENCE_NOT_ALLOWED" });
    expect(await codes({}, { account: "ext:somebody-else" })).toMatchObject({ code: "WRONG_ACCOUNT" });
    expect(await codes({}, { method: "GET", path: "/moon" })).toMatchObject({ code: "ROUTE_NOT_MAPPED" });
    expect(await verifier.verify(`clv_live_${"0".repeat(36)}`)).toEqual({ valid: false, code: "MALFORMED" });
  });

  test("refuses a revoked key on the very next request (C4)", async () => {
    const { id, secret } = await issue();
    expect(await verifier.verify(secret)).toMatchObject({ valid: true });
    await platform.root.post(`/v1/keys/${id}/revoke`, { reason: "leaked" });
    expect(await verifier.verify(secret)).toMatchObject({ valid: false, code: "REVOKED", keyId: id });
  });

  test("never lets a key of another environment in, whatever it is asked", async () => {
    const { secret } = await issue({ environment: "test" });
    expect(await verifier.verify(secret, { environment: "test" } as object)).toMatchObject({
      code: "WRONG_ENVIRONMENT",
    });
    const misplaced = await open({ environment: "test" });
    expect(await misplaced.verify(secret)).toMatchObject({ code: "UNAVAILABLE" });
    expect(reasons.at(-1)).toBe("Claviger answered 403 FORBIDDEN");
  });

  test("answers to whatever a caller can send, and never as if the service were at fault", async () => {
    const { secret } = await issue({ allowedReferrers: ["https://app.example.com"] });
    const before = reasons.length;
    const asked: [unknown, object, string][] = [
      ["", {}, "MALFORMED"],
      [undefined, {}, "MALFORMED"],
      ["x".repeat(5_000), {}, "MALFORMED"],
      ["\u0000\ud800", {}, "MALFORMED"],
      [secret, { method: "M-SEARCH", path: "/contacts" }, "ROUTE_NOT_MAPPED"],
      [secret, { path: "/contacts" }, "ROUTE_NOT_MAPPED"],
      [secret, { method: "GET", path: `/${"x".repeat(9_000)}` }, "ROUTE_NOT_MAPPED"],
      [secret, { account: "ext:" }, "WRONG_ACCOUNT"],
      [secret, { account: "ext:a\nb" }, "WRONG_ACCOUNT"],
      [secret, { account: `ext:${"x".repeat(500)}` }, "WRONG_ACCOUNT"],
      [secret, { ip: "somewhere" }, "REFERRER_NOT_ALLOWED"],
      [secret, { origin: `https://app.example.com/${"x".repeat(400)}` }, "REFERRER_NOT_ALLOWED"],
      [
        secret,
        { origin: "https://app.example.com", referrer: `https://evil.example/${"x".repeat(3_000)}` },
        "REFERRER_NOT_ALLOWED",
      ],
    ];
    for (const [key, request, code] of asked) {
      expect(await verifier.verify(key as string, request), JSON.stringify(request).slice(0, 80)).toMatchObject({
        code,
      });
    }
    const long = { origin: "https://app.example.com", userAgent: "x".repeat(5_000), requestId: "x".repeat(5_000) };
    expect(
      await verifier.verify(secret, { ...long, method: "GET", path: `/contacts?${"x".repeat(9_000)}` }),
    ).toMatchObject({
      valid: true,
    });
    expect(reasons.slice(before)).toEqual([]);
  });

  test("refuses everything once it is closed, and waits for what is under way", async () => {
    const closing = await open();
    const { secret } = await issue();
    const asked = closing.verify(secret);
    let answered = false;
    void Promise.resolve(asked).then(() => (answered = true));
    await closing.close();
    expect(answered).toBe(true);
    expect(closing.verify(secret)).toEqual({ valid: false, code: "UNAVAILABLE" });
  });
});

/** A server that answers as a test has it; `calls` are the requests it got. */
async function stranger(listener: RequestListener): Promise<{ url: string; calls(): number; stop(): void }> {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    calls: () => calls,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const json = (response: ServerResponse, status: number, body: unknown): void =>
  void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
const YES = {
  ...{
    valid: true,
    code: "VALID",
    checked: "route",
    keyId: "key_1",
    version: 1,
    account: "acct_1",
    environment: "live",
  },
  ...{ scopes: [], tier: null, expiresAt: null, limits: [], metadata: {}, route: "/contacts" },
};

describe("whatever is not a verdict beyond doubt", () => {
  const answers: [string, RequestListener][] = [
    ["an error", (_, response) => json(response, 500, { code: "INTERNAL" })],
    ["a yes with another status", (_, response) => json(response, 203, YES)],
    [
      "a redirection to a yes",
      (request, response) =>
        request.url === "/yes" ? json(response, 200, YES) : void response.writeHead(307, { location: "/yes" }).end(),
    ],
    ["a page", (_, response) => void response.end("<html>")],
    ["nothing", (_, response) => json(response, 200, null)],
    ["a list", (_, response) => json(response, 200, [YES])],
    ["a yes that is no boolean", (_, response) => json(response, 200, { ...YES, valid: "true" })],
    ["a yes with the code of a no", (_, response) => json(response, 200, { ...YES, code: "REVOKED" })],
    ["a yes of another environment", (_, response) => json(response, 200, { ...YES, environment: "test" })],
    ["a yes to nobody", (_, response) => json(response, 200, { ...YES, keyId: undefined })],
    ["a yes without an account", (_, response) => json(response, 200, { ...YES, account: "" })],
    ["a yes with a tier that nobody knows", (_, response) => json(response, 200, { ...YES, tier: "root" })],
    ["a no with a code that nobody knows", (_, response) => json(response, 200, { valid: false, code: "NEW" })],
    [
      "a code named like a property of every object",
      (_, response) => json(response, 200, { valid: false, code: "constructor" }),
    ],
    ["a closed connection", (request: IncomingMessage) => void request.socket.destroy()],
    ["half an answer", (_, response) => void response.writeHead(200, { "content-length": "99" }).end("{")],
    ["no answer in time", () => undefined],
  ];
  test.each(answers)("is UNAVAILABLE: %s", async (_, listener) => {
    const other = await stranger(listener);
    try {
      const doubting = await open({ url: other.url, timeoutMs: 300 });
      const before = reasons.length;
      expect(await doubting.verify("any", { method: "GET", path: "/contacts" })).toEqual({
        valid: false,
        code: "UNAVAILABLE",
      });
      expect(reasons.length).toBe(before + 1);
    } finally {
      other.stop();
    }
  });

  test("is a no that is understood, with what is known of it", async () => {
    const other = await stranger((_, response) =>
      json(response, 200, { valid: false, code: "RATE_LIMITED", keyId: "key_1", retryAfterMs: 70, secret: "canary" }),
    );
    const verdict = await (await open({ url: other.url })).verify("any");
    expect(verdict).toEqual({ valid: false, code: "RATE_LIMITED", keyId: "key_1", retryAfterMs: 70 });
    other.stop();
  });
});

test("a connection that the other side closed in the same moment does not refuse a good key", async () => {
  let first = true;
  const other = await stranger((request, response) => {
    if (first) request.socket.destroy();
    else json(response, 200, YES);
    first = false;
  });
  expect(await (await open({ url: other.url })).verify("any")).toMatchObject({ valid: true });
  expect(other.calls()).toBe(2);
  other.stop();
});

test("an address that does not answer refuses no good key, however many ask at once: the others are asked", async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const dead = `http://127.0.0.1:${port}`;
  const { secret } = await issue();
  for (const url of [
    [dead, platform.url],
    [dead, dead, platform.url],
  ]) {
    const several = await open({ url });
    const verdicts = await Promise.all(Array.from({ length: 32 }, () => several.verify(secret)));
    expect(new Set(verdicts.map(({ code }) => code))).toEqual(new Set(["VALID"]));
    await several.close();
  }
});

test("connections are kept from request to request", async () => {
  const sockets = new Set<unknown>();
  const other = await stranger((request, response) => {
    sockets.add(request.socket);
    json(response, 200, YES);
  });
  const keeping = await open({ url: other.url });
  for (let i = 0; i < 20; i += 1) await keeping.verify("any");
  expect(other.calls()).toBe(20);
  // A second one is opened where the first is still being read from.
  expect(sockets.size).toBeLessThanOrEqual(2);
  other.stop();
});

test("neither the credential nor a presented key is in anything that is told or printed", async () => {
  const { secret: management } = await issueManagementKey(platform.root, ["claviger:keys:read"]);
  const { inspect } = await import("node:util");
  const told: string[] = [];
  const echo = await stranger((request, response) => json(response, 400, { code: request.headers.authorization }));
  const gone = await stranger(() => undefined);
  gone.stop();
  for (const url of [echo.url, gone.url, platform.url]) {
    const verifier = await open({ url, credential: management, onUnavailable: (reason) => told.push(reason) });
    told.push(
      JSON.stringify(await verifier.verify("canary-of-a-caller")),
      inspect(verifier, { depth: 9, showHidden: true }),
    );
  }
  echo.stop();
  expect(told.join("\n")).toContain("Claviger answered 400");
  expect(told.join("\n")).toContain("no connection (ECONNREFUSED)");
  expect(told.join("\n")).toContain("Claviger answered 403 INSUFFICIENT_SCOPE");
  for (const secret of [management, "canary-of-a-caller"]) expect(told.join("\n")).not.toContain(secret);
});
