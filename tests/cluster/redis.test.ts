/** Nodes as processes that divide limits in a real Redis: shared, killed, restarted, with password and TLS (C6, J6). */
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  issueKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  makeScopes,
  type RedisServer,
  redisServer,
  type Service,
  startService,
  succeeded,
  type TestDatabase,
  testCertificate,
  testDatabase,
  uniqueSuffix,
  waitFor,
} from "@claviger/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { client, type Verdict } from "../support/client.ts";

const TERM_MS = 1_000;
const PASSWORD = "a-password/that:nobody@may%see";

let database: TestDatabase;
let redis: RedisServer;
let services: Service[];
beforeEach(async () => {
  database = await testDatabase();
  services = [];
});
afterEach(async () => {
  for (const service of services) await service.stop();
  await redis.stop();
  await database.drop();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<Service> {
  const common = { CLAVIGER_LEASE_MS: String(TERM_MS), REDIS_URL: redis.url, CLAVIGER_LOG_LEVEL: "debug" };
  const service = await startService({ database, env: { ...common, ...env } });
  services.push(service);
  return service;
}

const root = (service: Service = services[0] as Service) => client(service.url, services[0]?.managementKey ?? "");

async function metric(service: Service, name: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return Number(line?.split(" ").at(-1));
}

const dividesInRedis = (service: Service): Promise<boolean> =>
  waitFor(
    async () =>
      (await metric(service, "claviger_limit_store_redis")) === 1 &&
      (await metric(service, "claviger_limit_store_settled")) === 1,
    { timeoutMs: 20_000, what: "limits to be divided in Redis" },
  );

async function newAccount(): Promise<MadeAccount> {
  await makeScopes(root());
  return makeAccount(root());
}

const verify = async (service: Service, { secret }: MadeKey): Promise<Verdict["code"]> =>
  (await root(service).post<Verdict>("/v1/verify", { key: secret, environment: "live" })).body.code;

/** So many requests at once, on each in turn; how many were let through. */
async function spend(some: readonly Service[], keys: readonly MadeKey[], count: number): Promise<number> {
  const asked = Array.from({ length: count }, (_, index) => {
    const [service, key] = [some[index % some.length], keys[index % keys.length]];
    return service === undefined || key === undefined ? Promise.resolve("NOT_FOUND") : verify(service, key);
  });
  return (await Promise.all(asked)).filter((code) => code === "VALID").length;
}

describe("two nodes with one Redis", () => {
  test("never let more through together: of a key, or of a plan for an account; nor after kill -9 of either", async () => {
    redis = await redisServer({ password: PASSWORD });
    const [one, two] = [await start(), await start()];
    await dividesInRedis(one);
    await dividesInRedis(two);
    const account = await newAccount();
    const plan = `plan-${uniqueSuffix()}`;
    const limits = [{ name: "all", amount: 50, per: "hour", shared: "account" }];
    succeeded(await root().put(`/v1/plans/${plan}`, { limits }));
    succeeded(await root().patch(`/v1/accounts/${account.id}`, { plan }));
    const own = [{ name: "own", amount: 30, per: "hour" }];
    const first = await issueKey(root(), account.id, { tier: "read", limits: own });
    const second = await issueKey(root(), account.id, { tier: "read" });
    let total = 0;
    const mostOf = async (keys: readonly MadeKey[], goal: number): Promise<void> => {
      const before = total;
      await waitFor(
        async () => {
          total += await spend([one, two], keys, 20);
          return total >= before + goal;
        },
        { timeoutMs: 20_000, everyMs: 100, what: `${goal} requests to be accepted` },
      );
    };
    await mostOf([first], 30);
    expect(total).toBe(30);
    await redis.restart();
    await mostOf([second], 20);
    expect(total).toBe(50);
    await one.kill9();
    const third = await start();
    for (let round = 0; round < 10; round += 1) {
      expect(await spend([two, third], [second, first], 20)).toBe(0);
    }
    expect(await metric(two, "claviger_limit_records_lost_total")).toBeLessThanOrEqual(1);
    for (const service of services) {
      expect(service.output()).not.toContain(PASSWORD);
      expect(service.output()).not.toContain(encodeURIComponent(PASSWORD));
    }
  }, 120_000);

  test("tell of an outage, refuse beyond what they hold, and go on by themselves", async () => {
    redis = await redisServer({ password: PASSWORD });
    const one = await start();
    await dividesInRedis(one);
    const account = await newAccount();
    const key = await issueKey(root(), account.id, {
      tier: "read",
      limits: [{ name: "x", amount: 1_000, per: "hour" }],
    });
    expect(await verify(one, key)).toBe("VALID");
    await redis.kill9();
    const fresh = await issueKey(root(), account.id, { tier: "read", limits: [{ name: "x", amount: 5, per: "hour" }] });
    expect(await verify(one, fresh)).toBe("UNAVAILABLE");
    expect(await verify(one, key)).toBe("VALID");
    await waitFor(async () => (await metric(one, "claviger_limit_redis_silent_parts")) === 1);
    expect(await metric(one, 'claviger_limit_store_errors_total{of="shares"}')).toBeGreaterThan(0);
    expect((await fetch(`${one.url}/readyz`)).status).toBe(200);
    await redis.restart();
    await waitFor(async () => (await verify(one, fresh)) === "VALID", { timeoutMs: 20_000 });
    expect(one.output()).toContain("Redis, where limits are divided, cannot be reached");
    expect(one.output()).toContain("is reached again");
  }, 60_000);
});

test("a node starts without its Redis, and a wrong password keeps no secret", async () => {
  redis = await redisServer({ password: PASSWORD });
  const url = `redis://:${encodeURIComponent(`${PASSWORD}-wrong`)}@127.0.0.1:${redis.port}`;
  const one = await start({ REDIS_URL: url });
  const account = await newAccount();
  const key = await issueKey(root(), account.id, { tier: "read", limits: [{ name: "x", amount: 2, per: "hour" }] });
  // Never reached: PostgreSQL divides, as before.
  expect([await verify(one, key), await verify(one, key), await verify(one, key)]).toEqual([
    ...["VALID", "VALID", "RATE_LIMITED"],
  ]);
  expect(one.output()).toContain("cannot be reached");
  expect(one.output()).not.toContain(PASSWORD);
  expect(one.output()).not.toContain(encodeURIComponent(PASSWORD));
}, 60_000);

test("rediss:// is TLS, with a certificate that is checked", async () => {
  const tls = testCertificate();
  redis = await redisServer({ tls, password: PASSWORD });
  const file = join(dirname((await start()).dataDir), "ca.pem");
  expect(await metric(services[0] as Service, "claviger_limit_redis_silent_parts")).toBe(1);
  await writeFile(file, tls.certificate);
  const trusting = await start({ NODE_EXTRA_CA_CERTS: file });
  await waitFor(async () => (await metric(trusting, "claviger_limit_redis_silent_parts")) === 0);
}, 60_000);
