/** What is looked at to find callers (K3), also of a key that is used too much to read it all. */
import { issueKey, openPlatform, type Platform, testBatch, testCell, testWriter } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM, type Tx } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { lookAt } from "./look.ts";
import { noteGroups } from "./split.ts";

const HOUR = 3_600_000;
const NOW = systemClock.wall();
const SINCE = new Date(NOW - 6 * HOUR);

let platform: Platform;
let key: string;
beforeAll(async () => {
  platform = await openPlatform();
  key = (await issueKey(platform.root, platform.account.id)).id;
  const cell = (hours: number, change: Parameters<typeof testCell>[1]) =>
    testCell(key, { firstAt: NOW - hours * HOUR, lastAt: NOW - hours * HOUR, ...change });
  await testWriter(platform.app.database.database).write(
    null,
    testBatch([
      cell(1, { requests: 3, ip: "203.0.113.7", agent: "busy", method: "GET", route: "/contacts" }),
      cell(1, { requests: 2, ip: "203.0.113.9", agent: "busy", method: "POST", route: "/contacts" }),
      cell(1, { requests: 5, ip: "203.0.113.9", agent: "refused", code: "EXPIRED" }),
      cell(4, { requests: 1, ip: "198.51.100.1", agent: "monthly" }),
      cell(5, { requests: 1, ip: "2001:db8:1:2::3", agent: "busy" }),
      cell(7, { requests: 1, ip: "192.0.2.1", agent: "gone" }),
    ]),
  );
});
afterAll(() => platform.app.stop());

const read = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
  platform.app.database.database.transaction(PLATFORM, work);

test("what was accepted is told apart by network and agent, with all routes of each; what was refused, and what is older, is not there", async () => {
  const seen = await read((tx) => lookAt(tx, key, SINCE));
  expect(seen.since).toEqual(SINCE);
  expect(seen.groups.toSorted((a, b) => b.requests - a.requests || Number(b.lastAt) - Number(a.lastAt))).toMatchObject([
    { agent: "busy", network: "203.0.113.0/24", requests: 5, routes: [{ method: "GET" }, { method: "POST" }] },
    { agent: "monthly", network: "198.51.100.0/24", requests: 1, lastAt: new Date(NOW - 4 * HOUR) },
    { agent: "busy", network: "2001:db8:1::/48", requests: 1 },
  ]);
});

test("of a key that is used too much, who calls seldom is known from counts", async () => {
  const seen = await read((tx) => lookAt(tx, key, SINCE, 3));
  expect(seen.since).toEqual(new Date(NOW - HOUR));
  expect(seen.groups.map(({ agent, network, requests }) => ({ agent, network, requests }))).toEqual([
    { agent: "busy", network: "203.0.113.0/24", requests: 5 },
    { agent: "monthly", network: null, requests: 1 },
    { agent: null, network: "198.51.100.0/24", requests: 1 },
    { agent: null, network: "2001:db8:1::/48", requests: 1 },
  ]);
  const { callers, unlistedAt } = noteGroups([], seen, new Set());
  expect([callers.length, unlistedAt]).toEqual([4, null]);
});
