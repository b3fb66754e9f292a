import { type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { openKeyring, PLATFORM } from "../db/index.ts";
import { systemClock } from "../kernel/clock.ts";
import { createLogger } from "../kernel/log.ts";
import { systemRandom } from "../kernel/random.ts";
import { verifyChain } from "../modules/audit/index.ts";
import { keyFromRow, statusOf } from "../modules/keys/index.ts";
import { reconcileUsage } from "../modules/traffic/index.ts";
import type { PlannedKey } from "./plan.ts";
import { planDemo } from "./plan-demo.ts";
import { prepareDemo, readDemoSeed } from "./prepare-demo.ts";
import { type Seeded, seedDemo } from "./seed-demo.ts";

const DAY_MS = 86_400_000;
/** Some months ago: there is room for counts of the last two years alone. */
const START = Math.floor(systemClock.wall() / DAY_MS) * DAY_MS - 200 * DAY_MS + (15 * 60 + 9) * 60_000 + 26_000;
const MASTER_KEY = new Uint8Array(32).fill(9);
const SIZE = { members: 100, keys: 150 };
const logger = createLogger("error");

const clock = { wall: () => START, mono: () => START };

function seed(home: TestDatabase, number: number): Promise<Seeded> {
  return seedDemo({
    ...{ database: home.database, masterKey: MASTER_KEY, clock, random: systemRandom, logger },
    ...{ keyPrefix: "clv", seed: number, managementKey: null, size: SIZE },
  });
}

const TABLES = {
  account: "id",
  member: "id",
  service: "id",
  plan: "name",
  scope: "name",
  scope_route: "method, path",
  api_key: "id",
  key_version: "key_id, version",
  key_use: "key_id, version",
  key_use_day: "key_id, day",
  key_source: "key_id, kind, value",
  key_outcome: "key_id, version, code",
  usage_hour: "key_id, starts_at, route, mapped, method, code",
  usage_day: "key_id, starts_at, route, mapped, method, code",
  endpoint: "environment, template, mapped, method",
  change_log: "seq",
  audit_event: "seq",
  outbox_event: "id",
} as const;
/** What is made of a secret, or of an audit event that shows its preview. */
const OF_SECRETS = new Set(["digest", "preview", "preview_end", "hash"]);

/** Every row of every table, but for what comes of a secret. */
async function everything(home: TestDatabase): Promise<Record<string, unknown>> {
  const rows: Record<string, unknown> = {};
  for (const [table, order] of Object.entries(TABLES)) {
    const found = await home.database.transaction(PLATFORM, (tx) =>
      sql<Record<string, unknown>>`SELECT * FROM ${sql.ref(table)} ORDER BY ${sql.raw(order)}`.execute(tx),
    );
    rows[table] = found.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([name]) => !OF_SECRETS.has(name))
          .map(([name, value]) => [name, name === "payload" ? withoutPreview(value) : value]),
      ),
    );
  }
  return rows;
}

const withoutPreview = (payload: unknown): string =>
  (typeof payload === "string" ? payload : JSON.stringify(payload)).replaceAll(/"preview":"[^"]*"/g, "");

describe("the plan of a demo", () => {
  test("is of the size that is promised, and has every kind of key there is", () => {
    const { accounts, members, keys } = planDemo(1);
    expect([accounts.length, members.length, keys.length]).toEqual([40, 300, 1_200]);
    const endsAt = (key: PlannedKey): number =>
      key.lifetime === null ? Number.POSITIVE_INFINITY : key.at + key.lifetime;
    const living = keys.filter((key) => key.revoked === null && endsAt(key) > 0);
    const counts = {
      revoked: keys.filter((key) => key.revoked !== null).length,
      expired: keys.filter((key) => key.revoked === null && endsAt(key) <= 0).length,
      suspended: living.filter((key) => key.suspended !== null).length,
      expiring: living.filter((key) => key.suspended === null && endsAt(key) <= 7 * DAY_MS).length,
      neverUsed: living.filter((key) => key.traffic === null).length,
      dormant: living.filter((key) => key.traffic !== null && key.traffic.to < -90 * DAY_MS).length,
      withoutOwner: living.filter((key) => key.description.owner === null).length,
      ofTeams: living.filter((key) => key.description.owner?.startsWith("team:")).length,
      bound: living.filter((key) => (key.description.allowedIps ?? []).length > 0).length,
      ofServices: living.filter((key) => key.description.service != null).length,
      neverExpire: living.filter((key) => key.lifetime === null).length,
      calledAfterTheirEnd: keys.filter((key) => key.traffic?.after?.to === 0).length,
      sandbox: living.filter((key) => key.environment === "test").length,
      production: living.filter((key) => key.environment === "live").length,
    };
    for (const [kind, count] of Object.entries(counts)) expect(count, kind).toBeGreaterThan(9);
    expect(members.filter(({ leftAt }) => leftAt !== null).length).toBeGreaterThan(9);
  });

  test("is the same for the same seed and another for another", () => {
    expect(planDemo(7)).toEqual(planDemo(7));
    expect(planDemo(8).keys.map(({ label }) => label)).not.toEqual(planDemo(7).keys.map(({ label }) => label));
  });

  test("names companies, people and addresses only where nobody can have them", () => {
    const { members, keys } = planDemo(1);
    expect(members.every(({ email }) => email.endsWith(".example"))).toBe(true);
    const ranges = /^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/;
    for (const { description } of keys) for (const ip of description.allowedIps ?? []) expect(ip).toMatch(ranges);
  });
});

describe("a seeded demo", { timeout: 120_000 }, () => {
  let home: TestDatabase;
  let seeded: Seeded;
  beforeAll(async () => {
    home = await testDatabase();
    seeded = await seed(home, 5);
  }, 120_000);
  afterAll(() => home.drop());

  test("is the same in every row for the same seed and start, but for its secrets", async () => {
    const other = await testDatabase();
    const again = await seed(other, 5);
    expect(await everything(other)).toEqual(await everything(home));
    const secretsOf = ({ managementKey, examples }: Seeded): (string | undefined)[] => [
      managementKey?.reveal(),
      ...examples.map(({ secret }) => secret.reveal()),
    ];
    for (const [index, secret] of secretsOf(again).entries()) expect(secret).not.toBe(secretsOf(seeded)[index]);
    await other.drop();
  });

  test("has an audit trail that verifies, in the order of its times, over two years (H1)", async () => {
    const keyring = await openKeyring(home.database, MASTER_KEY, systemClock, systemRandom);
    const byVersion = (version: number): Uint8Array | null => keyring.byVersion("audit", version);
    expect(await verifyChain(home.database, { byVersion })).toMatchObject({ ok: true });
    const times = await home.database.transaction(PLATFORM, (tx) =>
      tx.selectFrom("audit_event").select("at").orderBy("seq").execute(),
    );
    const sorted = times.toSorted((a, b) => a.at.getTime() - b.at.getTime());
    expect(times).toEqual(sorted);
    expect(times.at(-1)?.at.getTime()).toBeLessThanOrEqual(START);
    expect(times[0]?.at.getTime()).toBeLessThan(START - 700 * DAY_MS);
  });

  test("shows a secret for each state of a key, and the keys are in those states", async () => {
    const states = ["active", "expiring", "suspended", "expired", "revoked"];
    expect(seeded.examples.map(({ state }) => state)).toEqual(states);
    const rows = await home.database.transaction(PLATFORM, (tx) =>
      tx.selectFrom("api_key").selectAll().where("label", "like", "Example: %").execute(),
    );
    expect(rows).toHaveLength(states.length);
    for (const row of rows) {
      const key = keyFromRow(row);
      expect(`Example: ${statusOf(key, START)}`).toBe(key.label);
      const shown = seeded.examples.find(({ state }) => key.label.endsWith(` ${state}`));
      expect(shown?.secret.reveal().slice(-4)).toBe(key.preview.slice(-4));
    }
  });

  test("was used only while its keys lived and up to now, and refused after their end", async () => {
    const { rows } = await home.database.transaction(PLATFORM, (tx) =>
      sql<{ wrong: number; used: number; refused: number }>`SELECT count(*) AS used,
        count(*) FILTER (WHERE u.first_used_at < k.created_at OR u.last_used_at > least(k.expires_at, k.state_at, ${new Date(START)}::timestamptz)
          OR u.first_used_at > u.last_used_at) AS wrong,
        count(*) FILTER (WHERE u.last_refused_code IN ('REVOKED', 'EXPIRED', 'SUSPENDED')) AS refused
        FROM key_use u JOIN api_key k ON k.id = u.key_id`.execute(tx),
    );
    expect(rows[0]).toMatchObject({ wrong: 0 });
    expect(Number(rows[0]?.used)).toBeGreaterThan(SIZE.keys / 2);
    expect(Number(rows[0]?.refused)).toBeGreaterThan(0);
  });

  test("tells of recent uses when, from where and for what, in counts that agree with each other and with the keys", async () => {
    const { ok, requests, daysWithEvents } = await reconcileUsage(home.database, START - 30 * DAY_MS, START);
    expect({ ok, daysWithEvents }).toEqual({ ok: true, daysWithEvents: 31 });
    const { rows } = await home.database.transaction(PLATFORM, (tx) =>
      sql<{ requests: number; wrong: number; unmapped: number }>`SELECT sum(d.requests)::bigint AS requests,
        count(*) FILTER (WHERE d.requests <> (SELECT coalesce(sum(u.requests), 0) FROM usage_day u
          WHERE u.key_id = d.key_id AND u.starts_at = d.day::timestamp AT TIME ZONE 'UTC')) AS wrong,
        (SELECT count(*) FROM usage_day u WHERE u.code = 'VALID' AND NOT u.mapped) AS unmapped
        FROM key_use_day d WHERE d.day >= ${new Date(START - 30 * DAY_MS)}::date`.execute(tx),
    );
    expect(rows[0]).toEqual({ requests, wrong: 0, unmapped: 0 });
    const { rows: last } = await home.database.transaction(PLATFORM, (tx) =>
      sql<{
        wrong: number;
        compared: number;
      }>`SELECT count(*) AS compared, count(*) FILTER (WHERE o.last_at <> u.last_used_at) AS wrong
        FROM key_use u JOIN key_outcome o ON o.key_id = u.key_id AND o.version = u.version AND o.code = 'VALID'`.execute(
        tx,
      ),
    );
    expect(last[0]).toMatchObject({ wrong: 0 });
    expect(last[0]?.compared).toBeGreaterThan(SIZE.keys / 4);
  });

  test("tells of twelve months how often keys were used, of a quarter by the day, and of keys by the week before", async () => {
    const { rows } = await home.database.transaction(PLATFORM, (tx) =>
      sql<{ month: string; used: number; counted: number }>`
        WITH used AS (SELECT to_char(day, 'YYYY-MM') AS month, sum(requests)::bigint AS used FROM key_use_day GROUP BY 1),
          counted AS (SELECT to_char(starts_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, sum(requests)::bigint AS counted FROM usage_day GROUP BY 1)
        SELECT month, used, coalesce(counted, 0) AS counted FROM used LEFT JOIN counted USING (month)
        WHERE month >= to_char(${new Date(START - 365 * DAY_MS)}::timestamptz, 'YYYY-MM') ORDER BY 1`.execute(tx),
    );
    expect(rows.length).toBeGreaterThanOrEqual(12);
    // A week's uses are counted on one day of it, which may be of the month after.
    for (const { month, used, counted } of rows.slice(1)) {
      expect(used, month).toBeGreaterThan(1_000);
      expect(Math.abs(counted - used) / used, month).toBeLessThan(0.4);
    }
    const whole = (name: "used" | "counted") => rows.slice(1).reduce((sum, row) => sum + row[name], 0);
    expect(Math.abs(whole("counted") - whole("used")) / whole("used")).toBeLessThan(0.05);
    expect(await reconcileUsage(home.database, START - 365 * DAY_MS, START)).toMatchObject({
      ok: true,
      daysWithEvents: expect.any(Number),
    });
    const { rows: last } = await home.database.transaction(PLATFORM, (tx) =>
      sql<{ days: number; wrong: number }>`SELECT count(*) AS days, count(*) FILTER (WHERE d.requests <> (
          SELECT coalesce(sum(u.requests), 0) FROM usage_day u WHERE u.key_id = d.key_id AND u.starts_at = d.day::timestamp AT TIME ZONE 'UTC')) AS wrong
        FROM key_use_day d WHERE d.day > ${new Date(START - 85 * DAY_MS)}::date`.execute(tx),
    );
    expect(last[0]).toMatchObject({ wrong: 0 });
  });

  test("is not made in a database that somebody uses, and not made twice", async () => {
    const lines: string[] = [];
    const options = { seed: 1, print: (line: string) => void lines.push(line), onProgress: () => undefined };
    const config = loadConfig({ CLAVIGER_DATA_DIR: "/nowhere/at/all" }, "/");
    const opened = { config, database: home.database, logger, url: "http://127.0.0.1:1" };
    await expect(prepareDemo(opened, options)).rejects.toMatchObject({ setting: "CLAVIGER_DATA_DIR" });
    expect(lines).toHaveLength(1);
  });
});

test("a seed that is none is refused by the name of its setting", () => {
  expect(readDemoSeed({})).toBe(1);
  expect(readDemoSeed({ CLAVIGER_DEMO_SEED: "4294967295" })).toBe(4_294_967_295);
  for (const text of ["4294967296", "-1", "one", "1.5"]) {
    expect(() => readDemoSeed({ CLAVIGER_DEMO_SEED: text })).toThrow(/^CLAVIGER_DEMO_SEED: /);
  }
});
