import { BUILT_IN_VIEWS } from "@claviger/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { claviger, scratch, startService } from "../../testing.ts";

let place: Awaited<ReturnType<typeof scratch>>;
beforeAll(async () => {
  place = await scratch();
});
afterAll(() => place.remove());

const LIMIT_MS = 240_000;

/** Asks the service with its management key. */
async function ask(url: string, key: string | null, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await fetch(`${url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Record<string, unknown>;
}

describe("claviger demo", { timeout: LIMIT_MS }, () => {
  test("makes an invented platform at the first start only, with a secret to try for each state and rows in each view", async () => {
    const first = await startService(place.dataDir, { CLAVIGER_DEMO_SEED: "3" }, "demo");
    expect(first.stdout()).toMatch(/^This is a demo: /);
    const examples = [...first.stdout().matchAll(/^example key, (\w+): (\S+)$/gm)].map(([, state, key]) => ({
      state,
      key,
    }));
    const codes: Record<string, unknown> = {};
    for (const { state = "", key } of examples) {
      const body = { key, environment: "live", method: "GET", path: "/v2/contacts/1" };
      codes[state] = (await ask(first.url, first.managementKey, "/v1/verify", body)).code;
    }
    expect(codes).toEqual({
      ...{ active: "VALID", expiring: "VALID", suspended: "SUSPENDED", expired: "EXPIRED", revoked: "REVOKED" },
    });
    const accounts = await ask(first.url, first.managementKey, "/v1/accounts?limit=200");
    expect(accounts.data).toHaveLength(40);
    const views = (await ask(first.url, first.managementKey, "/v1/views")).data as { name: string; total: number }[];
    expect(views.map(({ name }) => name)).toEqual(BUILT_IN_VIEWS);
    expect(views.filter(({ total }) => total === 0)).toEqual([]);
    await first.stop();

    const verified = await claviger(["audit", "verify"], { CLAVIGER_DATA_DIR: place.dataDir });
    expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ok: \d{4} events/) });

    const second = await startService(place.dataDir, {}, "demo");
    expect(second.stdout()).toMatch(/The demo is there already/);
    expect(second.stdout()).not.toMatch(/clv_/);
    const again = await ask(second.url, first.managementKey, "/v1/accounts?limit=200");
    expect(again.data).toEqual(accounts.data);
    await second.stop();
  });

  test("a seed that is none, and a data directory in use, stop the start with one line and exit code 2", async () => {
    const env = { CLAVIGER_DATA_DIR: place.dataDir, CLAVIGER_PORT: "0", CLAVIGER_LOG_LEVEL: "error" };
    const wrong = await claviger(["demo"], { ...env, CLAVIGER_DEMO_SEED: "many" });
    expect(wrong).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^CLAVIGER_DEMO_SEED: [^\n]*\n$/),
    });
    const other = await scratch();
    const dataDir = other.dataDir;
    await (await startService(dataDir)).stop();
    const used = await claviger(["demo"], { ...env, CLAVIGER_DATA_DIR: dataDir });
    expect(used).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^CLAVIGER_DATA_DIR: the database is in use[^\n]*\n$/),
    });
    await other.remove();
  });
});
