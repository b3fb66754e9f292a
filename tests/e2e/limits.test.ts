/** Rate limits, quotas and credits as callers and verifiers meet them (C3, C6). */
import { issueKey, issueManagementKey, type MadeKey, succeeded, uniqueSuffix } from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { client, openStage, type Problem, type Stage, type Verdict } from "../support/client.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.app.stop());

type Limits = readonly Readonly<Record<string, unknown>>[];

async function keyWith(limits: Limits): Promise<MadeKey> {
  return issueKey(stage.root, stage.account.id, { tier: "read", limits });
}

async function verify(key: MadeKey, more: Readonly<Record<string, unknown>> = {}): Promise<Verdict> {
  const answer = await stage.root.post<Verdict>("/v1/verify", { key: key.secret, environment: "live", ...more });
  expect(answer.status).toBe(200);
  return answer.body;
}

async function codes(count: number, ask: () => Promise<Verdict>): Promise<Record<string, number>> {
  const counted: Record<string, number> = {};
  for (const { code } of await Promise.all(Array.from({ length: count }, ask)))
    counted[code] = (counted[code] ?? 0) + 1;
  return counted;
}

describe("limits (C6)", () => {
  test("fifty parallel requests against a limit of ten: ten pass, forty are refused", async () => {
    const key = await keyWith([{ name: "burst", amount: 10, per: "hour" }]);
    expect(await codes(50, () => verify(key))).toEqual({ VALID: 10, RATE_LIMITED: 40 });
  });

  test("a verdict says how each limit stands, and a refusal when to come again", async () => {
    const key = await keyWith([
      { name: "burst", amount: 2, per: "minute" },
      { name: "credits", amount: 5, per: "lifetime" },
    ]);
    expect((await verify(key)).limits).toMatchObject([
      { name: "burst", limit: 2, remaining: 1 },
      { name: "credits", per: "lifetime", limit: 5, remaining: 4, resetAt: null },
    ]);
    await verify(key);
    const refused = await verify(key);
    expect(refused).toMatchObject({ valid: false, code: "RATE_LIMITED" });
    expect(refused.retryAfterMs).toBeGreaterThan(0);
    expect(refused.retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  test("a request spends its cost, and one that is refused spends nothing, whatever refused it", async () => {
    const key = await keyWith([{ name: "credits", amount: 10, per: "lifetime" }]);
    expect((await verify(key, { cost: 7 })).limits).toMatchObject([{ remaining: 3 }]);
    expect(await verify(key, { cost: 4 })).toMatchObject({ code: "QUOTA_EXCEEDED" });
    expect(await verify(key, { scopes: ["users:write"] })).toMatchObject({ code: "INSUFFICIENT_SCOPE" });
    expect(await verify(key, { environment: "test" })).toMatchObject({ code: "WRONG_ENVIRONMENT" });
    expect((await verify(key, { cost: 3 })).limits).toMatchObject([{ remaining: 0 }]);
    expect(await verify(key)).toMatchObject({ code: "QUOTA_EXCEEDED" });
  });

  test("a limit of the account is one for all of its keys, a limit of the address one for each", async () => {
    const name = `shared-${uniqueSuffix()}`;
    const shared = [{ name, amount: 3, per: "day", shared: "account" }];
    const [one, two] = [await keyWith(shared), await keyWith(shared)];
    expect(await codes(3, () => verify(one))).toEqual({ VALID: 3 });
    expect(await verify(two)).toMatchObject({ code: "QUOTA_EXCEEDED" });
    const perSource = await keyWith([{ name: `${name}-ip`, amount: 1, per: "hour", shared: "ip" }]);
    expect(await verify(perSource, { ip: "192.0.2.1" })).toMatchObject({ code: "VALID" });
    expect(await verify(perSource, { ip: "192.0.2.1" })).toMatchObject({ code: "RATE_LIMITED" });
    expect(await verify(perSource, { ip: "192.0.2.2" })).toMatchObject({ code: "VALID" });
  });

  test("the plan's limit holds for its accounts, and a changed amount forgets nothing that was spent", async () => {
    const plan = `plan-${uniqueSuffix()}`;
    const put = (amount: number) =>
      stage.root.put(`/v1/plans/${plan}`, { limits: [{ name: "daily", amount, per: "day" }] }).then(succeeded);
    await put(2);
    succeeded(await stage.root.patch(`/v1/accounts/${stage.account.id}`, { plan }));
    const key = await keyWith([]);
    expect(await codes(3, () => verify(key))).toEqual({ VALID: 2, QUOTA_EXCEEDED: 1 });
    await put(3);
    expect(await codes(2, () => verify(key))).toEqual({ VALID: 1, QUOTA_EXCEEDED: 1 });
    succeeded(await stage.root.patch(`/v1/accounts/${stage.account.id}`, { plan: null }));
    expect(await verify(key)).toMatchObject({ code: "VALID", limits: [] });
  });

  test("a proxy is told 429 with Retry-After and the RateLimit headers, nginx in a status it knows (C3)", async () => {
    const { secret: credential } = await issueManagementKey(stage.root, ["verify"]);
    const key = await keyWith([{ name: "burst", amount: 1, per: "minute" }]);
    const ask = (path: string) =>
      client(stage.app.url, null).call<Problem>("GET", path, {
        headers: {
          "claviger-credential": credential,
          authorization: `Bearer ${key.secret}`,
          "x-original-method": "GET",
          "x-original-uri": "/contacts",
        },
      });
    const allowed = await ask("/v1/authorize");
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("ratelimit")).toMatch(/^"burst";r=0;t=\d+$/);
    expect(allowed.headers.get("ratelimit-policy")).toBe('"burst";q=1;w=60');
    const refused = await ask("/v1/authorize");
    expect(refused.body).toMatchObject({ status: 429, code: "RATE_LIMITED" });
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit")).toMatch(/^"burst";r=0;t=\d+$/);
    const nginx = await ask("/v1/authorize?proxy=nginx");
    expect([nginx.status, nginx.headers.get("x-authorize-status")]).toEqual([403, "429"]);
  });
});
