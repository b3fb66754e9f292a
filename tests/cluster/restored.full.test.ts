/**
 * An installation that is restored from a backup while verifiers are connected to its addresses: what they remember of the one before
 * ends with their lease, and what they accept afterwards is what the restored one says (C4, J10).
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  api,
  externalSettings,
  type FaultyProxy,
  issueKey,
  proxyTo,
  type Service,
  startService,
  succeeded,
  type TestDatabase,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "../support/command.ts";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 2_000;
const NODES = 2;
const VERIFIERS = 4;

let dir: string;
let before: TestDatabase;
let after: TestDatabase;
let cluster: VerifierCluster;
let addresses: FaultyProxy[];
let restored: Service[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "claviger-restored-"));
  [before, after] = await Promise.all([testDatabase(), testDatabase()]);
  cluster = new VerifierCluster({ database: before, termMs: TERM_MS, nodes: NODES });
  await cluster.start();
  addresses = await Promise.all(cluster.nodes.map(({ url }) => proxyTo(portOf(url))));
  restored = [];
  const urls = addresses.map(({ connection }) => `http://127.0.0.1:${connection.port}`);
  for (let index = 0; index < VERIFIERS; index += 1)
    await cluster.addVerifier(index % 2 === 0 ? urls : urls.toReversed());
}, 120_000);
afterEach(async () => {
  await cluster.stop();
  for (const node of restored) await node.stop();
  for (const address of addresses) await address.close();
  await Promise.all([before.drop(), after.drop()]);
  await rm(dir, { recursive: true, force: true });
}, 60_000);

const portOf = (url: string) => ({ host: "127.0.0.1", port: Number(new URL(url).port) });
const settingsFor = (database: TestDatabase, dataDir: string) => ({
  ...externalSettings(database),
  CLAVIGER_DATA_DIR: dataDir,
  CLAVIGER_BACKUP_KEY: Buffer.alloc(32, "the key of the backups").toString("base64"),
});
const codesOf = (keys: readonly string[]) =>
  Promise.all(cluster.verifiers.map((verifier) => verifier.ask<string[]>({ do: "verify", keys })));

test("what was issued since is refused by all, what was revoked since is as it was, and revoking it again holds everywhere", async () => {
  const [kept, revokedSince] = await cluster.hammer(2);
  if (kept === undefined || revokedSince === undefined) throw new TypeError("no keys");
  const file = join(dir, "taken.backup");
  await runCommand(["backup", "--to", file], settingsFor(before, cluster.node(0).dataDir));
  const [issuedSince] = await cluster.hammer(1);
  if (issuedSince === undefined) throw new TypeError("no key");
  const { id, secret } = revokedSince;
  succeeded(await cluster.on(0).post(`/v1/keys/${id}/revoke`, { reason: "leaked" }));
  expect(await codesOf([secret])).toEqual(Array(VERIFIERS).fill(["REVOKED"]));

  for (const node of cluster.nodes) await node.kill9();
  const dataDir = join(dir, "data");
  await runCommand(["restore", "--from", file], settingsFor(after, dataDir));
  for (const address of addresses) {
    const node = await startService({ database: after, env: { CLAVIGER_LEASE_MS: String(TERM_MS) } });
    restored.push(node);
    address.lead(portOf(node.url));
  }
  await cluster.acceptedEverywhere([kept.secret]);
  const started = performance.now();
  await waitFor(async () => (await codesOf([issuedSince.secret])).every(([code]) => code === "NOT_FOUND"), {
    timeoutMs: 20_000,
    what: "every verifier to follow the restored installation",
  });
  // All of them had a lease of the restored one by then, which ends what was remembered at once.
  expect(performance.now() - started).toBeLessThan(TERM_MS);
  expect(await codesOf([secret])).toEqual(Array(VERIFIERS).fill(["VALID"]));

  const node = api(restored[0]?.url ?? "", cluster.node(0).managementKey);
  const answer = await node.post<{ effective: never }>(`/v1/keys/${id}/revoke`, { reason: "leaked" });
  expect(cluster.effectiveOf(answer, secret)).toMatchObject({ everywhere: true, verifiers: VERIFIERS });
  const issued = await issueKey(node, cluster.account.id);
  expect(await codesOf([issued.secret])).toEqual(Array(VERIFIERS).fill(["VALID"]));
  await cluster.judge();
}, 180_000);
