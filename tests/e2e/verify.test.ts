/** /v1/verify and its batch, with a credential that memory knows and with one that it does not yet: two paths, one answer. */
import { type Api, issueKey, issueManagementKey, type MadeKey, makeAccount, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, openStage, type Problem, type Stage, type Verdict } from "../support/client.ts";

let stage: Stage;
let plain: MadeKey;
beforeAll(async () => {
  stage = await openStage();
  plain = await issueKey(stage.root, stage.account.id, { scopes: ["contacts:read"], metadata: { tier: "gold" } });
  await stage.root.post("/v1/verify", { key: plain.secret, environment: "live" });
});
afterAll(() => stage.app.stop());

const issue = (fields: object = {}) => issueKey(stage.root, stage.account.id, { ...fields });
const verify = async (key: string, more: object = {}, root: Api = stage.root) =>
  (await root.post<Verdict>("/v1/verify", { key, environment: "live", ...more })).body;
const refused = async (body: object) => (await stage.root.post<Problem>("/v1/verify", body)).body;

test("an accepted key is described to its verifier, with nothing of the secret", async () => {
  const answer = await stage.root.post<Verdict>("/v1/verify", { key: plain.secret, environment: "live" });
  expect(answer.body).toEqual({
    ...{ valid: true, code: "VALID", checked: "identity", keyId: plain.id, version: 1, account: stage.account.id },
    ...{ environment: "live", scopes: ["contacts:read"], tier: null, limits: [], metadata: { tier: "gold" } },
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(answer.text).not.toContain(plain.secret.slice(-30));
});

describe("every refusal has its code", () => {
  const FORGED = "clv_live_000000000000000000000000AAAAAA";
  test.each([
    ["MALFORMED", "", {}],
    ["MALFORMED", "hello", {}],
    ["MALFORMED", "x".repeat(4096), {}],
    ["MALFORMED", "\u0000", {}],
    ["MALFORMED", "\ud800", {}],
    ["MALFORMED", "clv_live_é", {}],
  ])("%s for %j", async (code, key, more) => {
    expect(await verify(key, more)).toEqual({ valid: false, code });
  });

  test("MALFORMED for a mistyped key: the checksum tells", async () => {
    const typo = `${plain.secret.slice(0, 12)}${plain.secret[12] === "a" ? "b" : "a"}${plain.secret.slice(13)}`;
    for (const key of [
      typo,
      plain.secret.slice(0, -1),
      `${plain.secret}a`,
      ` ${plain.secret}`,
      plain.secret.toUpperCase(),
      FORGED,
    ]) {
      expect(await verify(key), key).toEqual({ valid: false, code: "MALFORMED" });
    }
  });

  test("NOT_FOUND for a well-formed key of another house, without a word on why", async () => {
    const { crc32, encodeBase62 } = await import("@claviger/core");
    const body = `clv_live_${"Z".repeat(30)}`;
    expect(await verify(`${body}${encodeBase62(crc32(body), 6)}`)).toEqual({ valid: false, code: "NOT_FOUND" });
  });

  test.each([
    ["WRONG_ENVIRONMENT", {}, { environment: "test" }],
    ["WRONG_ENVIRONMENT", {}, { environment: "moon" }],
    ["WRONG_ACCOUNT", {}, { account: "ext:other" }],
    ["WRONG_ACCOUNT", {}, { account: "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV" }],
    ["WRONG_ACCOUNT", {}, { account: "platform" }],
    ["INSUFFICIENT_SCOPE", { scopes: ["contacts:read"] }, { scopes: ["contacts:write"] }],
    ["INSUFFICIENT_SCOPE", {}, { scopes: [] }],
    ["ROUTE_NOT_MAPPED", {}, { method: "GET", path: "/moon" }],
    ["ROUTE_NOT_MAPPED", {}, { method: "GET", path: "/contacts/../contacts" }],
    ["ROUTE_NOT_MAPPED", {}, { method: "GET", path: "/contacts%2f7" }],
    ["IP_NOT_ALLOWED", { allowedIps: ["10.0.0.0/8"] }, { ip: "11.0.0.1" }],
    ["IP_NOT_ALLOWED", { allowedIps: ["10.0.0.0/8"] }, {}],
    ["REFERRER_NOT_ALLOWED", { allowedReferrers: ["https://a.example"] }, { referrer: "https://b.example/x" }],
    ["REFERRER_NOT_ALLOWED", { allowedReferrers: ["https://a.example"] }, {}],
    ["AUDIENCE_NOT_ALLOWED", { audiences: ["billing"] }, { audience: "crm" }],
    ["AUDIENCE_NOT_ALLOWED", { audiences: ["billing"] }, {}],
  ])("%s for a key with %j asked for %j, naming the key to the verifier's owner", async (code, fields, question) => {
    const { id, secret } = await issue(fields);
    expect(await verify(secret, question)).toMatchObject({ valid: false, code, keyId: id, account: stage.account.id });
  });
});

describe("what is bound opens to what it is bound to (B6)", () => {
  test.each([
    [{ allowedIps: ["10.0.0.0/8", "2001:db8::/32"] }, { ip: "10.200.3.4" }],
    [{ allowedIps: ["10.0.0.0/8", "2001:db8::/32"] }, { ip: "2001:db8::1" }],
    [{ allowedIps: ["10.0.0.0/8"] }, { ip: "::ffff:10.0.0.1" }],
    [{ allowedReferrers: ["https://*.a.example"] }, { origin: "https://app.a.example" }],
    [{ allowedReferrers: ["https://a.example"] }, { referrer: "https://a.example/page?q=1" }],
    [{ audiences: ["billing", "crm"] }, { audience: "crm" }],
    [{}, { account: "EXTERNAL" }],
  ])("%j, asked with %j", async (fields, question) => {
    const { secret } = await issue(fields);
    const asked = "account" in question ? { account: stage.account.externalId } : question;
    expect(await verify(secret, asked)).toMatchObject({ valid: true });
    if ("account" in question)
      expect(await verify(secret, { account: stage.account.id })).toMatchObject({ valid: true });
  });
});

describe("tiers (B1)", () => {
  const NEEDS = {
    "GET /contacts": "read",
    "POST /contacts": "write",
    "PUT /billing": "admin",
    "POST /users": "sensitive",
  } as const;
  const OPENS = { read: ["read"], write: ["read", "write"], admin: ["read", "write", "admin"] } as const;

  test.each(["read", "write", "admin"] as const)(
    "%s opens the routes of its own tier and below, and no sensitive one",
    async (tier) => {
      const { secret } = await issue({ tier, rationale: "for a test" });
      for (const [route, needed] of Object.entries(NEEDS)) {
        const [method, path] = route.split(" ");
        const verdict = await verify(secret, { method, path });
        expect(verdict.valid, route).toBe(OPENS[tier].some((opened) => opened === needed));
        if (!verdict.valid) expect(verdict.code).toBe("INSUFFICIENT_SCOPE");
      }
    },
  );

  test("read is for GET and HEAD only, even on a route that a read scope opens", async () => {
    succeeded(
      await stage.root.put("/v1/scopes/search:read", {
        description: "x",
        tier: "read",
        routes: [{ method: "POST", path: "/search" }],
      }),
    );
    const byTier = await issue({ tier: "read" });
    const byName = await issue({ scopes: ["search:read"] });
    const question = { method: "POST", path: "/search" };
    expect(await verify(byTier.secret, question)).toMatchObject({ code: "INSUFFICIENT_SCOPE" });
    expect(await verify(byName.secret, question)).toMatchObject({ valid: true });
    const byScope = { method: "POST", scopes: ["search:read"] };
    expect(await verify(byTier.secret, byScope)).toMatchObject({ code: "INSUFFICIENT_SCOPE" });
    expect(await verify(byName.secret, byScope)).toMatchObject({ valid: true, checked: "scopes" });
    expect(await verify(byTier.secret, { ...byScope, method: "GET" })).toMatchObject({ valid: true });
    expect(await verify(byTier.secret, { method: "HEAD", path: "/contacts" })).toMatchObject({ valid: true });
    expect(await verify(byTier.secret, { method: "get", path: "/contacts/7?page=2" })).toMatchObject({
      valid: true,
      route: "/contacts/{id}",
    });
  });

  test("a sensitive scope opens to who was granted it by name, and to no wildcard", async () => {
    const question = { method: "POST", path: "/users" };
    const named = await issue({ scopes: ["users:write"], rationale: "x" });
    expect(await verify(named.secret, question)).toMatchObject({ valid: true });
    succeeded(await stage.root.put("/v1/scopes/users:read", { description: "x", tier: "read" }));
    const wild = await issue({ scopes: ["users:*"] });
    expect(await verify(wild.secret, question)).toMatchObject({ code: "INSUFFICIENT_SCOPE", missing: ["users:write"] });
    expect(await verify(wild.secret)).toMatchObject({ valid: true, scopes: ["users:read"] });
  });
});

describe("questions of scopes (B8)", () => {
  let key: MadeKey;
  beforeAll(async () => {
    key = await issue({ scopes: ["contacts:*", "billing:manage"], rationale: "x" });
  });

  test.each([
    [["contacts:read"], true],
    [["contacts:read", "contacts:write"], true],
    [["contacts:read", "users:write"], false],
    [["contacts:*"], true],
    [["contacts:fly"], false],
    [{ all: ["contacts:read", "billing:manage"] }, true],
    [{ any: ["users:write", "billing:manage"] }, true],
    [{ any: ["users:write"] }, false],
    [{ all: ["contacts:read", { any: ["users:write", "contacts:write"] }] }, true],
    [{ all: ["contacts:read", { any: ["users:write", { all: ["billing:manage", "users:write"] }] }] }, false],
    [{ any: [{ all: ["users:write"] }, { all: ["contacts:read", "contacts:write"] }] }, true],
    [["read"], false],
    [{ all: [] }, false],
    [{ any: [] }, false],
  ])("%j is answered %s", async (scopes, valid) => {
    const verdict = await verify(key.secret, { scopes });
    expect(verdict).toMatchObject(valid ? { valid, checked: "scopes" } : { valid, code: "INSUFFICIENT_SCOPE" });
  });

  test("route and scopes together must both hold", async () => {
    const route = { method: "GET", path: "/contacts" };
    expect(await verify(plain.secret, { ...route, scopes: ["contacts:read"] })).toMatchObject({
      valid: true,
      checked: "route",
    });
    expect(await verify(plain.secret, { ...route, scopes: ["contacts:write"] })).toMatchObject({
      valid: false,
      missing: ["contacts:write"],
    });
    expect(await verify(plain.secret, { method: "POST", path: "/contacts", scopes: ["contacts:read"] })).toMatchObject({
      valid: false,
      missing: ["contacts:write"],
    });
  });

  test.each([
    [{ none: ["a:b"] }],
    [{ all: ["a:b"], any: ["a:b"] }],
    [[["a:b"]]],
    ["contacts:read"],
    [{ all: "contacts:read" }],
    [{ any: [7] }],
    [Array(65).fill("a:b")],
    [[""]],
    [JSON.parse(`${'{"all":['.repeat(40)}"a:b"${"]}".repeat(40)}`)],
    [JSON.parse(`${'{"all":['.repeat(20_000)}"a:b"${"]}".repeat(20_000)}`)],
  ])("a question that cannot be read is refused and never answered (%#)", async (scopes) => {
    const body = JSON.stringify({ key: plain.secret, environment: "live" }).slice(0, -1);
    const answer = await stage.root.post<Problem>("/v1/verify", `${body},"scopes":${write(scopes)}}`);
    expect(answer.body).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
  });

  /** JSON.stringify recurses; deep nesting of one kind needs no more than this. */
  function write(value: unknown): string {
    let [depth, inner] = [0, value];
    while (
      typeof inner === "object" &&
      inner !== null &&
      "all" in inner &&
      Array.isArray(inner.all) &&
      typeof inner.all[0] === "object"
    ) {
      inner = inner.all[0];
      depth += 1;
    }
    return `${'{"all":['.repeat(depth)}${JSON.stringify(inner)}${"]}".repeat(depth)}`;
  }
});

describe("a request is refused", () => {
  const good = () => ({ key: plain.secret, environment: "live" });
  test.each([
    ["without a key", { key: undefined }, "key"],
    ["with a key that is no text", { key: 7 }, "key"],
    ["with a key beyond 4 096 characters", { key: "x".repeat(4097) }, "key"],
    ["with a method and neither path nor scopes", { method: "GET" }, "path"],
    ["with a path and no method", { path: "/contacts" }, "path"],
    ["with an address that is none", { ip: "300.1.1.1" }, "ip"],
    ["with an unknown field", { scope: "contacts:read" }, "scope"],
    ["with a cost of nothing", { cost: 0 }, "cost"],
    ["with an account that is no reference", { account: "acme" }, "account"],
    ["without an environment, where the credential is bound to none", { environment: undefined }, "environment"],
  ])("%s", async (_, change, path) => {
    expect(await refused({ ...good(), ...change })).toMatchObject({
      status: 400,
      code: "VALIDATION_FAILED",
      errors: [{ path }],
    });
  });
});

describe("a verify credential bound to an environment (B4)", () => {
  let verifier: Api;
  beforeAll(async () => {
    const { secret } = await issueManagementKey(stage.root, ["verify"], { environment: "live" });
    verifier = client(stage.app.url, secret);
  });

  test("answers for it without being told, by the slow path and by the quick one", async () => {
    for (let time = 0; time < 3; time += 1) {
      expect((await verifier.post<Verdict>("/v1/verify", { key: plain.secret })).body).toMatchObject({
        valid: true,
        environment: "live",
      });
    }
  });

  test("cannot be talked into another one, alone or in a batch", async () => {
    const test = await issue({ environment: "test" });
    expect((await verifier.post<Verdict>("/v1/verify", { key: test.secret })).body.code).toBe("WRONG_ENVIRONMENT");
    const asked = { key: test.secret, environment: "test" };
    expect((await verifier.post<Problem>("/v1/verify", asked)).body).toMatchObject({ status: 403, code: "FORBIDDEN" });
    const batch = await verifier.post<Problem>("/v1/verify/batch", { checks: [{ key: plain.secret }, asked] });
    expect(batch.body).toMatchObject({ status: 403, code: "FORBIDDEN" });
  });

  test("that is revoked is refused on the very next request, however well memory knew it", async () => {
    const { id, secret } = await issueManagementKey(stage.root, ["verify"]);
    const mine = client(stage.app.url, secret);
    for (let time = 0; time < 3; time += 1)
      expect((await mine.post("/v1/verify", { key: plain.secret })).status).toBe(200);
    succeeded(await stage.root.post(`/v1/keys/${id}/revoke`, { reason: "unused" }));
    expect((await mine.post<Problem>("/v1/verify", { key: plain.secret })).body).toMatchObject({
      status: 401,
      code: "REVOKED",
    });
  });
});

describe("a batch", () => {
  test("answers in order, each check for itself", async () => {
    const revoked = await issue();
    succeeded(await stage.root.post(`/v1/keys/${revoked.id}/revoke`, { reason: "unused" }));
    const other = await makeAccount(stage.root);
    const theirs = await issueKey(stage.root, other.id);
    const kinds = [
      [plain.secret, "VALID"],
      ["junk", "MALFORMED"],
      [revoked.secret, "REVOKED"],
      [theirs.secret, "VALID"],
    ] as const;
    const picks = Array.from({ length: 1000 }, (_, index) => kinds[(index * 7) % kinds.length] ?? kinds[0]);
    const checks = picks.map(([key]) => ({ key, environment: "live" }));
    const { results } = (await stage.root.post<{ results: Verdict[] }>("/v1/verify/batch", { checks })).body;
    expect(results.map(({ code }) => code)).toEqual(picks.map(([, code]) => code));
    expect(results[0]?.keyId).toBe(plain.id);
  });

  test("of none, of more than a thousand, or with one that cannot be read is refused as a whole", async () => {
    const check = { key: "x", environment: "live" };
    for (const checks of [[], Array(1001).fill(check), [check, {}], [check, { ...check, ip: "x" }]]) {
      expect((await stage.root.post("/v1/verify/batch", { checks })).status).toBe(400);
    }
    const wrong = await stage.root.post<Problem>("/v1/verify/batch", { checks: [check, { key: "x" }] });
    expect(wrong.body.errors).toEqual([expect.objectContaining({ path: "checks[1].environment" })]);
  });
});

test("every answer can be traced by its request id, whichever path gave it", async () => {
  const headers = [];
  for (const key of [plain.secret, "junk", plain.secret]) {
    const answer = await stage.root.post("/v1/verify", { key, environment: "live" });
    headers.push(answer.headers.get("x-request-id"));
  }
  const problem = await stage.root.post("/v1/verify", { key: 7 });
  headers.push(problem.headers.get("x-request-id"));
  for (const id of headers) expect(id).toMatch(/^req_/);
  expect(new Set(headers).size).toBe(4);
});
