/** How an installation begins and fails where Claviger is in another program, and what of the process it touches. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClavigerNode, type ClavigerOptions, createClaviger } from "@claviger/server";
import {
  api,
  issueKey,
  makeAccount,
  makeScopes,
  proxyTo,
  silentLogger,
  succeeded,
  type TestDatabase,
  testDatabase,
  urlOf,
  waitFor,
} from "@claviger/testkit";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BASE_PATH, optionsFor } from "./stage.ts";

const ORIGIN = "http://localhost";

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await testDatabase();
  dataDir = await mkdtemp(join(tmpdir(), "claviger-library-"));
});
afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Everything in this process that others listen to as well. */
function listeners(): Record<string, number> {
  return Object.fromEntries(process.eventNames().map((name) => [String(name), process.listenerCount(name)]));
}

/** Issues a key through the node itself, and verifies it from its memory. */
async function isInService(claviger: ClavigerNode, managementKey: string): Promise<void> {
  const here = api((request) => claviger.fetch(request), managementKey);
  const root = { ...here, put: mounted(here.put), post: mounted(here.post) } as typeof here;
  await makeScopes(root);
  const { secret } = await issueKey(root, (await makeAccount(root)).id);
  expect(await claviger.verify(secret, { method: "GET", path: "/contacts" })).toMatchObject({ valid: true });
}

function mounted<T extends unknown[], R>(call: (path: string, ...rest: T) => R): (path: string, ...rest: T) => R {
  return (path, ...rest) => call(`${BASE_PATH}${path}`, ...rest);
}

test("two programs that start at once over an empty database make one installation, whose first key is told once", async () => {
  const owner = new pg.Client({ ...database.owner });
  await owner.connect();
  await owner.query("DROP SCHEMA claviger CASCADE");
  await owner.end();
  const nodes = await Promise.all([1, 2].map(() => createClaviger(optionsFor(database, dataDir))));
  const told = nodes.flatMap(({ generatedManagementKey }) => generatedManagementKey ?? []);
  expect(told).toHaveLength(1);
  expect(JSON.stringify(nodes)).not.toContain(told[0]?.reveal());
  for (const node of nodes) await isInService(node, told[0]?.reveal() ?? "");
  await Promise.all(nodes.map((node) => node.close()));
});

describe("what belongs to the whole process", () => {
  const used: [string, () => Promise<ClavigerOptions>][] = [
    ["over a database of the program's", async () => optionsFor(database, dataDir)],
    [
      "with a logger of its own",
      async () => ({ ...optionsFor(database, dataDir), logger: undefined, logLevel: "silent" as const }),
    ],
  ];
  test.each(used)("has no listener of Claviger's, and none stays: %s", async (_, options) => {
    const before = listeners();
    const claviger = await createClaviger(await options());
    expect(listeners()).toEqual(before);
    await claviger.close();
    expect(listeners()).toEqual(before);
  });
});

describe("an embedded PostgreSQL", () => {
  test("starts and ends with Claviger, keeps what it holds, and leaves nothing in the process", async () => {
    const folder = await mkdtemp(join(tmpdir(), "claviger-library-"));
    await chmod(folder, 0o711);
    const options = { dataDir: join(folder, "data"), basePath: BASE_PATH, logger: silentLogger };
    const before = listeners();
    const first = await createClaviger(options);
    const key = first.generatedManagementKey?.reveal() ?? "";
    await isInService(first, key);
    await first.close();
    expect(listeners()).toEqual(before);
    const second = await createClaviger(options);
    expect(second.generatedManagementKey).toBeNull();
    await isInService(second, key);
    await second.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }, 60_000);
});

describe("where the database is at fault", () => {
  const failed = (options: ClavigerOptions) =>
    createClaviger({ ...optionsFor(database, dataDir), ...options }).then(
      () => null,
      (error: unknown) => error as Error & { code?: string },
    );

  test("an address where nobody answers, or of another database, is refused in words of the options, without a password", async () => {
    const nobody = await failed({ databaseUrl: "postgres://a:canary@127.0.0.1:1/b" });
    expect(nobody).toMatchObject({ name: "EngineError", code: "SERVER_UNREACHABLE" });
    expect(nobody?.message).toMatch(/^databaseUrl \(postgres:\/\/a:\*\*\*@127\.0\.0\.1:1\/b\) cannot be used: /);
    const other = await testDatabase();
    const elsewhere = await failed({ databaseMigrationUrl: urlOf(other.owner) });
    await other.drop();
    expect(elsewhere?.message).toMatch(/^databaseMigrationUrl leads to another database than databaseUrl/);
  });

  test("another master key is refused, and names its option", async () => {
    const error = await failed({ masterKey: Buffer.alloc(32, 9).toString("base64") });
    expect(error).toMatchObject({ name: "DatabaseError", code: "MASTER_KEY_WRONG" });
    expect(error?.message).toMatch(/^masterKey: does not open version/);
  });

  test("one that goes away refuses keys and ends nothing; it comes back by itself", async () => {
    const proxy = await proxyTo(database.node);
    const managementKey = "management-key-of-this-test";
    const claviger = await createClaviger({
      ...{ ...optionsFor(database, dataDir), databaseUrl: urlOf(proxy.connection), leaseMs: 500, managementKey },
    });
    const here = api((request) => claviger.fetch(request), managementKey);
    succeeded(await here.put(`${BASE_PATH}/v1/accounts/ext:outage`, { name: "Outage" }));
    const created = await here.post<{ secret: string }>(`${BASE_PATH}/v1/keys`, {
      ...{ account: "ext:outage", environment: "live", label: "one", tier: "read" },
    });
    const { secret } = succeeded(created).body;
    const code = async (): Promise<string> => (await claviger.verify(secret)).code;
    expect(await code()).toBe("VALID");
    proxy.cut();
    await waitFor(async () => (await code()) === "UNAVAILABLE", { what: "the lease to end" });
    expect((await claviger.fetch(new Request(`${ORIGIN}${BASE_PATH}/readyz`))).status).toBe(503);
    proxy.heal();
    await waitFor(async () => (await code()) === "VALID", { what: "a lease again" });
    await claviger.close();
    await proxy.close();
  });
});
