/** A throttle is the mild act: a lower limit for a time, in force when it returns, and over at its last date by itself (E3). */
import { createVerifier } from "@claviger/sdk";
import {
  type Answer,
  type Api,
  issueKey,
  issueManagementKey,
  type MadeKey,
  openPlatform,
  type Platform,
  succeeded,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { type AuditEvent, client, type Key, type KeyResult, type Page, type Problem } from "../support/client.ts";

let platform: Platform;
let root: Api;
beforeAll(async () => {
  platform = await openPlatform();
  root = client(platform.url, platform.app.managementKey);
});
afterAll(() => platform.app.stop());

const issue = (fields: object = {}): Promise<MadeKey> => issueKey(root, platform.account.id, { ...fields });
const HOUR = { amount: 2, per: "hour", forMinutes: 60, reason: "loops" };
const throttle = (key: MadeKey, body: object = HOUR, by: Api = root): Promise<Answer<KeyResult>> =>
  by.post<KeyResult>(`/v1/keys/${key.id}/throttle`, body);
const codeOf = async (key: MadeKey): Promise<string> => {
  const body = { key: key.secret, environment: "live" };
  return succeeded(await root.post<{ code: string }>("/v1/verify", body)).body.code;
};
const actsOn = async (key: MadeKey): Promise<AuditEvent[]> => [
  ...succeeded(await root.get<Page<AuditEvent>>(`/v1/audit-events?target=${key.id}`)).body.data,
];

describe("a throttle", () => {
  test("holds beside the key's own limits, whichever is stricter, from the moment when the call returns", async () => {
    const key = await issue({ limits: [{ name: "throttle", amount: 3, per: "hour" }] });
    expect(await codeOf(key)).toBe("VALID");
    const { key: shown, effective } = succeeded(await throttle(key)).body;
    expect(effective?.everywhere).toBe(true);
    expect(shown.throttle).toMatchObject({ amount: 2, per: "hour", reason: "loops" });
    // One of three is spent of its own limit, and none of the throttle: two more pass, by both.
    expect([await codeOf(key), await codeOf(key), await codeOf(key)]).toEqual(["VALID", "VALID", "RATE_LIMITED"]);
    succeeded(await root.post(`/v1/keys/${key.id}/unthrottle`));
    expect(await codeOf(key)).toBe("RATE_LIMITED");
  });

  test("holds in a verifier that decides by itself, and is taken away there", async () => {
    const verifier = await createVerifier({ url: platform.url, credential: platform.credential, environment: "live" });
    try {
      const key = await issue();
      const ask = async (): Promise<string> => (await verifier.verify(key.secret, {})).code;
      await waitFor(async () => (await ask()) === "VALID");
      expect(succeeded(await throttle(key)).body.effective?.verifiers).toBe(1);
      const codes: string[] = [];
      for (let asked = 0; asked < 5; asked += 1) codes.push(await ask());
      expect(codes).toEqual(["VALID", "VALID", "RATE_LIMITED", "RATE_LIMITED", "RATE_LIMITED"]);
      succeeded(await root.post(`/v1/keys/${key.id}/unthrottle`));
      await waitFor(async () => (await ask()) === "VALID");
    } finally {
      await verifier.close();
    }
  });

  test("is over at its last date with nobody doing anything, and is shown no more", async () => {
    const key = await issue();
    const until = new Date(Date.now() + 1_500).toISOString();
    succeeded(await throttle(key, { amount: 1, per: "hour", until, reason: "loops" }));
    const codes = [await codeOf(key), await codeOf(key)];
    expect(codes).toEqual(["VALID", "RATE_LIMITED"]);
    await waitFor(async () => (await codeOf(key)) === "VALID");
    expect(Date.now()).toBeGreaterThanOrEqual(new Date(until).getTime());
    expect(succeeded(await root.get<Key>(`/v1/keys/${key.id}`)).body.throttle).toBeNull();
    expect((await actsOn(key)).map(({ action }) => action)).toEqual(["key.throttled", "key.created"]);
  });

  test("is in the trail, in the list, on the key's page with its reason, and told to its holder without", async () => {
    const key = await issue();
    succeeded(await throttle(key));
    succeeded(await throttle(key, { ...HOUR, amount: 1 }));
    const [last] = await actsOn(key);
    expect(last).toMatchObject({
      ...{ action: "key.throttled", before: { throttle: { amount: 2, per: "hour" } } },
      after: { throttle: { amount: 1, per: "hour", reason: "loops" } },
    });
    const listed = (await root.get<Page<Key>>("/v1/keys?throttled=yes&limit=200")).body.data.map(({ id }) => id);
    expect(listed).toContain(key.id);
    const others = (await root.get<Page<Key>>("/v1/keys?throttled=no&limit=200")).body.data.map(({ id }) => id);
    expect(others).not.toContain(key.id);
    const page = (await root.get<{ status: { why: string } }>(`/v1/keys/${key.id}/usage`)).body;
    expect(page.status.why).toMatch(/throttled: 1 request per hour until .*\(loops\)/);
    const own = (await root.as(key.secret).get<Record<string, unknown>>("/v1/keys/self")).body;
    expect(own.throttle).toMatchObject({ amount: 1, per: "hour" });
    expect(JSON.stringify(own)).not.toContain("loops");
    const { stdout } = await claviger(["keys", "unthrottle", key.id, "--json"], {
      ...{ CLAVIGER_URL: platform.url, CLAVIGER_MANAGEMENT_KEY: platform.app.managementKey },
    });
    expect(JSON.parse(stdout)).toMatchObject({ key: { throttle: null } });
  });
});

describe("a throttle is refused", () => {
  test("without a last date, with two, with one that is past or further than 90 days, and to no amount", async () => {
    const key = await issue();
    const late = new Date(Date.now() + 91 * 86_400_000).toISOString();
    const { forMinutes: _, ...open } = HOUR;
    for (const body of [
      open,
      { ...HOUR, until: new Date(Date.now() + 60_000).toISOString() },
      { ...open, until: "2020-01-01T00:00:00Z" },
      { ...open, until: late },
      { ...HOUR, forMinutes: 129_601 },
      { ...HOUR, amount: 0 },
      { ...HOUR, per: "month" },
      { ...HOUR, reason: "" },
    ]) {
      const answer = await root.post<Problem>(`/v1/keys/${key.id}/throttle`, body);
      expect([answer.status, answer.body.code]).toEqual([400, "VALIDATION_FAILED"]);
    }
  });

  test("of a key that is ended, and of a management key, which nobody without the right sees", async () => {
    const key = await issue();
    succeeded(await root.post(`/v1/keys/${key.id}/revoke`, { reason: "unused" }));
    expect((await throttle(key)).status).toBe(409);
    const credential = await issueManagementKey(root, ["claviger:keys:revoke"]);
    expect((await throttle(credential)).status).toBe(409);
    expect((await throttle(credential, HOUR, root.as(credential.secret))).status).toBe(404);
  });

  test("where it is looser than the one that holds, by a login that may only take away", async () => {
    const key = await issue();
    const { secret } = await issueManagementKey(root, ["claviger:keys:revoke"]);
    const support = root.as(secret);
    succeeded(await throttle(key, HOUR, support));
    for (const looser of [
      { ...HOUR, amount: 3 },
      { ...HOUR, per: "minute" },
      { ...HOUR, forMinutes: 1 },
    ]) {
      expect((await throttle(key, looser, support)).body).toMatchObject({ status: 403, code: "GRANT_EXCEEDED" });
    }
    expect((await support.post(`/v1/keys/${key.id}/unthrottle`)).status).toBe(403);
    succeeded(await throttle(key, { ...HOUR, amount: 1, forMinutes: 90 }, support));
    succeeded(await throttle(key, { ...HOUR, amount: 9 }));
    expect((await root.get<Key>(`/v1/keys/${key.id}`)).body.throttle?.amount).toBe(9);
  });
});
