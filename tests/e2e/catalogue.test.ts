import { issueKey, makeAccount, succeeded, uniqueSuffix } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Effective, openStage, type Problem, type Stage, type Verdict } from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

interface Result {
  readonly effective: Effective | null;
}
const put = (path: string, body: object) => stage.root.put<Result & Problem>(path, body);
const verify = async (key: string, more: object) =>
  (await stage.root.post<Verdict>("/v1/verify", { key, environment: "live", ...more })).body;

describe("a scope", () => {
  const scope = { description: "May read invoices", tier: "read" };
  const fresh = () => `/v1/scopes/invoices:${uniqueSuffix()}`;

  test("is defined and replaced, with what was left out at its default", async () => {
    const path = fresh();
    const routes = [{ method: "GET", path: `/${uniqueSuffix()}/{id}` }];
    const created = await put(path, { ...scope, sensitive: true, routes });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ scope: { ...scope, sensitive: true, routes } });
    const replaced = await put(path, { ...scope, tier: "write" });
    expect(replaced.status).toBe(200);
    expect(replaced.body).toMatchObject({
      scope: { tier: "write", sensitive: false, routes: [] },
      effective: { everywhere: true },
    });
    expect((await stage.root.get(path)).body).toMatchObject({ tier: "write", routes: [] });
  });

  test.each([
    "contacts",
    "Contacts:read",
    "contacts:",
    ":read",
    "contacts:*",
    "*",
    "read",
    "claviger:keys:read",
    "verify",
    `a:${"x".repeat(99)}`,
    "a b:c",
  ])("is not named %s", async (name) => {
    expect((await put(`/v1/scopes/${encodeURIComponent(name)}`, scope)).status).toBe(400);
  });

  test.each([
    [{ tier: "read" }, "description"],
    [{ ...scope, description: "" }, "description"],
    [{ ...scope, tier: "god" }, "tier"],
    [{ ...scope, sensitive: "yes" }, "sensitive"],
    [{ ...scope, routes: [{ method: "GET", path: "no-slash" }] }, "routes[0]"],
    [{ ...scope, routes: [{ method: "GET", path: "/a/../b" }] }, "routes[0]"],
    [{ ...scope, routes: [{ method: "G T", path: "/a" }] }, "routes[0]"],
    [{ ...scope, routes: [{ method: "GET", path: "/a\u0000" }] }, "routes[0]"],
    [{ ...scope, routes: [{ method: "GET", path: "/a", host: "x" }] }, "routes[0].host"],
    [{ ...scope, name: "x" }, "name"],
  ])("is refused with %j, and the field named", async (body, path) => {
    const { status, errors } = (await put(fresh(), body)).body;
    expect(status).toBe(400);
    expect(errors?.map((error) => error.path)).toContain(path);
  });

  test("owns its routes alone: the same route, however its parameters are called, belongs to one scope", async () => {
    const place = `/${uniqueSuffix()}`;
    succeeded(await put(fresh(), { ...scope, routes: [{ method: "GET", path: `${place}/{id}` }] }));
    for (const path of [`${place}/{id}`, `${place}/{name}`]) {
      const taken = await put(fresh(), { ...scope, routes: [{ method: "get", path }] });
      expect(taken.body).toMatchObject({ status: 409, code: "CONFLICT" });
    }
    const routes = [
      { method: "GET", path: `${place}/a/{x}` },
      { method: "GET", path: `${place}/a/{y}` },
    ];
    expect((await put(fresh(), { ...scope, routes })).body.code).toBe("CONFLICT");
    expect((await put(fresh(), { ...scope, routes: [{ method: "POST", path: `${place}/{id}` }] })).status).toBe(201);
  });

  test("puts in parallel with the same route leave it with one of them", async () => {
    const routes = [{ method: "GET", path: `/${uniqueSuffix()}` }];
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(fresh(), { ...scope, routes })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array(7).fill(409)]);
  });

  test("that is narrowed is narrower everywhere when the call returns", async () => {
    const [name, path] = [`invoices:${uniqueSuffix()}`, `/${uniqueSuffix()}`];
    const routes = [{ method: "GET", path }];
    succeeded(await put(`/v1/scopes/${name}`, { ...scope, routes }));
    const { secret } = await issueKey(stage.root, stage.account.id, { tier: "read" });
    const question = { method: "GET", path };
    expect(await verify(secret, question)).toMatchObject({ valid: true, route: path });
    succeeded(await put(`/v1/scopes/${name}`, { ...scope, sensitive: true, routes }));
    expect(await verify(secret, question)).toMatchObject({ code: "INSUFFICIENT_SCOPE", missing: [name] });
    succeeded(await put(`/v1/scopes/${name}`, { ...scope, tier: "admin", routes }));
    expect(await verify(secret, question)).toMatchObject({ code: "INSUFFICIENT_SCOPE" });
    succeeded(await put(`/v1/scopes/${name}`, scope));
    expect(await verify(secret, question)).toMatchObject({ code: "ROUTE_NOT_MAPPED" });
  });

  test("a wildcard spans what the catalogue gains later", async () => {
    const area = `a${uniqueSuffix()}`;
    succeeded(await put(`/v1/scopes/${area}:read`, scope));
    const { secret } = await issueKey(stage.root, stage.account.id, { scopes: [`${area}:*`] });
    expect(await verify(secret, { scopes: [`${area}:write`] })).toMatchObject({ code: "INSUFFICIENT_SCOPE" });
    succeeded(await put(`/v1/scopes/${area}:write`, { ...scope, tier: "write" }));
    expect(await verify(secret, { scopes: [`${area}:write`] })).toMatchObject({
      valid: true,
      scopes: [`${area}:read`, `${area}:write`],
    });
  });
});

describe("an environment", () => {
  const body = { tag: "stg", class: "staging" };

  test("live, test and dev exist from the start", async () => {
    for (const [name, kind] of [
      ["live", "production"],
      ["test", "staging"],
      ["dev", "development"],
    ]) {
      expect((await stage.root.get(`/v1/environments/${name}`)).body).toMatchObject({
        name,
        tag: name,
        class: kind,
        scopes: null,
        limits: [],
      });
    }
  });

  test("is defined and replaced, and its keys carry its tag", async () => {
    expect(await put("/v1/environments/stage", body)).toMatchObject({
      status: 201,
      body: { environment: body, effective: null },
    });
    const { secret } = await issueKey(stage.root, stage.account.id, { environment: "stage" });
    expect(secret).toMatch(/^clv_stg_/);
    const replaced = await put("/v1/environments/stage", { ...body, class: "production", scopes: ["contacts:*"] });
    expect(replaced).toMatchObject({
      status: 200,
      body: { effective: { everywhere: true }, environment: { class: "production", scopes: ["contacts:*"] } },
    });
  });

  test("keeps its tag for ever and shares it with none", async () => {
    succeeded(await put("/v1/environments/one", { ...body, tag: "one" }));
    expect((await put("/v1/environments/one", { ...body, tag: "two" })).body).toMatchObject({
      status: 409,
      code: "CONFLICT",
    });
    expect((await put("/v1/environments/two", { ...body, tag: "one" })).body).toMatchObject({
      status: 409,
      code: "CONFLICT",
    });
    expect((await put("/v1/environments/own", { ...body, tag: "mgmt" })).body).toMatchObject({ status: 409 });
    const answers = await Promise.all(
      ["ra", "rb", "rc"].map((name) => put(`/v1/environments/${name}`, { ...body, tag: "race" })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  });

  test.each([
    ["/v1/environments/x1", { ...body, tag: "x" }],
    ["/v1/environments/x1", { ...body, tag: "toolong" }],
    ["/v1/environments/x1", { ...body, tag: "A1" }],
    ["/v1/environments/x1", { ...body, class: "moon" }],
    ["/v1/environments/x1", { ...body, scopes: "all" }],
    ["/v1/environments/x1", { ...body, scopes: [""] }],
    ["/v1/environments/x1", { ...body, scopes: ["a\u0000b"] }],
    ["/v1/environments/X1", body],
    ["/v1/environments/-x", body],
    ["/v1/environments/x1", { ...body, limits: [{ name: "a", amount: 1, per: "year" }] }],
    [
      "/v1/environments/x1",
      {
        ...body,
        limits: [
          { name: "a", amount: 1, per: "day" },
          { name: "a", amount: 2, per: "hour" },
        ],
      },
    ],
  ])("%s with %j is refused", async (path, wrong) => {
    expect((await put(path, wrong)).status).toBe(400);
  });
});

describe("a plan", () => {
  test("is defined and replaced, with what was left out at its default", async () => {
    const limits = [{ name: "day", amount: 1000, per: "day", shared: "account" }];
    const created = await put("/v1/plans/pro", { limits, maxActiveKeys: 10, scopes: ["contacts:*"] });
    expect(created).toMatchObject({
      status: 201,
      body: { plan: { limits, maxActiveKeys: 10, scopes: ["contacts:*"] }, effective: null },
    });
    const replaced = await put("/v1/plans/pro", {});
    expect(replaced).toMatchObject({
      status: 200,
      body: { plan: { limits: [], maxActiveKeys: null, scopes: null }, effective: { everywhere: true } },
    });
  });

  test.each([
    { maxActiveKeys: 0 },
    { maxActiveKeys: 1.5 },
    { maxActiveKeys: 1_000_001 },
    { scopes: [1] },
    { scopes: ["a\u0000"] },
    { price: 7 },
    { limits: {} },
  ])("is refused with %j", async (wrong) => {
    expect((await put("/v1/plans/wrong", wrong)).status).toBe(400);
  });

  test("that shrinks below what an account holds ends no key, and lets none be added", async () => {
    succeeded(await put("/v1/plans/shrinks", { maxActiveKeys: 3 }));
    const account = (await makeAccount(stage.root, "shrinks")).id;
    const keys = [await issueKey(stage.root, account), await issueKey(stage.root, account)];
    succeeded(await put("/v1/plans/shrinks", { maxActiveKeys: 1 }));
    for (const { secret } of keys) expect(await verify(secret, {})).toMatchObject({ valid: true });
    const more = await stage.root.post<Problem>("/v1/keys", {
      account,
      environment: "live",
      label: "more",
      tier: "read",
    });
    expect(more.body.code).toBe("KEY_LIMIT_REACHED");
  });
});

test("what was never defined is not found", async () => {
  for (const path of ["scopes/never:was", "environments/never", "plans/never"]) {
    expect((await stage.root.get<Problem>(`/v1/${path}`)).body).toMatchObject({ status: 404, code: "NOT_FOUND" });
  }
});

test.each(["scopes/%00", "scopes/a%00b", "scopes/%F0%9F%94%91"])("%s is answered, not failed on", async (path) => {
  expect([400, 404]).toContain((await stage.root.get(`/v1/${path}`)).status);
});
