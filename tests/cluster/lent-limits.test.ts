/**
 * Limits that verifiers spend in their own processes, with nodes that spend of them as well (C6): whatever is killed, frozen or
 * cut off meanwhile, no more is let through than the amount.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type FaultyProxy,
  fullestWindow,
  issueKey,
  makeAccount,
  proxyTo,
  type RedisServer,
  redisServer,
  type Spent,
  succeeded,
  type TestDatabase,
  testDatabase,
  uniqueSuffix,
  verifierProcess,
  waitFor,
} from "@claviger/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { client } from "../support/client.ts";
import { VerifierCluster } from "../support/verifier-cluster.ts";

const TERM_MS = 1_500;
const AMOUNTS = { second: 60, hour: 4_000, lifetime: 3_000, account: 2_500 };
/** What a decision may take from the beginning of its verification, where memory alone answers. */
const SLACK_MS = 20;

let database: TestDatabase;
let redis: RedisServer | null;
let cluster: VerifierCluster;
let proxies: FaultyProxy[];
let folder: string;

beforeEach(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), "claviger-accepted-"));
  redis = null;
  proxies = [];
});
afterEach(async () => {
  await cluster.stop();
  for (const proxy of proxies) await proxy.close();
  await redis?.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

async function begin(env: Readonly<Record<string, string>>): Promise<void> {
  cluster = new VerifierCluster({ database, termMs: TERM_MS, nodes: 2, env });
  await cluster.start();
  for (const { url } of cluster.nodes) {
    proxies.push(await proxyTo({ host: "127.0.0.1", port: Number(new URL(url).port) }));
  }
}

interface Keys {
  readonly second: string;
  readonly hour: string;
  readonly lifetime: string;
  /** Two of one account, whose plan they share. */
  readonly account: readonly [string, string];
}

async function makeKeys(): Promise<Keys> {
  const api = cluster.on(0);
  const plan = `plan-${uniqueSuffix()}`;
  const shared = [{ name: "all", amount: AMOUNTS.account, per: "hour", shared: "account" }];
  succeeded(await api.put(`/v1/plans/${plan}`, { limits: shared }));
  const other = await makeAccount(api);
  succeeded(await api.patch(`/v1/accounts/${other.id}`, { plan }));
  const of = async (per: "second" | "hour" | "lifetime"): Promise<string> => {
    const limits = [{ name: per, amount: AMOUNTS[per], per }];
    return (await issueKey(api, cluster.account.id, { limits })).secret;
  };
  const ofPlan = async (): Promise<string> => (await issueKey(api, other.id)).secret;
  return {
    ...{ second: await of("second"), hour: await of("hour"), lifetime: await of("lifetime") },
    account: [await ofPlan(), await ofPlan()],
  };
}

let files = 0;

/** A program that verifies all of them again and again, and writes down what was accepted. */
async function addVerifier(keys: Keys, first: number): Promise<void> {
  files += 1;
  const urls = proxies.map(({ connection }) => `http://127.0.0.1:${connection.port}`);
  const verifier = await verifierProcess({
    options: {
      ...{ url: [...urls.slice(first), ...urls.slice(0, first)], credential: cluster.verifyCredential },
      ...{ environment: "live", mode: "local", termMs: TERM_MS, startTimeoutMs: 60_000 },
    },
    acceptedFile: join(folder, `${files}`),
  });
  cluster.verifiers.push(verifier);
  await verifier.ask({ do: "add", keys: Object.values(keys).flat() });
}

interface Accepted extends Spent {
  readonly atOnce: boolean;
}

/** Of one key, by all verifiers. */
async function accepted(...secrets: readonly string[]): Promise<Accepted[]> {
  const logs = await Promise.all(
    Array.from({ length: files }, (_, index) => readFile(join(folder, `${index + 1}`), "utf8").catch(() => "")),
  );
  return logs
    .flatMap((log) => log.split("\n"))
    .flatMap((line) => {
      const [at, atOnce, key = ""] = line.split(" ");
      return secrets.includes(key) ? [{ at: Number(at), units: 1, atOnce: atOnce === "1" }] : [];
    });
}

/** Spends by a node, as a program without a verifier does; returns how many were accepted. */
async function spendByNode(index: number, secret: string, times: number): Promise<number> {
  const api = client(cluster.node(index).url, cluster.verifyCredential);
  const checks = Array.from({ length: times }, () => ({ key: secret, environment: "live" }));
  const { status, body } = await api.post<{ results: readonly { valid: boolean }[] }>("/v1/verify/batch", { checks });
  return status === 200 ? body.results.filter(({ valid }) => valid).length : 0;
}

describe.each([["PostgreSQL"], ["Redis"]])("divided in %s", (store) => {
  test("limits hold while verifiers and a node are killed, frozen and cut off", async () => {
    files = 0;
    redis = store === "Redis" ? await redisServer() : null;
    await begin(redis === null ? {} : { REDIS_URL: redis.url });
    const keys = await makeKeys();
    for (const first of [0, 1, 0]) await addVerifier(keys, first);
    let byNodes = 0;
    const goOn = async (): Promise<void> => {
      const before = (await accepted(keys.second)).length;
      byNodes += await spendByNode(0, keys.lifetime, 20);
      await waitFor(async () => (await accepted(keys.second)).length >= before + 80, {
        ...{ timeoutMs: 30_000, everyMs: 50, what: "requests to be accepted" },
      });
    };
    await goOn();
    await cluster.verifiers.shift()?.end();
    await goOn();
    await addVerifier(keys, 1);
    const [frozen] = cluster.verifiers;
    frozen?.signal("SIGSTOP");
    await goOn();
    await goOn();
    frozen?.signal("SIGCONT");
    proxies[0]?.cut();
    await goOn();
    proxies[0]?.heal();
    await cluster.node(1).kill9();
    await goOn();
    if (redis !== null) await redis.restart();
    await goOn();
    const lifetime = await accepted(keys.lifetime);
    expect(lifetime.length + byNodes).toBeLessThanOrEqual(AMOUNTS.lifetime);
    expect((await accepted(keys.hour)).length).toBeLessThanOrEqual(AMOUNTS.hour);
    expect((await accepted(...keys.account)).length).toBeLessThanOrEqual(AMOUNTS.account);
    const inSecond = (await accepted(keys.second)).filter(({ atOnce }) => atOnce);
    expect(fullestWindow(inSecond, 1_000 - SLACK_MS)).toBeLessThanOrEqual(AMOUNTS.second);
    // What was nearly used up, and spent from memory, shows that the limits were there to be exceeded.
    expect(lifetime.length).toBeGreaterThan(AMOUNTS.lifetime / 2);
    expect((await accepted(...keys.account)).length).toBeGreaterThan(AMOUNTS.account / 2);
    expect(inSecond.length).toBeGreaterThan(300);
  }, 180_000);
});
