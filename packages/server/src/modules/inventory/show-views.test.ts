import {
  DAY_MS,
  type Life,
  NOW,
  ORDINARY,
  openViewStage,
  seededRandom,
  type Told,
  type ViewStage,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { BUILT_IN_VIEWS, type BuiltInView, isAccountView } from "./built-in-views.ts";
import { listViews, showView, type ViewPage } from "./show-views.ts";

const VIEWER = { keyId: "key_viewer", scopes: new Set<string>() };
const HOUR_MS = 3_600_000;
const ago = (days: number, ms = 0): number => NOW - days * DAY_MS + ms;
const hoursAgo = (hours: number): number => NOW - hours * HOUR_MS;

const pageOf = (stage: ViewStage, name: string, limit: number, cursor?: string): Promise<ViewPage> =>
  stage.home.database.transaction(PLATFORM, (tx) => showView(tx, VIEWER, name, { limit, cursor }, new Date(NOW)));

/** All rows of a view, page after page; every page says the same total, and no row comes twice. */
async function rowsOf(stage: ViewStage, name: string, limit = 200): Promise<Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  let page: ViewPage | null = null;
  do {
    page = await pageOf(stage, name, limit, page?.nextCursor ?? undefined);
    rows.push(...page.data);
  } while (page.nextCursor !== null);
  expect(new Set(rows.map(({ id }) => id)).size, name).toBe(rows.length);
  expect(page.total, name).toBe(rows.length);
  return rows;
}

/** For each view a key that is just in it, and others that are just outside. */
const EDGES: Readonly<Record<Exclude<BuiltInView, "accounts-over-10-keys">, { in: Life[]; out: Life[] }>> = {
  "unused-30d": idle(30),
  "unused-90d": idle(90),
  "unused-180d": idle(180),
  "never-used": {
    in: [
      { ...ORDINARY, usedAt: [] },
      { ...ORDINARY, usedAt: [], refusedAt: [ago(1)], suspended: true },
    ],
    out: [ORDINARY, { ...ORDINARY, usedAt: [], revokedAt: ago(1) }, { ...ORDINARY, usedAt: [], expiresAt: NOW }],
  },
  dormant: {
    in: [{ ...ORDINARY, createdAt: ago(300), usedAt: [ago(200), ago(90, -1)] }],
    out: [
      { ...ORDINARY, createdAt: ago(300), usedAt: [ago(90)] },
      { ...ORDINARY, createdAt: ago(300), usedAt: [] },
    ],
  },
  "creator-inactive": { in: [{ ...ORDINARY, creator: "gone" }], out: [ORDINARY, { ...ORDINARY, creator: null }] },
  "owner-inactive": {
    in: [{ ...ORDINARY, owned: "gone" }],
    out: [ORDINARY, { ...ORDINARY, owned: false }, { ...ORDINARY, owned: "gone", revokedAt: ago(1) }],
  },
  "no-owner": { in: [{ ...ORDINARY, owned: false }], out: [ORDINARY, { ...ORDINARY, owned: "gone" }] },
  "expiring-30d": {
    in: [
      { ...ORDINARY, expiresAt: NOW + 1 },
      { ...ORDINARY, expiresAt: NOW + 30 * DAY_MS },
    ],
    out: [
      { ...ORDINARY, expiresAt: NOW },
      { ...ORDINARY, expiresAt: NOW + 30 * DAY_MS + 1 },
      { ...ORDINARY, expiresAt: null },
      { ...ORDINARY, expiresAt: NOW + DAY_MS, revokedAt: ago(1) },
    ],
  },
  "rotation-overdue": {
    in: [
      { ...ORDINARY, createdAt: ago(90, -1) },
      // Policies as they are shipped: what could do more harm is replaced sooner.
      { ...ORDINARY, createdAt: ago(60, -1), tier: "write", scopes: [] },
      { ...ORDINARY, createdAt: ago(30, -1), scopes: ["users:*"] },
    ],
    out: [
      { ...ORDINARY, createdAt: ago(90) },
      { ...ORDINARY, createdAt: ago(91), revokedAt: ago(1) },
      { ...ORDINARY, createdAt: ago(60), tier: "write", scopes: [] },
      { ...ORDINARY, createdAt: ago(30), scopes: ["users:*"] },
    ],
  },
  "never-expires": { in: [{ ...ORDINARY, expiresAt: null }], out: [ORDINARY] },
  "dead-but-called": {
    in: [
      { ...ORDINARY, revokedAt: ago(5), refusedAt: [ago(5)] },
      { ...ORDINARY, createdAt: ago(200), expiresAt: ago(100), refusedAt: [ago(30)] },
      // It expired before it was revoked, and was called in between.
      { ...ORDINARY, expiresAt: ago(9), revokedAt: ago(5), refusedAt: [ago(7)] },
    ],
    out: [
      { ...ORDINARY, revokedAt: ago(5), refusedAt: [ago(5, -1)] },
      { ...ORDINARY, createdAt: ago(200), expiresAt: ago(100), refusedAt: [ago(30, -1)] },
      { ...ORDINARY, refusedAt: [ago(1)] },
      { ...ORDINARY, revokedAt: ago(5) },
    ],
  },
  "used-from-browser": {
    in: [{ ...ORDINARY, browser: true }],
    out: [
      { ...ORDINARY, services: ["crm"] },
      { ...ORDINARY, browser: true, revokedAt: ago(1) },
    ],
  },
  "shared-across-services": {
    in: [{ ...ORDINARY, services: ["crm", "cron"] }],
    out: [
      { ...ORDINARY, services: ["crm"] },
      { ...ORDINARY, services: ["crm", "cron"], expiresAt: NOW },
    ],
  },
  "over-10k-24h": {
    in: [
      { ...ORDINARY, bursts: [{ at: NOW, requests: 10_001 }] },
      {
        ...ORDINARY,
        bursts: [
          { at: hoursAgo(23), requests: 9_500 },
          { at: NOW, requests: 501 },
        ],
      },
      { ...ORDINARY, bursts: [{ at: hoursAgo(1), requests: 20_000 }], revokedAt: ago(0, -1) },
    ],
    out: [
      { ...ORDINARY, bursts: [{ at: NOW, requests: 10_000 }] },
      // Before the hour that began less than 24 hours ago.
      { ...ORDINARY, bursts: [{ at: hoursAgo(23.5), requests: 10_001 }] },
    ],
  },
  "test-like-production": {
    in: [{ ...ORDINARY, environment: "test", busyDays: 5 }],
    out: [
      { ...ORDINARY, environment: "test", busyDays: 4 },
      { ...ORDINARY, busyDays: 7 },
      { ...ORDINARY, environment: "test", busyDays: 7, revokedAt: ago(0, -1) },
    ],
  },
  "admin-scope": {
    in: [
      { ...ORDINARY, tier: "admin", scopes: [] },
      { ...ORDINARY, scopes: ["contacts:read", "users:write"] },
      { ...ORDINARY, scopes: ["users:*"] },
    ],
    out: [
      { ...ORDINARY, tier: "write", scopes: ["contacts:*"] },
      { ...ORDINARY, scopes: ["users:write"], revokedAt: ago(1) },
    ],
  },
  "no-scope": { in: [{ ...ORDINARY, tier: "read", scopes: [] }], out: [{ ...ORDINARY, tier: "read" }] },
};

function idle(days: number): { in: Life[]; out: Life[] } {
  const old = { ...ORDINARY, createdAt: ago(400) };
  return {
    in: [
      { ...old, usedAt: [ago(days + 30), ago(days, -1)] },
      { ...ORDINARY, createdAt: ago(days, -1), usedAt: [] },
      { ...old, usedAt: [ago(days, -2 * HOUR_MS)], suspended: true },
    ],
    out: [
      { ...old, usedAt: [ago(days)] },
      { ...old, usedAt: [ago(days + 30), ago(days, 1)] },
      { ...ORDINARY, createdAt: ago(days), usedAt: [] },
      { ...old, usedAt: [ago(days + 1)], revokedAt: ago(1) },
      { ...old, usedAt: [ago(days + 1)], expiresAt: NOW },
    ],
  };
}

describe("built-in views (F3)", () => {
  let stage: ViewStage;
  let told: Told[];
  const all = Object.entries(EDGES).flatMap(([view, edges]) => [
    ...edges.in.map((life) => ({ view, inside: true, life: { ...life } })),
    ...edges.out.map((life) => ({ view, inside: false, life: { ...life } })),
  ]);
  beforeAll(async () => {
    stage = await openViewStage();
    told = await stage.tell(all.map(({ life }) => life));
  });
  afterAll(() => stage.drop());

  test.each(Object.keys(EDGES))(
    "%s holds what is just inside and not what is just outside, each with why",
    async (name) => {
      const rows = await rowsOf(stage, name);
      const own = all.flatMap(({ view, inside }, index) => (view === name ? [{ id: told[index]?.id, inside }] : []));
      expect(own.map(({ id }) => rows.some((row) => row.id === id))).toEqual(own.map(({ inside }) => inside));
      for (const row of rows) {
        expect(row.why).toMatch(/^[A-Z].+\.$/);
        expect(Object.keys(row.figures as object).length).toBeGreaterThan(0);
      }
    },
  );

  test("pages of any size hold the rows of the whole, in its order", async () => {
    for (const name of BUILT_IN_VIEWS) {
      const whole = await rowsOf(stage, name);
      for (const limit of [1, 7]) expect(await rowsOf(stage, name, limit), name).toEqual(whole);
    }
  });

  test("a cursor of one view is refused by another", async () => {
    const { nextCursor } = await pageOf(stage, "never-used", 1);
    await expect(pageOf(stage, "dormant", 1, nextCursor ?? "")).rejects.toMatchObject({ code: "INVALID_CURSOR" });
  });

  test("the list of views says the total of each", async () => {
    const views = await stage.home.database.transaction(PLATFORM, (tx) => listViews(tx, VIEWER, new Date(NOW)));
    expect(views.map(({ name }) => name)).toEqual(BUILT_IN_VIEWS);
    for (const { name, total } of views) expect(total, String(name)).toBe((await rowsOf(stage, String(name))).length);
  });

  test("a new version starts the time until the next rotation anew", async () => {
    const [overdue] = await rowsOf(stage, "rotation-overdue");
    await stage.home.database.transaction(PLATFORM, async (tx) => {
      await tx
        .selectNoFrom(({ fn, val }) => fn("set_config", [val("claviger.change_seq"), val("1"), val(true)]).as("x"))
        .execute();
      await tx
        .updateTable("api_key")
        .set({ version: 2, updated_at: new Date(ago(1)) })
        .where("id", "=", String(overdue?.id))
        .execute();
    });
    expect((await rowsOf(stage, "rotation-overdue")).map(({ id }) => id)).not.toContain(overdue?.id);
  });
});

describe("accounts with more than ten active keys (A6)", () => {
  let stage: ViewStage;
  beforeAll(async () => {
    stage = await openViewStage();
  });
  afterAll(() => stage.drop());
  const names = async () =>
    (await rowsOf(stage, "accounts-over-10-keys", 1)).map(({ name, activeKeys }) => [name, activeKeys]);

  test("an account is there from its eleventh key that works, and not for keys that ended", async () => {
    const ended = [
      { ...ORDINARY, revokedAt: ago(1) },
      { ...ORDINARY, expiresAt: NOW },
    ];
    await stage.tell([...Array.from({ length: 10 }, () => ({ ...ORDINARY })), ...ended]);
    expect(await names()).toEqual([]);
    await stage.tell([{ ...ORDINARY, createdAt: NOW }]);
    expect(await names()).toEqual([["one", 11]]);
    await stage.tell(Array.from({ length: 15 }, () => ({ ...ORDINARY, account: "ext:two", createdAt: NOW })));
    expect(await names()).toEqual([
      ["two", 15],
      ["one", 11],
    ]);
    await stage.tell([
      { ...ORDINARY, createdAt: NOW, revokedAt: NOW },
      { ...ORDINARY, createdAt: NOW, expiresAt: NOW + 1 },
    ]);
    expect(await names()).toEqual([
      ["two", 15],
      ["one", 12],
    ]);
  });
});

describe("views and a plain look at every key", () => {
  let stage: ViewStage;
  beforeAll(async () => {
    stage = await openViewStage();
  });
  afterAll(() => stage.drop());

  test("agree, whatever happened to the keys", async (context) => {
    const random = seededRandom(context);
    const told = await stage.tell(Array.from({ length: 160 }, () => randomLife(random)));
    for (const name of BUILT_IN_VIEWS) {
      const rows = await rowsOf(stage, name, 1 + random.int(60));
      if (isAccountView(name)) {
        const counts = ["one", "two"].map((account) => [
          account,
          told.filter((life) => life.account === `ext:${account}` && lives(life)).length,
        ]);
        expect(new Map(rows.map((row) => [row.name, row.activeKeys])), name).toEqual(
          new Map(counts.filter(([, count]) => Number(count) > 10) as [string, number][]),
        );
      } else {
        const expected = told.filter((life) => PLAIN[name](life)).map(({ id }) => id);
        expect(rows.map(({ id }) => id).toSorted(), name).toEqual(expected.toSorted());
      }
    }
  });
});

type Random = ReturnType<typeof seededRandom>;
const lives = ({ revokedAt, expiresAt }: Life): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > NOW);
const lastUse = ({ usedAt }: Life): number | null => (usedAt.length === 0 ? null : Math.max(...usedAt));
const unused =
  (days: number) =>
  (life: Life): boolean =>
    lives(life) && life.createdAt < ago(days) && (lastUse(life) ?? 0) < ago(days);
const deadSince = ({ revokedAt, expiresAt }: Life): number =>
  Math.min(revokedAt ?? Number.POSITIVE_INFINITY, expiresAt ?? Number.POSITIVE_INFINITY);

const PLAIN: Readonly<Record<Exclude<BuiltInView, "accounts-over-10-keys">, (life: Life) => boolean>> = {
  "unused-30d": unused(30),
  "unused-90d": unused(90),
  "unused-180d": unused(180),
  "never-used": (life) => lives(life) && life.usedAt.length === 0,
  dormant: (life) => life.usedAt.length > 0 && unused(90)(life),
  "creator-inactive": (life) => lives(life) && life.creator === "gone",
  "owner-inactive": (life) => lives(life) && life.owned === "gone",
  "no-owner": (life) => lives(life) && life.owned === false,
  "expiring-30d": (life) => lives(life) && life.expiresAt !== null && life.expiresAt <= NOW + 30 * DAY_MS,
  "rotation-overdue": (life) =>
    lives(life) &&
    life.createdAt < ago(life.tier === "admin" || life.scopes.some((name) => /^users:/.test(name)) ? 30 : 90),
  "never-expires": (life) => lives(life) && life.expiresAt === null,
  "dead-but-called": (life) => !lives(life) && life.refusedAt.some((at) => at >= ago(30) && at >= deadSince(life)),
  "used-from-browser": (life) => lives(life) && life.browser,
  "shared-across-services": (life) => lives(life) && life.services.length > 1,
  "over-10k-24h": ({ bursts, services, browser }) => {
    const since = Math.floor(NOW / HOUR_MS) * HOUR_MS - 23 * HOUR_MS;
    const others = services.length + (browser ? 1 : 0);
    return bursts.reduce((sum, { at, requests }) => (at >= since ? sum + requests : sum), others) > 10_000;
  },
  "test-like-production": (life) => lives(life) && life.environment === "test" && life.busyDays >= 5,
  "admin-scope": (life) =>
    lives(life) && (life.tier === "admin" || life.scopes.some((name) => name.startsWith("users:"))),
  "no-scope": (life) => lives(life) && life.scopes.length === 0,
};

/** Times near the edges of views, a little before, on and after them. */
function randomTime(random: Random, after: number): number {
  const near = random.pick([0, 1, 5, 30, 90, 180, 250]);
  const by = random.pick([0, 1, -1, 1_700_000, -1_700_000, HOUR_MS, -HOUR_MS, -DAY_MS]);
  return Math.min(NOW, Math.max(after, ago(near, by)));
}

function randomLife(random: Random): Life {
  const createdAt = randomTime(random, ago(800));
  const times = (most: number) => Array.from({ length: random.int(most + 1) }, () => randomTime(random, createdAt));
  const tier = random.pick(["read", "admin", null, null] as const);
  const expiry = random.pick([
    null,
    randomTime(random, createdAt + 1),
    NOW + 1,
    NOW + 30 * DAY_MS,
    NOW + 30 * DAY_MS + 1,
  ]);
  const expiresAt = expiry !== null && expiry <= createdAt ? createdAt + 1 : expiry;
  return {
    ...{
      account: random.pick(["ext:one", "ext:two"]),
      createdAt,
      expiresAt,
      owned: random.pick([true, false, "gone"] as const),
      tier,
    },
    scopes: random.pick(
      tier === null ? [["contacts:read"], ["users:write"], ["contacts:*"]] : [[], [], ["contacts:read"], ["users:*"]],
    ),
    creator: random.pick(["active", "gone", null] as const),
    ...{ services: random.pick([[], ["crm"], ["crm", "cron"]]), browser: random.int(3) === 0 },
    ...{ environment: random.pick(["live", "test"] as const), busyDays: random.int(8) },
    bursts: Array.from({ length: random.int(3) }, () => ({
      ...{ at: NOW - random.int(24 * HOUR_MS), requests: random.pick([1, 5_000, 9_000, 10_000, 20_000]) },
    })),
    ...{ usedAt: times(2), refusedAt: times(2), suspended: random.int(6) === 0 },
    revokedAt: random.int(4) === 0 ? randomTime(random, createdAt) : null,
  };
}
