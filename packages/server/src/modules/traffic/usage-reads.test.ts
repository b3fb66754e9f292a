/** What is asked about usage: counts, single verifications, a key's page, endpoints; and who sees what. */
import {
  api,
  issueKey,
  issueManagementKey,
  type MadeAccount,
  type MadeKey,
  makeAccount,
  openPlatform,
  type Platform,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountReach, PLATFORM, type Reach } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { DAY_MS, HOUR_MS } from "./bounds.ts";
import { inspectKey } from "./inspect-key.ts";
import { listEvents } from "./list-events.ts";
import { postgresEvents } from "./queries/events.ts";
import { selectOutcomes } from "./queries/key-usage.ts";
import { selectSummary } from "./queries/summaries.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
let other: MadeAccount;
let [mine, theirs]: MadeKey[] = [];
const now = systemClock.wall();
const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
const today = Math.floor(now / DAY_MS) * DAY_MS;
const iso = (at: number): string => new Date(at).toISOString();

beforeAll(async () => {
  platform = await openPlatform();
  other = await makeAccount(platform.root);
  mine = await issueKey(platform.root, platform.account.id);
  theirs = await issueKey(platform.root, other.id);
  const earlier = now - 2 * HOUR_MS;
  const { write } = testWriter(platform.app.database.database);
  const own = (change: Parameters<typeof testCell>[1]) =>
    testCell(mine?.id ?? "", { firstAt: now, lastAt: now, ...change });
  const cells = [
    own({ requests: 5, cost: 10, ip: "193.0.6.139", agent: "curl/8", service: "api", statuses: [4, 0, 1, 0] }),
    own({ requests: 2, cost: 2, code: "EXPIRED", firstAt: earlier, lastAt: earlier }),
    own({ requests: 1, code: "RATE_LIMITED", route: null, path: "/hidden/{id}", browser: true, method: "POST" }),
    testCell(theirs?.id ?? "", { requests: 7, firstAt: now, lastAt: now, ip: "203.0.113.1" }),
  ];
  const detail = { at: now, cost: 2, requestId: "req-1", status: 200, durationMs: 12.5 };
  await write(null, testBatch(cells, { details: [{ cell: 0, ...detail }] }));
});
afterAll(() => platform.app.stop());

const ask = async <T = Record<string, unknown>>(path: string): Promise<T> => {
  const answer = await platform.root.get<T>(path);
  expect(answer.status, answer.text).toBe(200);
  return answer.body as T;
};
interface Points {
  readonly data: {
    at: string;
    group: string | null;
    requests: number;
    accepted: number;
    refused: number;
    cost: number;
  }[];
}
const summed = ({ data }: Points) => data.map(({ at: _, ...rest }) => rest);

describe("counts", () => {
  test("are told by hour, day and month, of all, an account, a key, a route, a code", async () => {
    const hours = await ask<Points>(`/v1/usage?step=hour&key=${mine?.id}`);
    expect(hours.data).toEqual([
      { at: iso(hour - 2 * HOUR_MS), group: null, requests: 2, accepted: 0, refused: 2, cost: 2 },
      { at: iso(hour), group: null, requests: 6, accepted: 5, refused: 1, cost: 11 },
    ]);
    const month = await ask<Points>(
      `/v1/usage?step=month&account=${platform.account.externalId}&from=${iso(today - 3 * DAY_MS)}`,
    );
    expect(month.data.reduce((sum, { requests }) => sum + requests, 0)).toBe(8);
    const all = await ask<Points>(`/v1/usage?from=${iso(today - DAY_MS)}`);
    expect(all.data.reduce((sum, { requests }) => sum + requests, 0)).toBe(15);
    const expired = await ask<Points>("/v1/usage?code=EXPIRED");
    expect(expired.data.reduce((sum, { refused }) => sum + refused, 0)).toBe(2);
    const route = await ask<Points>("/v1/usage?route=%2Fhidden%2F%7Bid%7D&step=hour");
    expect(summed(route)).toEqual([{ group: null, requests: 1, accepted: 0, refused: 1, cost: 1 }]);
  });

  test("are told by group, the largest by name and the others added up", async () => {
    const codes = await ask<Points>(
      `/v1/usage?step=month&by=code&key=${mine?.id}&from=${iso(today)}&to=${iso(today + 1)}`,
    );
    const groups = codes.data.map(({ group }) => group);
    expect(groups).toContain("VALID");
    const [first, rest] = (await ask<Points>(`/v1/usage?step=hour&by=key&top=1&from=${iso(hour)}`)).data;
    expect(first).toMatchObject({ group: theirs?.id, requests: 7 });
    expect(rest).toMatchObject({ group: "*", requests: 6 });
  });

  test("of a period without sense, too long, or of nobody are refused", async () => {
    const refused = async (query: string) => (await platform.root.get(`/v1/usage?${query}`)).body;
    expect(await refused(`from=${iso(today)}&to=${iso(today - DAY_MS)}`)).toMatchObject({ status: 400 });
    expect(await refused(`step=hour&from=${iso(today - 100 * DAY_MS)}`)).toMatchObject({ errors: [{ path: "from" }] });
    expect(await refused("account=ext:nobody")).toMatchObject({ code: "NOT_FOUND" });
    expect(await refused("step=minute")).toMatchObject({ errors: [{ path: "step" }] });
  });
});

interface Events {
  readonly data: Record<string, unknown>[];
  readonly nextCursor: string | null;
}

describe("single verifications", () => {
  test("are told newest first, with all that is known of them, and what they stand for", async () => {
    const { data } = await ask<Events>(`/v1/usage/events?key=${mine?.id}`);
    expect(data).toHaveLength(3);
    const told = data.find(({ code }) => code === "VALID");
    expect(told).toMatchObject({
      ...{ at: iso(now), key: mine?.id, version: 1, account: platform.account.id, environment: "live" },
      ...{ method: "GET", route: "/contacts", mapped: true, status: 200, durationMs: 12.5, ip: "193.0.6.139" },
      ...{ network: "193.0.6.0/24", country: "NL", agent: "curl", browser: false, service: "api" },
      ...{ requestId: "req-1", cost: 10, rate: 0.2 },
    });
    expect(data.at(-1)).toMatchObject({ code: "EXPIRED", rate: 0.5 });
    expect(told).not.toHaveProperty("id");
  });

  test("are filtered by account, code and time, and paged by cursor, also over days", async () => {
    const account = await ask<Events>(`/v1/usage/events?account=${platform.account.id}`);
    expect(account.data).toHaveLength(3);
    expect((await ask<Events>("/v1/usage/events?account=ext:nobody")).data).toEqual([]);
    expect((await ask<Events>("/v1/usage/events?code=EXPIRED")).data).toHaveLength(1);
    expect((await ask<Events>(`/v1/usage/events?to=${iso(now - HOUR_MS)}`)).data).toHaveLength(1);
    const keys: MadeKey[] = [];
    for (let n = 0; n < 6; n += 1) keys.push(await issueKey(platform.root, other.id));
    const cells = keys.flatMap(({ id }, n) =>
      [0, 7, 20].map((hours) => {
        const at = now - hours * HOUR_MS - n;
        return testCell(id, { firstAt: at, lastAt: at });
      }),
    );
    await testWriter(platform.app.database.database).write(null, testBatch(cells));
    const read: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const page: Events = await ask<Events>(`/v1/usage/events?account=${other.id}&limit=4${more}`);
      read.push(...page.data.map(({ at, key }) => `${at} ${key}`));
      cursor = page.nextCursor;
    }
    expect(read).toHaveLength(19);
    expect(new Set(read).size).toBe(19);
    expect(read.map((line) => line.split(" ")[0])).toEqual(
      read
        .map((line) => line.split(" ")[0])
        .toSorted()
        .toReversed(),
    );
  });
});

test("of an account with very many keys single verifications are found hour by hour, and are the same", async () => {
  const period = { from: new Date(today - 10 * DAY_MS), to: new Date(now + 1) };
  const base = { ...period, account: other.id, codes: null, before: null, limit: 200 };
  const { database } = platform.app.database;
  await database.transaction(PLATFORM, async (tx) => {
    const whole = await listEvents(postgresEvents, tx, { ...base, keys: null });
    expect(whole.length).toBeGreaterThan(10);
    expect(new Set(whole.map(({ account }) => account))).toEqual(new Set([other.id]));
    const named = await listEvents(postgresEvents, tx, { ...base, keys: [...new Set(whole.map(({ key }) => key))] });
    expect(whole).toEqual(named);
    // Where more keys than these were in use in an hour, its events are looked through by time.
    expect(await listEvents(postgresEvents, tx, { ...base, keys: null }, 1)).toEqual(named);
    for (let at = 0; at < whole.length; at += 4) {
      const last = at === 0 ? null : (whole[at - 1] ?? null);
      const page = await listEvents(
        postgresEvents,
        tx,
        { ...base, keys: null, before: last, limit: 4 },
        at % 8 === 0 ? 1 : 500,
      );
      expect(page).toEqual(whole.slice(at, at + 4));
    }
    const refused = { ...base, keys: null, codes: ["EXPIRED"] };
    expect(await listEvents(postgresEvents, tx, refused)).toEqual([]);
    expect(await listEvents(postgresEvents, tx, { ...refused, account: platform.account.id })).toMatchObject([
      { code: "EXPIRED" },
    ]);
  });
});

test("a key's page: versions, refusals by reason, sources, browser, routes", async () => {
  const page = await ask(`/v1/keys/${mine?.id}/usage`);
  const earlier = iso(now - 2 * HOUR_MS);
  const seen = { firstSeen: iso(now), lastSeen: iso(now), accepted: 5, refused: 0 };
  expect(page).toMatchObject({
    key: mine?.id,
    versions: [
      {
        ...{ version: 1, firstUsedAt: iso(now), lastUsedAt: iso(now), accepted: 5, refused: 3 },
        ...{ lastRefusedAt: iso(now), lastRefusedCode: "RATE_LIMITED" },
      },
    ],
    refusals: [
      { code: "RATE_LIMITED", requests: 1, firstAt: iso(now), lastAt: iso(now) },
      { code: "EXPIRED", requests: 2, firstAt: earlier, lastAt: earlier },
    ],
    sources: {
      networks: [{ value: "193.0.6.0/24", ...seen }],
      countries: [{ value: "NL", ...seen }],
      agents: [{ value: "curl", ...seen }],
      services: [{ value: "api", ...seen }],
    },
    browser: { firstSeen: iso(now), lastSeen: iso(now), accepted: 0, refused: 1 },
  });
  expect(page.routes).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ method: "POST", route: "/hidden/{id}", mapped: false, accepted: 0, refused: 1 }),
    ]),
  );
  const unused = await issueKey(platform.root, platform.account.id);
  expect(await ask(`/v1/keys/${unused.id}/usage`)).toMatchObject({
    versions: [],
    refusals: [],
    browser: null,
    routes: [],
  });
  expect((await platform.root.get("/v1/keys/key_01K0000000000000000000000A/usage")).status).toBe(404);
});

test("in the reach of an account there is nothing of any other: counts, events, sources", async () => {
  const { database } = platform.app.database;
  const period = { from: new Date(today - 2 * DAY_MS), to: new Date(today + DAY_MS) };
  const filter = { account: null, key: null, environment: null, route: null, code: null };
  const seenIn = (reach: Reach, key: string) =>
    database.transaction(reach, async (tx) => {
      const summary = await selectSummary(tx, { ...period, ...filter, step: "day", by: "account", top: 50 });
      const events = await postgresEvents.read(tx, {
        ...period,
        account: null,
        keys: null,
        codes: null,
        before: null,
        limit: 200,
      });
      const page = await inspectKey(tx, key, await selectOutcomes(tx, key), now);
      return {
        accounts: new Set([...summary.map(({ group }) => group), ...events.map(({ account }) => account)]),
        known: page.versions.length + page.sources.networks.length + page.routes.length,
      };
    });
  const whole = await seenIn(PLATFORM, theirs?.id ?? "");
  expect(whole.accounts).toEqual(new Set([platform.account.id, other.id]));
  expect(whole.known).toBeGreaterThan(0);
  const own = await seenIn(accountReach(platform.account.id), theirs?.id ?? "");
  expect(own).toEqual({ accounts: new Set([platform.account.id]), known: 0 });
});

test("only who holds the scope for it sees usage", async () => {
  const paths = [
    "/v1/usage",
    "/v1/usage/events",
    "/v1/usage/strangers",
    `/v1/keys/${mine?.id}/usage`,
    "/v1/endpoints",
    "/v1/endpoints/uncalled",
  ];
  const [holding, lacking] = [
    await issueManagementKey(platform.root, ["claviger:usage:read"]),
    await issueManagementKey(platform.root, ["claviger:keys:read", "claviger:audit:read"]),
  ];
  for (const path of paths) {
    expect((await api(platform.url, holding.secret).get(path)).status, path).toBe(200);
    expect((await api(platform.url, lacking.secret).get(path)).status, path).toBe(403);
    expect((await api(platform.url, mine?.secret ?? "").get(path)).status, path).toBe(401);
  }
});
