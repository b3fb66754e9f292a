/** Nobody mints or widens beyond what they hold (B5), and plan and environment bound every grant. */
import { issueKey, issueManagementKey, makeAccount, ROLES, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  client,
  type Key,
  type KeyResult,
  type NewKey,
  openStage,
  type Problem,
  type Stage,
} from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

const RATIONALE = { rationale: "for a test" };
const create = (fields: object, root = stage.root) =>
  root.post<NewKey & Problem>("/v1/keys", {
    account: stage.account.id,
    environment: "live",
    label: "a key",
    ...RATIONALE,
    ...fields,
  });

describe("what a member may grant follows from the role", () => {
  const grants = {
    read: { tier: "read" },
    write: { scopes: ["contacts:write"] },
    wildcard: { scopes: ["contacts:*"] },
    admin: { tier: "admin" },
    adminScope: { scopes: ["billing:manage"] },
    adminWildcard: { scopes: ["billing:*"] },
    sensitive: { scopes: ["users:write"] },
  } as const;
  const all = Object.keys(grants);
  const may: Record<(typeof ROLES)[number], readonly string[]> = {
    owner: all,
    admin: all,
    developer: ["read", "write", "wildcard"],
    viewer: [],
  };

  test.each(ROLES.flatMap((role) => Object.entries(grants).map(([name, grant]) => [role, name, grant] as const)))(
    "%s, %s",
    async (role, name, grant) => {
      const answer = await create({ ...grant, createdBy: `ext:${role}` });
      if (may[role].includes(name)) {
        expect(answer.body.key).toMatchObject({ createdBy: stage.account.members[role] });
        return;
      }
      expect(answer.body).toMatchObject({ status: 403, code: "GRANT_EXCEEDED" });
      expect(answer.body.errors?.length).toBeGreaterThan(0);
      expect(answer.headers.get("www-authenticate")).toContain('error="insufficient_scope"');
    },
  );

  test("a member who is deactivated creates nothing, and owns nothing new", async () => {
    const account = await makeAccount(stage.root);
    const gone = { email: "a@acme.example", name: "Gone", role: "owner", status: "deactivated" };
    succeeded(await stage.root.put(`/v1/accounts/${account.id}/members/ext:owner`, gone));
    for (const field of ["createdBy", "owner"]) {
      const answer = await create({ account: account.id, tier: "read", [field]: "ext:owner" });
      expect(answer.body).toMatchObject({ status: 400, errors: [{ path: field }] });
    }
  });
});

describe("plan and environment", () => {
  let account = "";
  beforeAll(async () => {
    succeeded(await stage.root.put("/v1/plans/small", { scopes: ["contacts:*", "read"] }));
    succeeded(
      await stage.root.put("/v1/environments/narrow", {
        tag: "nar",
        class: "staging",
        scopes: ["contacts:read", "billing:manage"],
      }),
    );
    account = (await makeAccount(stage.root, "small")).id;
  });

  test.each([
    ["a listed tier", { tier: "read" }, null],
    ["a tier that is not listed", { tier: "write" }, "tier"],
    ["a scope below a listed wildcard", { scopes: ["contacts:write"] }, null],
    ["the listed wildcard", { scopes: ["contacts:*"] }, null],
    ["a scope that is not listed", { scopes: ["billing:manage"] }, "scopes"],
    ["one of each", { scopes: ["contacts:read", "users:write"] }, "scopes"],
    ["a sensitive scope, for which a wildcard does not stand", { scopes: ["users:write"] }, "scopes"],
  ])("a plan that lists scopes: %s", async (_, grant, fault) => {
    const answer = await create({ account, ...grant });
    if (fault === null) expect(answer.status, answer.text).toBe(201);
    else expect(answer.body).toMatchObject({ status: 403, code: "GRANT_EXCEEDED", errors: [{ path: fault }] });
  });

  test("an environment that lists scopes bounds them as well; both must allow", async () => {
    expect((await create({ environment: "narrow", scopes: ["billing:manage"] })).status).toBe(201);
    expect((await create({ environment: "narrow", scopes: ["contacts:write"] })).body.code).toBe("GRANT_EXCEEDED");
    expect((await create({ account, environment: "narrow", scopes: ["contacts:read"] })).status).toBe(201);
    expect((await create({ account, environment: "narrow", scopes: ["billing:manage"] })).body.code).toBe(
      "GRANT_EXCEEDED",
    );
  });

  test("a change may not widen beyond them, and an old key stays editable after the plan has shrunk", async () => {
    const wide = (await makeAccount(stage.root)).id;
    const { id } = await issueKey(stage.root, wide, { scopes: ["contacts:write"] });
    succeeded(await stage.root.put("/v1/plans/tiny", { scopes: ["contacts:read"] }));
    succeeded(await stage.root.patch(`/v1/accounts/${wide}`, { plan: "tiny" }));
    expect((await stage.root.patch(`/v1/keys/${id}`, { label: "renamed" })).status).toBe(200);
    const widened = await stage.root.patch<Problem>(`/v1/keys/${id}`, { scopes: ["contacts:write", "contacts:read"] });
    expect(widened.body).toMatchObject({ status: 403, code: "GRANT_EXCEEDED" });
    expect((await stage.root.patch(`/v1/keys/${id}`, { scopes: ["contacts:read"] })).status).toBe(200);
  });
});

describe("a management key", () => {
  const maker = ["claviger:keys:*", "claviger:management:write", "claviger:accounts:read"];
  const make = (fields: object, root = stage.root) =>
    create({ account: "platform", environment: undefined, ...fields }, root);

  test("is made with scopes of its own catalogue and a written rationale", async () => {
    expect((await make({ scopes: ["claviger:keys:read"] })).status).toBe(201);
    expect((await make({ scopes: ["claviger:keys:read"], rationale: undefined })).body).toMatchObject({
      status: 400,
      errors: [{ path: "rationale" }],
    });
    for (const grant of [
      { scopes: ["contacts:read"] },
      { scopes: ["claviger:moon:walk"] },
      { tier: "read" },
      { tier: "admin", scopes: ["claviger:*"] },
    ]) {
      expect((await make(grant)).body, JSON.stringify(grant)).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    }
  });

  test("never expires by a default meant for customers (D1)", async () => {
    expect((await make({ scopes: ["claviger:*"] })).body.key.expiresAt).toBeNull();
  });

  test("belongs to no person, service or environment", async () => {
    for (const field of [
      { owner: "team:ops" },
      { service: "ext:crm" },
      { createdBy: "ext:owner" },
      { environment: "live" },
    ]) {
      const answer = await make({ scopes: ["claviger:keys:read"], ...field });
      expect(answer.body).toMatchObject({ status: 400, errors: [{ path: Object.keys(field)[0] }] });
    }
  });

  test("cannot mint one that holds more than itself, by name or by wildcard", async () => {
    const weak = client(stage.app.url, (await issueManagementKey(stage.root, maker)).secret);
    expect((await make({ scopes: ["claviger:keys:read", "claviger:accounts:read"] }, weak)).status).toBe(201);
    for (const scopes of [
      ["claviger:*"],
      ["claviger:audit:read"],
      ["claviger:accounts:*"],
      ["claviger:keys:read", "claviger:catalogue:write"],
    ]) {
      expect((await make({ scopes }, weak)).body, String(scopes)).toMatchObject({
        status: 403,
        code: "GRANT_EXCEEDED",
      });
    }
    expect((await make({ scopes: ["verify"], environment: "live" }, weak)).body.code).toBe("GRANT_EXCEEDED");
  });

  test("cannot widen itself or another beyond what it holds", async () => {
    const { id, secret } = await issueManagementKey(stage.root, maker);
    const weak = client(stage.app.url, secret);
    const other = await issueManagementKey(stage.root, ["claviger:keys:read"]);
    for (const target of [id, other.id]) {
      const widened = await weak.patch<Problem>(`/v1/keys/${target}`, { scopes: ["claviger:*"] });
      expect(widened.body).toMatchObject({ status: 403, code: "GRANT_EXCEEDED" });
    }
    expect((await weak.patch<KeyResult>(`/v1/keys/${id}`, { scopes: maker.slice(0, 2) })).status).toBe(200);
  });

  test("cannot mint one that outlives it, nor prolong itself", async () => {
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id, secret } = await issueManagementKey(stage.root, maker, { expiresAt });
    const mortal = client(stage.app.url, secret);
    const scopes = ["claviger:keys:read"];
    expect((await make({ scopes }, mortal)).body.key.expiresAt).toBe(expiresAt);
    expect((await make({ scopes, expiresAt: null }, mortal)).body.key.expiresAt).toBe(expiresAt);
    expect((await make({ scopes, expiresInDays: 1 }, mortal)).body.code).toBe("GRANT_EXCEEDED");
    for (const change of [{ expiresAt: null }, { expiresInDays: 9 }]) {
      expect((await mortal.patch<Problem>(`/v1/keys/${id}`, change)).body.code).toBe("GRANT_EXCEEDED");
    }
  });

  test("without the scope for it can mint none", async () => {
    const clerk = client(stage.app.url, (await issueManagementKey(stage.root, ["claviger:keys:*"])).secret);
    const answer = await make({ scopes: ["claviger:keys:read"] }, clerk);
    expect(answer.body).toMatchObject({ status: 403, code: "INSUFFICIENT_SCOPE", scope: "claviger:management:write" });
  });

  test("that verifies can do nothing else and is bound to an environment", async () => {
    expect((await make({ scopes: ["verify"] })).body).toMatchObject({ status: 400, errors: [{ path: "environment" }] });
    expect((await make({ scopes: ["verify", "claviger:keys:read"], environment: "live" })).body.status).toBe(400);
    const made = succeeded(await make({ scopes: ["verify"], environment: "live", rationale: undefined })).body;
    const verifier = client(stage.app.url, made.secret);
    expect((await verifier.get("/v1/keys")).status).toBe(403);
    const widened = await stage.root.patch<Problem>(`/v1/keys/${made.key.id}`, {
      scopes: ["verify", "claviger:keys:read"],
    });
    expect(widened.status).toBe(400);
  });

  test("is bound to the addresses it names: usable from them and from nowhere else (B6)", async () => {
    const here = await issueManagementKey(stage.root, ["claviger:keys:read"], { allowedIps: ["127.0.0.0/8", "::1"] });
    const there = await issueManagementKey(stage.root, ["claviger:keys:read"], { allowedIps: ["192.0.2.0/24"] });
    expect((await client(stage.app.url, here.secret).get("/v1/keys")).status).toBe(200);
    expect((await client(stage.app.url, there.secret).get<Problem>("/v1/keys")).body).toMatchObject({
      status: 403,
      code: "IP_NOT_ALLOWED",
    });
    const verifier = await issueManagementKey(stage.root, ["verify"], { allowedIps: ["192.0.2.0/24"] });
    const question = { key: here.secret, environment: "live" };
    for (let time = 0; time < 2; time += 1) {
      expect((await client(stage.app.url, verifier.secret).post<Problem>("/v1/verify", question)).status).toBe(403);
    }
  });

  test("may be listed and ended by who may manage them", async () => {
    const { id, secret } = await issueManagementKey(stage.root, ["claviger:keys:read"]);
    const listed = (await stage.root.get<{ data: Key[] }>("/v1/keys?account=platform&limit=200")).body.data;
    expect(listed.map((key) => key.id)).toContain(id);
    expect(
      (await stage.root.post<KeyResult>(`/v1/keys/${id}/revoke`, { reason: "unused" })).body.effective,
    ).toMatchObject({ everywhere: true });
    expect((await client(stage.app.url, secret).get<Problem>("/v1/keys")).body).toMatchObject({
      status: 401,
      code: "REVOKED",
    });
  });
});
