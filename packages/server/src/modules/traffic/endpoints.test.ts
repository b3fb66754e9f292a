/** API discovery (F5): what is called, which scope opens it today, who calls it, and what nobody calls. */
import {
  issueKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  openPlatform,
  type Platform,
  succeeded,
} from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Clock, systemClock } from "../../kernel/clock.ts";
import { DAY_MS } from "./bounds.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
let other: MadeAccount;
let [mine, second, theirs]: MadeKey[] = [];
const now = systemClock.wall();
const iso = (at: number): string => new Date(at).toISOString();
const longAgo = now - 40 * DAY_MS;

const scope = async (name: string, routes: object[]): Promise<void> => {
  succeeded(await platform.root.put(`/v1/scopes/${name}`, { description: name, tier: "read", routes }));
};

beforeAll(async () => {
  platform = await openPlatform();
  const { database } = platform.app.database;
  mine = await issueKey(platform.root, platform.account.id);
  second = await issueKey(platform.root, platform.account.id);
  other = await makeAccount(platform.root);
  theirs = await issueKey(platform.root, other.id);
  await scope("tasks:read", [
    { method: "GET", path: "/tasks/{task}" },
    { method: "GET", path: "/tasks" },
    { method: "POST", path: "/tasks" },
  ]);
  await scope("tasks:admin", [
    { method: "*", path: "/tasks/{task}" },
    { method: "*", path: "/files/{path*}" },
    { method: "DELETE", path: "/tasks" },
  ]);
  const call = (key: MadeKey | undefined, method: string | null, route: string | null, change = {}) =>
    testCell(key?.id ?? "", { ...{ method, route, firstAt: now, lastAt: now }, ...change });
  const cells = [
    call(mine, "HEAD", "/tasks/{task}", { requests: 3 }),
    call(mine, "PUT", "/tasks/{task}", { requests: 2, code: "INSUFFICIENT_SCOPE" }),
    call(second, "PUT", "/tasks/{task}", { requests: 4 }),
    call(theirs, "PUT", "/tasks/{task}", { requests: 5 }),
    call(mine, "GET", null, { path: "/hidden/{id}", code: "ROUTE_NOT_MAPPED" }),
    call(mine, "POST", null, { path: "/hidden/{id}", code: "ROUTE_NOT_MAPPED" }),
    call(mine, null, null, { path: "/silent", code: "ROUTE_NOT_MAPPED" }),
  ];
  await testWriter(database).write(null, testBatch(cells));
  const before = call(theirs, "GET", "/tasks", { firstAt: longAgo, lastAt: longAgo });
  const then: Clock = { ...systemClock, wall: () => longAgo };
  await testWriter(database, { clock: then }).write(null, testBatch([before]));
});
afterAll(() => platform.app.stop());

interface Rows {
  readonly data: { method: string | null; template: string; scope: string | null; lastSeen: string | null }[];
  readonly nextCursor: string | null;
}
const ask = async <T = Rows>(path: string): Promise<T> => succeeded(await platform.root.get<T>(path)).body;
const told = ({ data }: Rows) => data.map(({ method, template, scope: opens }) => `${method} ${template} ${opens}`);

const HIDDEN = ["GET /hidden/{id} null", "POST /hidden/{id} null"];

test("what is called is told with the scope that opens it; filters by scope, by none, by time", async () => {
  expect(await ask("/v1/endpoints?mapped=false&limit=1")).toMatchObject({
    data: [
      {
        ...{ environment: "live", template: "/hidden/{id}", mapped: false, scope: null, method: "GET" },
        ...{ accepted: 0, refused: 1, firstSeen: iso(now), lastSeen: iso(now) },
      },
    ],
    nextCursor: expect.any(String),
  });
  expect(told(await ask("/v1/endpoints?mapped=false"))).toEqual([...HIDDEN, "null /silent null"]);
  const mapped = ["GET /tasks tasks:read", "HEAD /tasks/{task} tasks:read", "PUT /tasks/{task} tasks:admin"];
  expect(told(await ask("/v1/endpoints?mapped=true"))).toEqual(mapped);
  expect(told(await ask("/v1/endpoints?mapped=true&days=30"))).toEqual(mapped.slice(1));
  expect(told(await ask("/v1/endpoints?scope=tasks%3Aadmin"))).toEqual(mapped.slice(2));
  expect((await ask("/v1/endpoints?environment=test")).data).toEqual([]);
});

test("which keys and which accounts call an endpoint is told, the most calling first, with what was refused to them", async () => {
  const found = await ask<object>("/v1/endpoints/callers?environment=live&template=%2Ftasks%2F%7Btask%7D&method=PUT");
  const lastDay = iso(Math.floor(now / DAY_MS) * DAY_MS);
  expect(found).toEqual({
    ...{ keys: 3, accounts: 2 },
    callers: [
      { key: theirs?.id, account: other.id, accepted: 5, refused: 0, lastDay },
      { key: second?.id, account: platform.account.id, accepted: 4, refused: 0, lastDay },
      { key: mine?.id, account: platform.account.id, accepted: 0, refused: 2, lastDay },
    ],
    callingAccounts: [
      { account: platform.account.id, keys: 2, accepted: 4, refused: 2, lastDay },
      { account: other.id, keys: 1, accepted: 5, refused: 0, lastDay },
    ],
  });
  const list = "/v1/endpoints/callers?environment=live&template=%2Ftasks&method=GET";
  expect(await ask<object>(list)).toMatchObject({ keys: 0, accounts: 0, callers: [], callingAccounts: [] });
  expect(await ask<object>(`${list}&days=60`)).toMatchObject({ keys: 1, accounts: 1 });
});

test("routes of scopes that nobody calls are told, those never called and those not called for so many days", async () => {
  // The platform of the tests has routes of its own, which nobody calls here.
  const uncalled = async (query: string) =>
    (await ask(`/v1/endpoints/uncalled?${query}`)).data.filter(({ scope: name }) => name?.startsWith("tasks:"));
  const never = { lastSeen: null, accepted: 0, refused: 0 };
  const found = await uncalled("days=30");
  expect(found).toEqual([
    { method: "*", template: "/files/{path*}", scope: "tasks:admin", ...never },
    { method: "DELETE", template: "/tasks", scope: "tasks:admin", ...never },
    { method: "GET", template: "/tasks", scope: "tasks:read", lastSeen: iso(longAgo), accepted: 1, refused: 0 },
    { method: "POST", template: "/tasks", scope: "tasks:read", ...never },
  ]);
  expect(await uncalled("days=60")).toEqual(found.filter(({ lastSeen }) => lastSeen === null));
  expect(await uncalled("scope=tasks%3Aread&days=60")).toHaveLength(1);
  expect(await uncalled("environment=test")).toHaveLength(6);
});

test("an endpoint that a scope names from now on is mapped at once, and counts as called", async () => {
  await scope("hidden:read", [{ method: "GET", path: "/hidden/{name}" }]);
  expect(told(await ask("/v1/endpoints?mapped=false"))).toEqual([HIDDEN[1], "null /silent null"]);
  expect(told(await ask("/v1/endpoints?scope=hidden%3Aread"))).toEqual(["GET /hidden/{id} hidden:read"]);
  const uncalled = await ask("/v1/endpoints/uncalled");
  expect(uncalled.data.map(({ template }) => template)).not.toContain("/hidden/{name}");
  await scope("hidden:read", []);
  expect(told(await ask("/v1/endpoints?mapped=false"))).toEqual([...HIDDEN, "null /silent null"]);
});

/** A list to its end, by pages of `limit`, each of which must bring something. */
async function follow(path: string, limit: number): Promise<Rows["data"]> {
  const rows: Rows["data"] = [];
  let cursor: string | null = null;
  do {
    const page: Rows = await ask(`${path}&limit=${limit}${cursor === null ? "" : `&cursor=${cursor}`}`);
    expect(page.data.length).toBeGreaterThan(0);
    rows.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}

test("both lists can be followed to their end, with templates as long as the contract lets them be", async () => {
  const longest = ["a", "b", "c"].map((letter) => `/long/${letter.repeat(494)}`);
  expect(longest.map((path) => path.length)).toEqual([500, 500, 500]);
  const routes = longest.flatMap((path) => ["GET", "POST"].map((method) => ({ method, path })));
  await scope("long:read", routes);
  const all = routes.map(({ method, path }) => `${method} ${path} long:read`).toSorted();
  const uncalled = await follow("/v1/endpoints/uncalled?scope=long%3Aread", 1);
  expect(told({ data: uncalled, nextCursor: null }).toSorted()).toEqual(all);
  const cells = routes.map(({ method, path: route }) =>
    testCell(mine?.id ?? "", { method, route, firstAt: now, lastAt: now }),
  );
  await testWriter(platform.app.database.database).write(null, testBatch(cells));
  for (const limit of [1, 2, 5]) {
    const data = await follow("/v1/endpoints?scope=long%3Aread", limit);
    expect(told({ data, nextCursor: null }).toSorted(), String(limit)).toEqual(all);
  }
  const whole = await ask("/v1/endpoints?limit=200");
  expect(whole.nextCursor).toBeNull();
  expect(await follow("/v1/endpoints?days=3650", 2)).toEqual(whole.data);
  await scope("long:read", []);
});
