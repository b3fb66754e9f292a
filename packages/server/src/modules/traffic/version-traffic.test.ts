/** What each version of a key is used for lately: exact counts, sources by network, and since when where not all is looked at (D4). */
import { issueKey, openPlatform, type Platform } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM, type Tx } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { DAY_MS, HOUR_MS } from "./bounds.ts";
import { selectRecent } from "./queries/version-traffic.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";
import { versionTraffic, withoutSources } from "./version-traffic.ts";

const NOW = systemClock.wall();
const SINCE = new Date(NOW - DAY_MS);
const LAST_HOUR = new Date(NOW - HOUR_MS);

let platform: Platform;
let key: string;
beforeAll(async () => {
  platform = await openPlatform();
  key = (await issueKey(platform.root, platform.account.id)).id;
  const cell = (ago: number, change: Parameters<typeof testCell>[1]) =>
    testCell(key, { firstAt: NOW - ago, lastAt: NOW - ago, ...change });
  const cells = [
    cell(10, { requests: 3, ip: "203.0.113.7", agent: "curl/8" }),
    cell(20, { requests: 2, ip: "203.0.113.9", agent: "curl/8" }),
    cell(2 * HOUR_MS, { requests: 1, ip: "198.51.100.1", agent: "curl/8" }),
    cell(3 * HOUR_MS, { requests: 4, ip: "192.0.2.1", code: "EXPIRED" }),
  ];
  await testWriter(platform.app.database.database).write(null, testBatch(cells));
});
afterAll(() => platform.app.stop());

const read = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  platform.app.database.database.transaction(PLATFORM, work);

test("all of it is counted, and addresses of one network are one source, the most used first", async () => {
  const traffic = await read((tx) => versionTraffic(tx, key, new Date(NOW)));
  expect(traffic).toMatchObject({
    since: SINCE,
    versions: [{ version: 1, accepted1h: 5, accepted24h: 6, refused24h: 4 }],
  });
  expect(traffic.versions[0]?.lastUsedAt).toEqual(new Date(NOW - 10));
  expect(traffic.versions[0]?.sources).toMatchObject([
    { network: "203.0.113.0/24", requests: 5, lastAt: new Date(NOW - 10) },
    { network: "198.51.100.0/24", requests: 1 },
  ]);
  const [{ sources, ...counts } = { sources: [] }] = traffic.versions;
  expect(withoutSources(traffic).versions).toEqual([{ ...counts, sources: null }]);
  expect(sources).toHaveLength(2);
});

test("where not all is looked at, it is the latest, and the answer says from when", async () => {
  const all = await read((tx) => selectRecent(tx, key, SINCE, LAST_HOUR));
  expect(all.cutAt).toBeNull();
  const some = await read((tx) => selectRecent(tx, key, SINCE, LAST_HOUR, 2));
  expect(some.cutAt).toEqual(new Date(NOW - 20));
  expect(some.rows.map(({ ip }) => ip).toSorted()).toEqual(["203.0.113.7", "203.0.113.9"]);
});
