/** What every middleware must do, whatever the framework: one suite, run by each of them against a real service. */
import type { GuardOptions, WouldRefuse } from "@claviger/sdk";
import { describe, expect, test } from "vitest";
import { countedUses, recordedUses } from "../support/recorded-uses.ts";
import { ask, askRaw, bearer, type Serve, type Stage, stageFor } from "./stage.ts";

/** `knowsPeer`: whether the framework tells a middleware the address at the other end. */
export function keepsTheGate(name: string, knowsPeer: boolean, serve: Serve): void {
  describe(name, () => {
    const stage = stageFor(serve);
    takesKeys(stage);
    opensByScope(stage);
    tellsHowAKeyStands(stage);
    refusesAtOnce(stage);
    believesProxies(stage, knowsPeer);
    listensToItsOptions(stage, serve);
    recordsUses(stage, knowsPeer);
  });
}

function takesKeys(stage: Stage): void {
  test("lets a key pass in either header, and the handler knows which", async () => {
    const known = { account: stage.platform.account.id, keyId: stage.key.id };
    expect(await ask(stage.served, bearer(stage.key))).toMatchObject({ status: 200, body: known });
    expect(await ask(stage.served, { "x-api-key": stage.key.secret })).toMatchObject({ status: 200, body: known });
  });

  test("takes no notice of a foreign token in the other header", async () => {
    const foreign = { authorization: "Bearer ey.some.jwt", "x-api-key": stage.key.secret };
    expect(await ask(stage.served, foreign)).toMatchObject({ status: 200 });
    expect(await ask(stage.served, { ...bearer(stage.key), "x-api-key": "something" })).toMatchObject({ status: 200 });
  });

  test("answers nothing presented with a bare challenge", async () => {
    const none = await ask(stage.served);
    expect(none).toMatchObject({ status: 401, body: { code: "UNAUTHENTICATED" } });
    expect(none.headers.get("www-authenticate")).toBe('Bearer realm="api"');
    expect(none.headers.get("content-type")).toMatch(/^application\/problem\+json/);
    expect(none.headers.get("cache-control")).toBe("no-store");
  });

  test("tells strings that are no genuine key nothing that sets them apart", async () => {
    const other = stage.key.secret.slice(0, -1) + (stage.key.secret.endsWith("0") ? "1" : "0");
    const strings = ["guess", other, "x".repeat(5_000), `clv_live_${"0".repeat(36)}`, stage.platform.credential];
    const answers = await Promise.all(strings.map((secret) => ask(stage.served, bearer({ secret }))));
    const shown = answers.map(({ status, headers, body }) => {
      const { date, ...rest } = Object.fromEntries(headers);
      return { status, headers: rest, body };
    });
    for (const answer of shown) expect(answer).toEqual(shown[0]);
    expect(shown[0]).toMatchObject({ status: 401, body: { code: "INVALID_TOKEN" } });
    expect(answers[0]?.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("refuses two keys at once, a key in the URL, and a header that comes twice", async () => {
    expect(await ask(stage.served, { ...bearer(stage.key), "x-api-key": stage.key.secret })).toMatchObject({
      status: 400,
      body: { code: "TWO_CREDENTIALS" },
    });
    for (const query of [`?key=${stage.key.secret}`, `?a=1&b=${stage.key.secret.replaceAll("_", "%5F")}`]) {
      expect(await ask(stage.served, bearer(stage.key), `/contacts${query}`)).toMatchObject({
        status: 400,
        body: { code: "KEY_IN_QUERY" },
      });
    }
    const twice = ["Authorization", `Bearer ${stage.key.secret}`, "Authorization", "Bearer other"];
    expect(await askRaw(stage.served, twice)).toBe(401);
    expect(await askRaw(stage.served, ["X-API-Key", stage.key.secret, "X-API-Key", "other"])).toBe(401);
    expect(await askRaw(stage.served, twice.slice(0, 2))).toBe(200);
  });
}

function opensByScope(stage: Stage): void {
  test("opens by method and path what the key's scopes open, and names what is missing", async () => {
    const write = await ask(stage.served, bearer(stage.key), "/contacts", "POST");
    expect(write).toMatchObject({ status: 403, body: { code: "INSUFFICIENT_SCOPE" } });
    expect(write.headers.get("www-authenticate")).toBe(
      'Bearer realm="api", error="insufficient_scope", scope="contacts:write"',
    );
    expect(await ask(stage.served, bearer(await stage.issue({ tier: "write" })), "/contacts", "POST")).toMatchObject({
      status: 200,
    });
    expect(await ask(stage.served, bearer(stage.key), "/contacts/7")).toMatchObject({ status: 404 });
    for (const path of ["/moon", "/Contacts", "/contacts/7/notes", "/contacts%2f7"]) {
      expect(await ask(stage.served, bearer(stage.key), path), path).toMatchObject({
        status: 403,
        body: { code: "ROUTE_NOT_MAPPED" },
      });
    }
  });

  test("opens by the scopes that a route names, fixed or by request, and the method bounds a tier (B1)", async () => {
    const fixed = await stage.also({ scopes: { any: ["contacts:write", "contacts:read"] } });
    expect(await ask(fixed, bearer(stage.key))).toMatchObject({ status: 200 });
    expect(await ask(fixed, bearer(await stage.issue({ tier: "read" })), "/moon")).toMatchObject({ status: 404 });
    expect(await ask(fixed, bearer(await stage.issue({ tier: "read" })), "/contacts", "POST")).toMatchObject({
      status: 403,
    });
    let needed: string[] | undefined = ["contacts:write"];
    const chosen = await stage.also({ scopes: () => needed });
    expect(await ask(chosen, bearer(stage.key))).toMatchObject({ status: 403, body: { code: "INSUFFICIENT_SCOPE" } });
    needed = undefined;
    expect(await ask(chosen, bearer(stage.key)), "undefined asks the route map").toMatchObject({ status: 200 });
    expect(await ask(chosen, bearer(stage.key), "/moon")).toMatchObject({
      status: 403,
      body: { code: "ROUTE_NOT_MAPPED" },
    });
    needed = [];
    expect(await ask(chosen, bearer(stage.key)), "an empty list is never satisfied").toMatchObject({ status: 403 });
    const both = await stage.also({ scopes: ["contacts:read"], routeMap: true });
    expect(await ask(both, bearer(stage.key))).toMatchObject({ status: 200 });
    expect(await ask(both, bearer(stage.key), "/moon")).toMatchObject({ status: 403 });
    const anyKey = await stage.also({ identityOnly: true });
    expect(await ask(anyKey, bearer(stage.key), "/moon")).toMatchObject({ status: 404 });
    expect(await ask(anyKey, {}, "/moon")).toMatchObject({ status: 401 });
  });

  test("keeps to the account, the audience and the realm that it is told", async () => {
    const mine = await stage.also({
      account: () => stage.platform.account.externalId,
      audience: "crm",
      realm: "contacts",
    });
    expect(await ask(mine, bearer(stage.key))).toMatchObject({ status: 200 });
    expect(await ask(mine, bearer(await stage.issue({ audiences: ["crm"] })))).toMatchObject({ status: 200 });
    expect(await ask(mine, bearer(await stage.issue({ audiences: ["erp"] })))).toMatchObject({
      body: { code: "AUDIENCE_NOT_ALLOWED" },
    });
    expect((await ask(mine)).headers.get("www-authenticate")).toBe('Bearer realm="contacts"');
    const theirs = await stage.also({ account: () => "ext:somebody-else" });
    expect(await ask(theirs, bearer(stage.key))).toMatchObject({ status: 403, body: { code: "WRONG_ACCOUNT" } });
  });
}

function tellsHowAKeyStands(stage: Stage): void {
  test("tells how a key stands, in headers that pages may read and that others are not told of (C8)", async () => {
    const limited = await stage.issue({
      limits: [
        { name: "burst", amount: 3, per: "minute" },
        { name: "daily", amount: 2, per: "day" },
      ],
      expiresInDays: 5,
    });
    const { headers } = await ask(stage.served, { ...bearer(limited), origin: "https://app.example.com" });
    expect(headers.get("claviger-key-expires")).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(headers.get("claviger-key-retires")).toBeNull();
    expect(headers.get("ratelimit")).toMatch(/^"burst";r=2;t=\d+, "daily";r=1;t=\d+$/);
    expect(headers.get("ratelimit-policy")).toBe('"burst";q=3;w=60, "daily";q=2;w=86400');
    expect(headers.get("access-control-expose-headers")).toBe(
      "X-Total, Claviger-Key-Expires, RateLimit, RateLimit-Policy",
    );
    expect((await ask(stage.served, bearer(limited))).headers.get("access-control-expose-headers")).toBe("X-Total");
    expect(headers.get("cache-control")).toBe("private, no-store");
  });

  test("tells who uses a version that is being replaced when it retires, and the others nothing (C8, D4)", async () => {
    const { id, secret } = await stage.issue();
    interface Rotated {
      secret: string;
      rotation: { oldEndsAt: string };
    }
    const { body } = await stage.platform.root.post<Rotated>(`/v1/keys/${id}/rotate`, { overlapHours: 24 });
    const [old, fresh] = [await ask(stage.served, bearer({ secret })), await ask(stage.served, bearer(body))];
    expect([old.status, fresh.status]).toEqual([200, 200]);
    expect(old.headers.get("claviger-key-retires")).toBe(body.rotation.oldEndsAt);
    expect(fresh.headers.get("claviger-key-retires")).toBeNull();
  });

  test("answers 429 with when to come again", async () => {
    const limited = await stage.issue({ limits: [{ name: "burst", amount: 1, per: "minute" }] });
    expect(await ask(stage.served, bearer(limited))).toMatchObject({ status: 200 });
    const refused = await ask(stage.served, { ...bearer(limited), origin: "https://app.example.com" });
    expect(refused).toMatchObject({ status: 429, body: { code: "RATE_LIMITED" } });
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers.get("ratelimit")).toMatch(/^"burst";r=0;t=\d+$/);
    expect(refused.headers.get("ratelimit-policy")).toBe('"burst";q=1;w=60');
    expect(refused.headers.get("access-control-expose-headers")).toMatch(/RateLimit, RateLimit-Policy, Retry-After$/);
  });
}

function refusesAtOnce(stage: Stage): void {
  test("refuses on the very next request what was suspended, and what was revoked for good (C4)", async () => {
    const doomed = await stage.issue();
    const act = (verb: string, body: object) => stage.platform.root.post(`/v1/keys/${doomed.id}/${verb}`, body);
    expect(await ask(stage.served, bearer(doomed))).toMatchObject({ status: 200 });
    await act("suspend", { reason: "a question" });
    expect(await ask(stage.served, bearer(doomed))).toMatchObject({ status: 401, body: { code: "SUSPENDED" } });
    await act("resume", {});
    expect(await ask(stage.served, bearer(doomed))).toMatchObject({ status: 200 });
    await act("revoke", { reason: "leaked" });
    const refused = await ask(stage.served, bearer(doomed));
    expect(refused).toMatchObject({ status: 401, body: { code: "REVOKED" } });
    expect(refused.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });

  test("opens nothing while keys cannot be checked", async () => {
    const nowhere = await stage.also({}, await stage.verifierAt("http://127.0.0.1:9"));
    const refused = await ask(nowhere, bearer(stage.key));
    expect(refused).toMatchObject({ status: 503, body: { code: "UNAVAILABLE" } });
    expect(refused.headers.get("retry-after")).toBe("5");
  });
}

function believesProxies(stage: Stage, knowsPeer: boolean): void {
  test("believes nobody about a source address but the proxies it is told of (C10)", async () => {
    const forwarded = { "x-forwarded-for": "198.51.100.7" };
    const [here, there] = [
      await stage.issue({ allowedIps: ["127.0.0.1"] }),
      await stage.issue({ allowedIps: ["198.51.100.0/24"] }),
    ];
    expect((await ask(stage.served, { ...bearer(here), ...forwarded })).status).toBe(knowsPeer ? 200 : 403);
    expect(await ask(stage.served, { ...bearer(there), ...forwarded })).toMatchObject({
      status: 403,
      body: { code: "IP_NOT_ALLOWED" },
    });
    const behind = await stage.also({ trustedProxies: ["127.0.0.0/8"] });
    expect((await ask(behind, { ...bearer(there), ...forwarded })).status).toBe(knowsPeer ? 200 : 403);
    expect((await ask(behind, { ...bearer(here), ...forwarded })).status).toBe(403);
    const told = await stage.also({ address: () => "198.51.100.9" });
    expect(await ask(told, bearer(there))).toMatchObject({ status: 200 });
    expect(await ask(told, bearer(here))).toMatchObject({ status: 403 });
  });
}

function listensToItsOptions(stage: Stage, serve: Serve): void {
  test("observing, it tells what it would have refused and lets it through as if it were not there (C9)", async () => {
    const seen: WouldRefuse[] = [];
    const observing = await stage.also({ observe: true, onWouldRefuse: (refused) => seen.push(refused) });
    for (const headers of [{}, bearer({ secret: "guess" }), { ...bearer(stage.key), "x-api-key": stage.key.secret }]) {
      const passed = await ask(observing, { ...headers, origin: "https://app.example.com" }, "/contacts?a=1");
      expect(passed).toMatchObject({ status: 200, body: { account: null, keyId: null } });
      expect(passed.headers.get("access-control-expose-headers")).toBe("X-Total");
      expect([...passed.headers.keys()].join()).not.toMatch(/claviger|ratelimit|www-authenticate/);
    }
    await ask(observing, bearer(stage.key), "/contacts", "POST");
    expect(await ask(observing, bearer(stage.key))).toMatchObject({ status: 200, body: { keyId: stage.key.id } });
    const [get, post] = [
      { method: "GET", path: "/contacts" },
      { method: "POST", path: "/contacts" },
    ];
    expect(seen).toEqual([
      { code: "UNAUTHENTICATED", status: 401, ...get },
      { code: "MALFORMED", status: 401, ...get },
      { code: "TWO_CREDENTIALS", status: 400, ...get },
      {
        code: "INSUFFICIENT_SCOPE",
        status: 403,
        ...post,
        keyId: stage.key.id,
        account: stage.platform.account.id,
        missing: ["contacts:write"],
      },
    ]);
  });

  test("turns away options that cannot work when it is made", async () => {
    const wrong: GuardOptions<unknown>[] = [
      { scopes: { all: ["a"], any: ["b"] } as never },
      { identityOnly: true, scopes: ["contacts:read"] },
      { trustedProxies: ["everywhere"] },
      { trustedProxies: ["10.0.0.0/8"], address: () => "10.0.0.1" },
      { observe: true },
    ];
    for (const options of wrong)
      await expect((async () => serve(stage.verifier, options))()).rejects.toThrow(TypeError);
  });
}

function recordsUses(stage: Stage, knowsPeer: boolean): void {
  test("each use is recorded with what it asked and what it was answered; none is lost by a close (C7)", async () => {
    const { app } = stage.platform;
    const key = await stage.issue({ scopes: ["contacts:read"] });
    const verifier = await stage.localVerifier({ service: "crm" });
    const served = await stage.also({}, verifier);
    const byScope = await stage.also({ scopes: ["contacts:read"] }, verifier);
    const from = (requestId: string) => ({ ...bearer(key), "user-agent": "acme/1.2", "x-request-id": requestId });
    expect((await ask(served, from("r-1"))).status).toBe(200);
    expect((await ask(served, from("r-2"), "/contacts/7")).status).toBe(404);
    expect((await ask(served, from("r-3"), "/contacts", "POST")).status).toBe(403);
    expect((await ask(served, { ...from("r-4"), "sec-fetch-site": "cross-site" }, "/moon/8")).status).toBe(403);
    expect((await ask(byScope, from("r-5"), "/planets/8")).status).toBe(404);
    await verifier.close();
    const uses = await recordedUses(app.database, key.id, 5);
    const told = new Map(uses.map((use) => [use.requestId, use]));
    const common = {
      ...{
        key: key.id,
        version: 1,
        account: stage.platform.account.id,
        environment: "live",
        agent: "acme",
        service: "crm",
      },
      ...{ ip: knowsPeer ? "127.0.0.1" : null, browser: false },
    };
    const took = { durationMs: expect.any(Number) };
    expect(told.get("r-1")).toMatchObject({ ...common, ...took, code: "VALID", method: "GET", route: "/contacts" });
    expect(told.get("r-1")).toMatchObject({ mapped: true, status: 200, cost: 1 });
    expect(told.get("r-2")).toMatchObject({ ...common, ...took, code: "VALID", route: "/contacts/{id}", status: 404 });
    expect(told.get("r-3")).toMatchObject({
      ...common,
      code: "INSUFFICIENT_SCOPE",
      method: "POST",
      status: 403,
      cost: 0,
    });
    expect(told.get("r-4")).toMatchObject({
      code: "ROUTE_NOT_MAPPED",
      route: "/moon/{id}",
      mapped: false,
      browser: true,
    });
    expect(told.get("r-5")).toMatchObject({ ...common, ...took, route: "/planets/{id}", mapped: false, status: 404 });
    expect(uses).toHaveLength(5);
    expect(await countedUses(app.database, key.id)).toMatchObject({
      requests: 5,
      cost: 3,
      "2xx": 1,
      "4xx": 4,
      durations: 3,
    });
  });
}
