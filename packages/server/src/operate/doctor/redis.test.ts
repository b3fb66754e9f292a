import { redisServer } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../config.ts";
import type { Check } from "./check.ts";
import { checkRedis, judgeRedis } from "./redis.ts";

async function check(settings: Readonly<Record<string, string>>): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for await (const each of checkRedis(loadConfig(settings, "/tmp"))) checks.push(each);
  return checks;
}

describe("what the doctor says of Redis", () => {
  test("nothing where none is set", async () => {
    expect(await check({})).toEqual([]);
  });

  test("which server answers, and how quickly", async () => {
    const server = await redisServer({ password: "a-password" });
    const [found] = await check({ REDIS_URL: server.url });
    expect(found).toMatchObject({ name: "redis", status: "ok" });
    expect(found?.detail).toMatch(/^Redis 7\.\d+\.\d+ answers within \d+ ms$/);
    await server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    expect(await check({ REDIS_URL: server.url })).toMatchObject([{ status: "warn" }]);
    const wrong = await check({ REDIS_URL: server.url.replace("a-password", "not-this-one") });
    expect(wrong).toMatchObject([{ status: "fail" }]);
    expect(JSON.stringify(wrong)).not.toContain("not-this-one");
    await server.stop();
    const settings = { REDIS_URL: server.url, CLAVIGER_REDIS_UNAVAILABLE: "postgresql" };
    const [gone] = await check(settings);
    expect(gone).toMatchObject({ status: "fail" });
    expect(gone?.detail).toContain("meanwhile: limits are divided in PostgreSQL");
    expect(gone?.detail).not.toContain("a-password");
  }, 30_000);

  test("that a slow one makes callers wait", () => {
    expect(judgeRedis({ server: "Redis 7.0.0", evicts: "noeviction", answeredMs: 300 })).toMatchObject({
      status: "warn",
      action: expect.stringContaining("nearer"),
    });
  });
});
