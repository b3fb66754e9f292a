import { issueKey, openPlatform, type Platform, tamper } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../kernel/clock.ts";
import { DAY_MS, HOUR_MS } from "./bounds.ts";
import { reconcileUsage } from "./reconcile-usage.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
let key: string;
const now = systemClock.wall();
beforeAll(async () => {
  platform = await openPlatform();
  key = (await issueKey(platform.root, platform.account.id)).id;
  const cells = Array.from({ length: 40 }, (_, n) => {
    const at = now - (n % 20) * HOUR_MS;
    const code = n % 3 === 0 ? "EXPIRED" : "VALID";
    return testCell(key, { code, requests: 1 + n, cost: 2 * n, firstAt: at, lastAt: at, path: `/${n}`, route: null });
  });
  const details = cells.flatMap(({ lastAt }, cell) =>
    Array.from({ length: cell % 4 }, () => ({
      cell,
      at: lastAt,
      cost: 1,
      requestId: null,
      status: 200,
      durationMs: 1,
    })),
  );
  await testWriter(platform.app.database.database).write(null, testBatch(cells, { details }));
});
afterAll(() => platform.app.stop());

const reconcile = () => reconcileUsage(platform.app.database.database, now - 19 * HOUR_MS, now);

test("counts by hour and day, of all keys, what was metered, and raw events by what they stand for agree, sampled or not", async () => {
  const days = Math.floor(now / DAY_MS) - Math.floor((now - 19 * HOUR_MS) / DAY_MS) + 1;
  const months = new Set([now, now - 19 * HOUR_MS].map((at) => new Date(at).getUTCMonth())).size;
  expect(await reconcile()).toEqual({ ok: true, days, daysWithEvents: days, months, requests: 820, differences: [] });
});

test.each([
  ["events", "usage_event", "DELETE FROM usage_event WHERE id = (SELECT min(id) FROM usage_event)"],
  ["days", "usage_day", "UPDATE usage_day SET requests = requests + 1 WHERE code = 'EXPIRED'"],
  ["totals", "usage_total", "DELETE FROM usage_total WHERE code = 'VALID'"],
  ["metering", "metering", "UPDATE metering SET refused = refused - 1, cost = cost + 1"],
])("a difference in %s is found, with whose it is", async (between, table, change) => {
  await tamper(platform.app.database.owner, table, change);
  const found = await reconcile();
  expect(found.ok).toBe(false);
  const those = found.differences.filter((difference) => difference.between === between);
  expect(those.length).toBeGreaterThan(0);
  for (const { of, requests, hourRequests, cost, hourCost } of those) {
    expect(of).toBe(between === "totals" ? "live" : key);
    expect([requests, cost]).not.toEqual([hourRequests, hourCost]);
  }
});
