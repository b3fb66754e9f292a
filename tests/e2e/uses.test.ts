/** Every verification of a node is recorded, whichever way it was asked for (C7). */
import { createVerifier } from "@claviger/sdk";
import {
  api,
  issueKey,
  type MadeKey,
  openPlatform,
  type Platform,
  proxyTo,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countedUses, recordedUses } from "../support/recorded-uses.ts";

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

const issue = (fields: object = {}): Promise<MadeKey> => issueKey(platform.root, platform.account.id, { ...fields });
const AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0";

test("by /v1/verify and in a batch: what the body tells, and what it came to", async () => {
  const key = await issue({ scopes: ["contacts:read"] });
  const verifier = api(platform.url, platform.credential);
  const asked = { key: key.secret, environment: "live", method: "GET", path: "/contacts/7", ip: "192.0.2.9", cost: 3 };
  const body = { ...asked, userAgent: AGENT, requestId: "one" };
  succeeded(await verifier.post("/v1/verify", body));
  const checks = [
    { ...body, requestId: "two", method: "POST" },
    { ...body, requestId: key.secret, path: `/x/${key.secret}`, userAgent: `leaky/1 ${key.secret}` },
  ];
  succeeded(await verifier.post("/v1/verify/batch", { checks }));
  const uses = await recordedUses(platform.app.database, key.id, 3);
  const common = { key: key.id, version: 1, account: platform.account.id, environment: "live", service: null };
  const ofThem = uses.map(({ requestId, ...use }) => [requestId, use] as const);
  expect(ofThem.find(([id]) => id === "one")?.[1]).toMatchObject({
    ...{ ...common, code: "VALID", method: "GET", route: "/contacts/{id}", mapped: true, ip: "192.0.2.9", cost: 3 },
    ...{ browser: true, status: null, durationMs: null },
  });
  expect(ofThem.find(([id]) => id === "two")?.[1]).toMatchObject({ ...common, method: "POST", cost: 0 });
  expect(uses.find(({ code }) => code === "ROUTE_NOT_MAPPED")).toBeDefined();
  expect(JSON.stringify(uses)).not.toContain(key.secret.slice(10, 40));
  expect(await countedUses(platform.app.database, key.id)).toMatchObject({ requests: 3, cost: 3 });
});

test("by scopes that a program asks for: what was needed is told, and what never was", async () => {
  const key = await issue({ scopes: ["contacts:read", "contacts:write"] });
  const verifier = api(platform.url, platform.credential);
  const asked = { key: key.secret, environment: "live", scopes: { any: ["contacts:read", "admin"] } };
  expect(succeeded(await verifier.post("/v1/verify", asked)).body).toMatchObject({ valid: true, checked: "scopes" });
  await recordedUses(platform.app.database, key.id, 1);
  expect((await platform.root.get(`/v1/keys/${key.id}/least-privilege?days=1`)).body).toMatchObject({
    used: [{ scope: "contacts:read", requests: 1, endpoints: [] }],
    ...{ unused: ["contacts:write"], unclear: 0 },
  });
});

test("by forward authentication: what the original request said", async () => {
  const key = await issue({ scopes: ["contacts:read"] });
  const headers = {
    ...{ "claviger-credential": platform.credential, "x-api-key": key.secret, "x-request-id": "edge-1" },
    ...{ "x-forwarded-method": "GET", "x-forwarded-uri": "/contacts?page=2", "user-agent": "acme/7" },
    "sec-fetch-site": "cross-site",
  };
  const answer = await fetch(`${platform.url}/v1/authorize?environment=live`, { headers });
  expect(answer.status).toBe(204);
  expect(await recordedUses(platform.app.database, key.id, 1)).toMatchObject([
    {
      code: "VALID",
      method: "GET",
      route: "/contacts",
      mapped: true,
      agent: "acme",
      browser: true,
      requestId: "edge-1",
    },
  ]);
});

test("with the service that asked: over HTTP, through a proxy, and by a verifier that asks for each verdict", async () => {
  const serviceOf = async (ask: (secret: string) => unknown, { id, secret }: MadeKey): Promise<unknown> => {
    await ask(secret);
    return (await recordedUses(platform.app.database, id, 1))[0]?.service;
  };
  const asked = (secret: string) => ({ key: secret, environment: "live" });
  const verifier = api(platform.url, platform.credential);
  const post = (name: string) => (secret: string) =>
    verifier.post("/v1/verify", asked(secret), { "claviger-service": name });
  expect(await serviceOf(post("billing"), await issue())).toBe("billing");
  const batch = (secret: string) =>
    verifier.post("/v1/verify/batch", { checks: [asked(secret)] }, { "claviger-service": "billing" });
  expect(await serviceOf(batch, await issue())).toBe("billing");
  const leaky = await issue();
  const shown = String(await serviceOf(post(`${leaky.secret} ${"x".repeat(200)}`), leaky));
  expect(shown).toHaveLength(100);
  expect(shown).not.toContain(leaky.secret.slice(10, 40));
  const authorize = (query: string, more: object) => (secret: string) =>
    fetch(`${platform.url}/v1/authorize?environment=live${query}`, {
      headers: {
        ...{ "claviger-credential": platform.credential, "x-api-key": secret, ...more },
        ...{ "x-forwarded-method": "GET", "x-forwarded-uri": "/contacts" },
      },
    });
  expect(await serviceOf(authorize("&service=shop", {}), await issue())).toBe("shop");
  // The headers of such a request are the caller's own.
  expect(await serviceOf(authorize("", { "claviger-service": "billing" }), await issue())).toBe(null);
  const options = { url: platform.url, credential: platform.credential, environment: "live", service: "crm" } as const;
  const asking = await createVerifier({ ...options, mode: "remote" });
  expect(await serviceOf((secret) => asking.verify(secret), await issue())).toBe("crm");
  await asking.close();
});

test("by a verifier that loses its node now and then: everything, once, and nothing is lost by its close", async () => {
  const key = await issue({ scopes: ["contacts:read"] });
  const network = await proxyTo({ host: "127.0.0.1", port: Number(new URL(platform.url).port) });
  const lost: number[] = [];
  const verifier = await createVerifier({
    ...{ url: `http://127.0.0.1:${network.connection.port}`, credential: platform.credential, environment: "live" },
    ...{ mode: "local", service: "crm", onUnavailable: () => undefined, onUsesLost: (total) => lost.push(total) },
  });
  const request = { method: "GET", path: "/contacts", userAgent: "acme/1" };
  let accepted = 0;
  const verify = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) accepted += (await verifier.verify(key.secret, request)).valid ? 1 : 0;
  };
  await verify(700);
  for (let round = 0; round < 2; round += 1) {
    network.cut();
    await verify(4_000);
    network.heal();
    await verify(100);
  }
  expect(accepted).toBe(8_900);
  // Connected again: a key that it has not seen is looked up.
  const other = await issue();
  await waitFor(async () => (await verifier.verify(other.secret)).valid, { what: "the node", timeoutMs: 15_000 });
  await verifier.close();
  await network.close();
  expect(await countedUses(platform.app.database, key.id)).toMatchObject({ requests: 8_900, cost: 8_900 });
  expect(lost).toEqual([]);
});
