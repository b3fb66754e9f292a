import {
  type Api,
  api,
  externalSettings,
  issueKey,
  type MadeKey,
  makeAccount,
  makeScopes,
  type Service,
  startService,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand, startCommand } from "../support/command.ts";
import { addFiller, asPlatform } from "../support/filler.ts";
import { type Load, startLoad, verifyAll } from "../support/verification-load.ts";

const KEYS = 60;
const FILLER = 20_000;

let database: TestDatabase;
let services: Service[];
let nodes: Api[];
let account: string;
let settings: Record<string, string>;
const keys: MadeKey[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const first = await startService({ database });
  services = [first, await startService({ database })];
  nodes = services.map(({ url }) => api(url, first.managementKey));
  const [node] = nodes;
  if (node === undefined) throw new Error("no node");
  await makeScopes(node);
  account = (await makeAccount(node)).id;
  await addFiller(database, account, FILLER);
  for (let count = 0; count < KEYS; count += 1) keys.push(await issueKey(node, account));
  settings = { ...externalSettings(database), CLAVIGER_DATA_DIR: first.dataDir };
});
afterAll(async () => {
  await Promise.all(services.map((service) => service.stop()));
  await database.drop();
});

/** Runs `work` while valid keys are verified on both nodes, and expects that none was refused, then or afterwards. */
async function underLoad<T>(work: (load: Load) => Promise<T>): Promise<T> {
  const load = startLoad(nodes, account, keys);
  try {
    return await work(load);
  } finally {
    const before = load.count();
    // What comes after the rotation counts as well.
    await waitFor(() => load.count() > before + 100, { timeoutMs: 20_000 });
    await load.stop();
    expect(load.refused).toEqual([]);
    keys.push(...load.issued);
    expect(await verifyAll(nodes, keys)).toEqual([]);
  }
}

async function count(where: string): Promise<number> {
  return asPlatform(database, async (client) => {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM key_version WHERE ${where}`);
    return Number(rows[0]?.count);
  });
}

const auditHolds = async (): Promise<void> => {
  const { stdout } = await runCommand(["audit", "verify"], settings);
  expect(stdout).toMatch(/^ok: /);
};

describe("the installation's own keys are rotated under load, and no key ends (security 3)", () => {
  test("pepper: every row is wrapped again while both nodes verify, also after a kill -9 in the middle", async () => {
    await underLoad(async () => {
      const killed = startCommand(["rotate-pepper"], settings);
      await waitFor(async () => (await count("pepper_version = 2")) >= 3_000, { timeoutMs: 20_000 });
      await killed.kill9();
      const left = await count("pepper_version = 1");
      expect(left).toBeGreaterThan(0);
      const { stdout, stderr } = await runCommand(["rotate-pepper", "--json"], settings);
      const rotated = JSON.parse(stdout) as { version: number; wrapped: number; resumed: boolean };
      expect(rotated).toMatchObject({ version: 2, resumed: true });
      expect(rotated.wrapped).toBeGreaterThan(0);
      expect(stderr).toContain("begun before");
      expect(await count("pepper_version < 2")).toBe(0);
    });
    await auditHolds();
  });

  test("pepper: another one follows, so that rows are wrapped twice", async () => {
    await underLoad(async () => {
      const { stdout } = await runCommand(["rotate-pepper", "--json"], settings);
      expect(JSON.parse(stdout)).toMatchObject({ version: 3, resumed: false });
    });
    expect(await count("pepper_version < 3")).toBe(0);
  });

  test("tag key: keys in the field stay genuine, and keys under the new one are genuine on every node at once", async () => {
    const before = keys.length;
    await underLoad(async (load) => {
      const { stdout } = await runCommand(["rotate-tag-key", "--json"], settings);
      expect(JSON.parse(stdout)).toMatchObject({ version: 2, resumed: false });
      const issued = load.issued.length;
      await waitFor(() => load.issued.length > issued + 5, { timeoutMs: 20_000 });
    });
    expect(keys.length).toBeGreaterThan(before);
  });

  test("audit key: later events are chained with it, and the whole chain verifies", async () => {
    await underLoad(async (load) => {
      await runCommand(["rotate-audit-key"], settings);
      const issued = load.issued.length;
      await waitFor(() => load.issued.length > issued + 5, { timeoutMs: 20_000 });
    });
    const versions = await asPlatform(database, async (client) => {
      const { rows } = await client.query<{ key_version: number }>(
        "SELECT key_version FROM audit_event ORDER BY seq DESC LIMIT 6",
      );
      return rows.map(({ key_version }) => key_version);
    });
    expect(new Set(versions)).toEqual(new Set([2]));
    await auditHolds();
  });

  test("master key: running nodes go on, nodes start with either until the finish, and then with the new one alone", async () => {
    const next = Buffer.alloc(32, "the master key that comes next").toString("base64");
    const withNext = { ...settings, CLAVIGER_MASTER_KEY: next };
    await underLoad(async () => {
      await runCommand(["rotate-master-key"], { ...settings, CLAVIGER_NEW_MASTER_KEY: next });
      for (const env of [settings, withNext]) {
        const either = await startService({ database, env });
        expect(await verifyAll([api(either.url, services[0]?.managementKey ?? "")], keys.slice(0, 5))).toEqual([]);
        await either.stop();
      }
      const tooEarly = await startCommand(["rotate-pepper"], settings).finished;
      expect(tooEarly).toMatchObject({ code: 1 });
      expect(tooEarly.stderr).toContain("rotate-master-key --finish");
      const withOld = await startCommand(["rotate-master-key", "--finish"], settings).finished;
      expect(withOld.stderr).toContain("CLAVIGER_MASTER_KEY: is still the old one");
      await runCommand(["rotate-master-key", "--finish"], withNext);
      await expect(startService({ database, env: settings })).rejects.toThrow("CLAVIGER_MASTER_KEY: does not open");
    });
    // A node that still runs with the old one has not what comes now: it refuses what it cannot judge, and says so.
    await runCommand(["rotate-tag-key"], withNext);
    const fresh = await startService({ database, env: withNext });
    const management = services[0]?.managementKey ?? "";
    const made = await issueKey(api(fresh.url, management), account);
    const body = { key: made.secret, environment: "live", scopes: ["contacts:read"] };
    expect((await nodes[0]?.post("/v1/verify", body))?.body).toMatchObject({ code: "UNAVAILABLE" });
    expect((await nodes[0]?.get("/readyz"))?.status).toBe(503);
    expect((await api(fresh.url, management).post("/v1/verify", body)).body).toMatchObject({ valid: true });
    await fresh.stop();
    expect((await nodes[0]?.get("/healthz"))?.status).toBe(200);
  });
});
