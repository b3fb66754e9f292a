/** Two services on one database with keys, on which the installation's own keys are rotated while valid keys are verified. */
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
import { expect } from "vitest";
import { runCommand } from "./command.ts";
import { addFiller, asPlatform } from "./filler.ts";
import { type Load, startLoad, verifyAll } from "./verification-load.ts";

const KEYS = 40;

export interface RotationCluster {
  readonly database: TestDatabase;
  /** A test that replaces one stops the old one; the rest is stopped at the end. */
  readonly services: Service[];
  readonly management: string;
  readonly account: string;
  /** Of the commands. */
  readonly settings: Readonly<Record<string, string>>;
  /** All that must be valid. */
  readonly keys: MadeKey[];
  /** As the services are now. */
  nodes(): Api[];
  stop(): Promise<void>;
}

/** `filler` keys beside those that are verified make the walk over all of them take its time. */
export async function startRotationCluster(filler: number): Promise<RotationCluster> {
  const database = await testDatabase();
  const first = await startService({ database });
  const services = [first, await startService({ database })];
  const management = first.managementKey;
  const node = api(first.url, management);
  await makeScopes(node);
  const account = (await makeAccount(node)).id;
  await addFiller(database, account, filler);
  const keys: MadeKey[] = [];
  for (let count = 0; count < KEYS; count += 1) keys.push(await issueKey(node, account));
  return {
    ...{ database, services, management, account, keys },
    settings: { ...externalSettings(database), CLAVIGER_DATA_DIR: first.dataDir },
    nodes: () => services.map(({ url }) => api(url, management)),
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      await database.drop();
    },
  };
}

/** Runs `work` while valid keys are verified on both nodes, and expects that none was refused, then or afterwards. */
export async function underLoad<T>(cluster: RotationCluster, work: (load: Load) => Promise<T>): Promise<T> {
  const load = startLoad(cluster.nodes(), cluster.account, cluster.keys);
  try {
    return await work(load);
  } finally {
    const before = load.count();
    // What comes after the rotation counts as well.
    await waitFor(() => load.count() > before + 50, { timeoutMs: 30_000, what: "verifications afterwards" });
    await load.stop();
    expect(load.refused).toEqual([]);
    cluster.keys.push(...load.issued);
    expect(await verifyAll(cluster.nodes(), cluster.keys)).toEqual([]);
  }
}

export async function countVersions({ database }: RotationCluster, where: string): Promise<number> {
  return asPlatform(database, async (client) => {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM key_version WHERE ${where}`);
    return Number(rows[0]?.count);
  });
}

export async function expectAuditHolds(settings: Readonly<Record<string, string>>): Promise<void> {
  const { stdout } = await runCommand(["audit", "verify"], settings);
  expect(stdout).toMatch(/^ok: /);
}
