/** What a key was granted and does not use, from verification to the narrower grant that is applied (B7). */
import { api, issueKey, issueManagementKey, openPlatform, type Platform, succeeded, tamper } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { DAY_MS } from "./bounds.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
  const { root } = platform;
  const scope = (name: string, tier: string, routes: object[], sensitive = false) =>
    root.put(`/v1/scopes/${name}`, { description: name, tier, sensitive, routes });
  succeeded(await scope("tasks:read", "read", [{ method: "GET", path: "/tasks/{id}" }]));
  succeeded(
    await scope("tasks:write", "write", [
      { method: "POST", path: "/tasks" },
      { method: "*", path: "/tasks/{id}/done" },
    ]),
  );
  succeeded(await scope("tasks:purge", "admin", [{ method: "DELETE", path: "/tasks" }]));
});
afterAll(() => platform.app.stop());

interface Suggestion {
  readonly granted: object;
  readonly used: { scope: string; requests: number; endpoints: object[] }[];
  readonly unused: string[];
  readonly unclear: number;
  readonly suggestion: object | null;
  readonly why: string;
}
const suggested = async (key: string, days: number): Promise<Suggestion> =>
  succeeded(await platform.root.get<Suggestion>(`/v1/keys/${key}/least-privilege?days=${days}`)).body;

/** A key that is two days old as far as the database knows. */
async function olderKey(grant: object): Promise<{ readonly id: string; readonly secret: string }> {
  const key = await issueKey(platform.root, platform.account.id, { rationale: "for a test", scopes: [], ...grant });
  const aged = `UPDATE api_key SET created_at = created_at - interval '2 days' WHERE id = '${key.id}'`;
  await tamper(platform.app.database.owner, "api_key", aged);
  return key;
}

const call = (key: string, method: string | null, route: string | null, change = {}) =>
  testCell(key, { method, route, path: route === null ? "/elsewhere" : null, ...change });
const record = async (...cells: ReturnType<typeof testCell>[]): Promise<void> =>
  testWriter(platform.app.database.database).write(null, testBatch(cells));

test("scopes that were granted and not used are told, with a narrower grant, its evidence, and one call that applies it", async () => {
  const { id } = await olderKey({ scopes: ["tasks:*", "contacts:read"] });
  await record(
    call(id, "GET", "/tasks/{id}", { requests: 5 }),
    call(id, "HEAD", "/tasks/{id}", { requests: 2 }),
    call(id, "PUT", "/tasks/{id}/done"),
    call(id, "DELETE", "/tasks", { code: "INSUFFICIENT_SCOPE" }),
  );
  const found = await suggested(id, 1);
  expect(found).toMatchObject({
    granted: { tier: null, scopes: ["tasks:*", "contacts:read"] },
    used: [
      {
        ...{ scope: "tasks:read", requests: 7 },
        endpoints: [
          { method: "GET", route: "/tasks/{id}", requests: 5 },
          { method: "HEAD", route: "/tasks/{id}", requests: 2 },
        ],
      },
      { scope: "tasks:write", requests: 1, endpoints: [{ method: "PUT", route: "/tasks/{id}/done", requests: 1 }] },
    ],
    ...{ unused: ["contacts:read", "tasks:purge"], unclear: 0 },
    suggestion: { tier: null, scopes: ["tasks:read", "tasks:write"] },
    why: "What it was accepted for within 1 day, 8 requests, needs no more.",
  });
  const applied = succeeded(await platform.root.patch<{ effective: object }>(`/v1/keys/${id}`, found.suggestion)).body;
  expect(applied).toMatchObject({ key: found.suggestion, effective: { everywhere: true } });
  expect(await suggested(id, 1)).toMatchObject({ unused: [], suggestion: null });
});

test("a tier that is more than what was used gives way to names", async () => {
  const { id } = await olderKey({ tier: "admin" });
  await record(call(id, "POST", "/tasks"));
  const { suggestion, unused } = await suggested(id, 1);
  expect(suggestion).toEqual({ tier: null, scopes: ["tasks:write"] });
  expect(unused).toContain("tasks:purge");
  expect(succeeded(await platform.root.patch(`/v1/keys/${id}`, suggestion ?? {})).body).toMatchObject({
    key: { tier: null, scopes: ["tasks:write"] },
  });
});

test("what programs ask for by name counts as used, with an endpoint and without", async () => {
  const { id } = await olderKey({ scopes: ["tasks:*", "contacts:read"] });
  await record(
    call(id, "GET", "/tasks/{id}", { scopes: "contacts:read", requests: 2 }),
    call(id, "POST", null, { scopes: "tasks:write", requests: 3 }),
    call(id, null, null, { path: null, scopes: "contacts:read deals:read" }),
    call(id, "DELETE", null, { scopes: "tasks:purge", code: "INSUFFICIENT_SCOPE" }),
  );
  const found = await suggested(id, 1);
  expect(found).toMatchObject({
    used: [
      { scope: "contacts:read", requests: 3, endpoints: [] },
      { scope: "tasks:write", requests: 3, endpoints: [] },
      { scope: "tasks:read", requests: 2, endpoints: [{ method: "GET", route: "/tasks/{id}", requests: 2 }] },
    ],
    ...{ unused: ["tasks:purge"], unclear: 0 },
    suggestion: { tier: null, scopes: ["contacts:read", "tasks:read", "tasks:write"] },
  });
  expect(found.why).toContain("6 requests");
});

test("a tier or wildcard that programs ask for by name is kept", async () => {
  const { id } = await olderKey({ tier: "admin", scopes: ["tasks:*"] });
  await record(call(id, "GET", null, { scopes: "read" }));
  expect(await suggested(id, 1)).toMatchObject({ unclear: 0, suggestion: { tier: "read", scopes: [] } });
  const spanning = await olderKey({ scopes: ["tasks:*", "contacts:read"] });
  await record(call(spanning.id, "GET", null, { scopes: "tasks:*" }));
  expect(await suggested(spanning.id, 1)).toMatchObject({
    ...{ unused: ["contacts:read"], suggestion: { tier: null, scopes: ["tasks:*"] } },
  });
});

test.each([
  ["that is not told", ["?"], true],
  ["that is not told, beside an endpoint of a scope", ["?"], false],
  ["of so many kinds that they are counted together", Array.from({ length: 40 }, (_, n) => `tasks:number-${n}`), false],
])("nothing is suggested after a request for scopes by name %s", async (_, names, elsewhere) => {
  const { id } = await olderKey({ scopes: ["tasks:*"] });
  const route = elsewhere ? null : "/tasks/{id}";
  await record(call(id, "GET", "/tasks/{id}"), ...names.map((scopes) => call(id, "GET", route, { scopes })));
  const { unclear, suggestion } = await suggested(id, 1);
  expect(unclear).toBeGreaterThan(0);
  expect(suggestion).toBeNull();
});

test("nothing is suggested where it could break a caller, and why is told", async () => {
  const unclear = await olderKey({ scopes: ["tasks:*"] });
  await record(call(unclear.id, "GET", "/tasks/{id}"), call(unclear.id, "GET", null, { requests: 3 }));
  expect(await suggested(unclear.id, 1)).toMatchObject({
    ...{ unclear: 3, suggestion: null },
    why: expect.stringContaining("3 requests of it were accepted at no endpoint of a scope"),
  });
  const young = await olderKey({ scopes: ["tasks:*"] });
  await record(call(young.id, "GET", "/tasks/{id}"));
  expect(await suggested(young.id, 30)).toMatchObject({ suggestion: null, why: expect.stringContaining("younger") });
  const idle = await olderKey({ scopes: ["tasks:*"] });
  expect(await suggested(idle.id, 1)).toMatchObject({ suggestion: null, why: expect.stringContaining("not used") });
  succeeded(await platform.root.post(`/v1/keys/${idle.id}/revoke`, { reason: "unused" }));
  expect(await suggested(idle.id, 1)).toMatchObject({ suggestion: null, why: expect.stringContaining("revoked") });
});

test("what was used before the time that is asked for does not count", async () => {
  const { id } = await olderKey({ scopes: ["tasks:*"] });
  await record(
    call(id, "GET", "/tasks/{id}"),
    call(id, "POST", "/tasks", {
      firstAt: systemClock.wall() - DAY_MS + 60_000,
      lastAt: systemClock.wall() - DAY_MS + 60_000,
    }),
  );
  expect((await suggested(id, 1)).suggestion).toEqual({ tier: null, scopes: ["tasks:read"] });
});

test("who may not read usage, and a key of nobody, are refused", async () => {
  const { id } = await olderKey({ scopes: ["tasks:*"] });
  const { secret } = await issueManagementKey(platform.root, ["claviger:keys:read"]);
  const reader = api(platform.url, secret);
  expect((await reader.get(`/v1/keys/${id}/least-privilege`)).status).toBe(403);
  expect((await platform.root.get("/v1/keys/key_01M8414TSEEBKV20QTA45NWYH3/least-privilege")).status).toBe(404);
  expect((await platform.root.get(`/v1/keys/${id}/least-privilege?days=0`)).status).toBe(400);
});
