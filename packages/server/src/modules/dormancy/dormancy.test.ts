/** What policy says of keys that nobody uses is done (D1): nothing ends without notice, and a use takes the notice back. */
import {
  type FakeClock,
  fakeClock,
  MASTER_KEY,
  type SeededRandom,
  seededRandom,
  silentLogger,
  type TestDatabase,
  testDatabase,
} from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openKeyring, PLATFORM } from "../../db/index.ts";
import { openUnserved } from "../../demo/unserved.ts";
import { systemRandom } from "../../kernel/random.ts";
import { putAccount } from "../accounts/index.ts";
import { putScope } from "../catalogue/index.ts";
import { createKey, findKey, resumeKey } from "../keys/index.ts";
import { putAccountPolicy } from "../policies/index.ts";
import { writeUses } from "../traffic/index.ts";
import { type Idle, type Notice, stepDormancy } from "./dormancy.ts";
import { watchDormancy } from "./index.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);
const at = (days: number): Date => new Date(START + days * DAY);
const told = (action: Notice["action"], noticed: number, acts: number, acted: number | null = null): Notice => ({
  ...{ action, noticedAt: at(noticed), actsAt: at(acts), actedAt: acted === null ? null : at(acted) },
});
const IDLE: Idle = {
  ...{ days: 90, action: "suspend", noticeDays: 14, usable: true, lastUsedAt: at(0), resumedAt: null, notice: null },
};

test.each([
  ["it is only flagged", { ...IDLE, action: "flag" as const }, { do: "nothing" }],
  ["it was never used", { ...IDLE, lastUsedAt: null }, { do: "nothing" }],
  ["its policy knows no dormancy", { ...IDLE, days: null }, { do: "nothing" }],
  ["it was used a day less ago", { ...IDLE, lastUsedAt: at(11) }, { do: "nothing" }],
  ["it is dormant", IDLE, { do: "notify", action: "suspend", actsAt: at(114) }],
  ["its people were told, and have time", { ...IDLE, notice: told("suspend", 90, 104) }, { do: "nothing" }],
  ["their time is over", { ...IDLE, notice: told("suspend", 85, 99) }, { do: "act", action: "suspend" }],
  ["it was used meanwhile", { ...IDLE, lastUsedAt: at(95), notice: told("suspend", 90, 99) }, { do: "forget" }],
  [
    "its policy wants it no more",
    { ...IDLE, action: "flag" as const, notice: told("suspend", 90, 99) },
    { do: "forget" },
  ],
  [
    "they were told of less",
    { ...IDLE, action: "revoke" as const, notice: told("suspend", 85, 99) },
    { do: "notify", action: "revoke", actsAt: at(114) },
  ],
  ["they were told of more", { ...IDLE, notice: told("revoke", 85, 99) }, { do: "act", action: "suspend" }],
  [
    "its policy gives more time than they were told",
    { ...IDLE, noticeDays: 30, notice: told("suspend", 85, 99) },
    { do: "nothing" },
  ],
  ["it cannot be used", { ...IDLE, usable: false, notice: told("suspend", 85, 99) }, { do: "forget" }],
  ["it was suspended by somebody, and resumed ten days ago", { ...IDLE, resumedAt: at(90) }, { do: "nothing" }],
  [
    "less is known of it than when they were told",
    { ...IDLE, lastUsedAt: at(11), notice: told("suspend", 101, 115) },
    { do: "nothing" },
  ],
  [
    "its policy gives it more days than when they were told",
    { ...IDLE, days: 120, notice: told("suspend", 90, 104) },
    { do: "forget" },
  ],
  ["it was resumed, and has its time again", { ...IDLE, notice: told("suspend", 80, 80, 80) }, { do: "nothing" }],
] as const)("a hundred days after the last use, where %s", (_, idle, step) => {
  expect(stepDormancy(idle, at(100).getTime())).toEqual(step);
});

function walk(random: SeededRandom): { readonly acted: number; readonly forgotten: number } {
  let policy: Pick<Idle, "days" | "action" | "noticeDays"> = IDLE;
  let [lastUsedAt, notice]: [Date, Notice | null] = [at(0), null];
  let [acted, forgotten] = [0, 0];
  for (let day = 0; day < 1_000; day += 1) {
    if (random.int(60) === 0)
      policy = {
        days: 1 + random.int(60),
        action: random.pick(["flag", "suspend", "revoke"]),
        noticeDays: random.int(20),
      };
    if (random.int(40) === 0) lastUsedAt = at(day);
    const step = stepDormancy({ ...IDLE, ...policy, lastUsedAt, notice }, at(day).getTime());
    switch (step.do) {
      case "nothing":
        break;
      case "forget":
        [notice, forgotten] = [null, forgotten + 1];
        break;
      case "notify":
        expect(step.actsAt.getTime() - at(day).getTime()).toBe(policy.noticeDays * DAY);
        notice = { action: step.action, noticedAt: at(day), actsAt: step.actsAt, actedAt: null };
        break;
      case "act":
        // Told of this or of more, at least so long ago, and not used since.
        expect(notice).not.toBeNull();
        expect(at(day).getTime() - (notice?.noticedAt.getTime() ?? 0)).toBeGreaterThanOrEqual(policy.noticeDays * DAY);
        expect(lastUsedAt.getTime()).toBeLessThanOrEqual(notice?.noticedAt.getTime() ?? 0);
        expect(notice?.action === "revoke" || step.action === "suspend").toBe(true);
        expect(at(day).getTime() - lastUsedAt.getTime()).toBeGreaterThanOrEqual((policy.days ?? 0) * DAY);
        acted += 1;
        // Resumed by somebody.
        notice = { action: step.action, noticedAt: at(day), actsAt: at(day), actedAt: at(day) };
    }
  }
  return { acted, forgotten };
}

test("whatever policies and uses come, nothing ends without notice, nor what is used", (context) => {
  const random = seededRandom(context);
  let [acted, forgotten] = [0, 0];
  for (let round = 0; round < 200; round += 1) {
    const one = walk(random);
    [acted, forgotten] = [acted + one.acted, forgotten + one.forgotten];
  }
  expect(acted).toBeGreaterThan(500);
  expect(forgotten).toBeGreaterThan(200);
});

const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };

let home: TestDatabase;
beforeAll(async () => {
  home = await testDatabase();
});
afterAll(() => home.drop());

const sqlRows = <T>(query: ReturnType<typeof sql<T>>) =>
  home.database.transaction(PLATFORM, async (tx) => (await query.execute(tx)).rows);
/** A node tells that it has written all uses. */
const tell = () =>
  sqlRows(sql`INSERT INTO usage_sender (id, node, complete_until, told_at) VALUES ('a-node', 'a-node', now(), now())
    ON CONFLICT (id) DO UPDATE SET complete_until = now(), told_at = now()`);

async function openScene(clock: FakeClock) {
  const keyring = await openKeyring(home.database, Buffer.from(MASTER_KEY, "base64"), clock, systemRandom);
  const keys = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  await putScope(keys.act, ACTING, "contacts:read", {
    ...{ description: "for a test", sensitive: false, routes: [], tier: "read" },
  });
  for (const name of ["suspends", "revokes", "flags"]) await putAccount(keys, ACTING, `ext:${name}`, { name });
  const policies = { ...keys, database: home.database, clock, countEnding: async () => 0 };
  for (const [account, dormancyAction] of [
    ["suspends", "suspend"],
    ["revokes", "revoke"],
  ] as const) {
    const overrides = { dormancyDays: 30, dormancyAction, dormancyNoticeDays: 7 };
    await putAccountPolicy(policies, ACTING, `ext:${account}`, { policy: null, overrides }, { graceDays: 1 });
  }
  const ports = { ...keys, database: home.database, clock, logger: silentLogger };
  const made = async (account: string, label: string): Promise<string> => {
    const input = { account: `ext:${account}`, environment: "live", label, scopes: ["contacts:read"], expiresAt: null };
    return (await createKey(keys, ACTING, AUTHORITY, input)).value?.key.id ?? "";
  };
  const use = async (key: string): Promise<void> => {
    const [now, none] = [clock.wall(), { lastRefusedAt: null, lastRefusedCode: null }];
    const used = { key, version: 1, account: "acct_told", accepted: 1, refused: 0, firstUsedAt: now, lastUsedAt: now };
    await writeUses(home.database, [{ ...used, ...none }], new Date(now));
  };
  /** What every node does every so often, on three of them at the same time. */
  const tick = async (): Promise<void> => {
    await tell();
    await Promise.all([1, 2, 3].map(() => watchDormancy(ports)));
  };
  return { keys, made, use, tick };
}

const stateOf = (key: string) =>
  home.database.transaction(PLATFORM, async (tx) => {
    const found = await findKey(tx, key);
    return `${found?.state} ${found?.stateReason ?? ""}`.trim();
  });
const announced = async (key: string): Promise<readonly string[]> =>
  (
    await sqlRows(
      sql<{
        type: string;
      }>`SELECT type FROM outbox_event WHERE payload ->> 'key' = ${key} AND type <> 'key.created' ORDER BY id`,
    )
  ).map(({ type }) => type);

test("several nodes tell a key's people once, and suspend or revoke it once, unless it is used or only flagged", async () => {
  const clock = fakeClock(START);
  const { keys, made, use, tick } = await openScene(clock);
  const [idle, busy, unused] = [
    await made("suspends", "idle"),
    await made("suspends", "busy"),
    await made("suspends", "unused"),
  ];
  const [ended, flagged] = [await made("revokes", "ended"), await made("flags", "flagged")];
  for (const key of [idle, busy, ended, flagged]) await use(key);
  await tick();
  clock.advance(30 * DAY + HOUR);
  await tick();
  expect(await announced(idle)).toEqual(["key.dormant"]);
  expect(await announced(busy)).toEqual(["key.dormant"]);
  await use(busy);
  clock.advance(7 * DAY - HOUR);
  await tick();
  expect(await Promise.all([idle, ended].map(stateOf))).toEqual(["active", "active"]);
  clock.advance(2 * HOUR);
  await tick();
  const words = "Not used for 30 days, nor for 7 days after notice: as its policy says.";
  expect(await Promise.all([idle, busy, unused, ended, flagged].map(stateOf))).toEqual([
    ...[`suspended ${words}`, "active", "active", "revoked unused", "active"],
  ]);
  expect(await announced(idle)).toEqual(["key.dormant", "key.suspended"]);
  expect(await announced(ended)).toEqual(["key.dormant", "key.revoked"]);
  expect(await announced(flagged)).toEqual([]);

  // Resumed, it has its thirty days again, and then is told again.
  await resumeKey(keys, ACTING, AUTHORITY, idle);
  clock.advance(29 * DAY);
  await tick();
  expect(await stateOf(idle)).toBe("active");
  clock.advance(2 * DAY);
  await tick();
  expect((await announced(idle)).filter((type) => type === "key.dormant")).toHaveLength(2);
});

test("a node whose clock runs ahead does nothing", async () => {
  const clock = fakeClock(Date.UTC(2027, 0, 1));
  const { tick } = await openScene(clock);
  const [before] = await sqlRows(sql<{ began: Date }>`SELECT began_at AS began FROM dormancy_walk`);
  // The database is in the present, which this clock says is long over.
  clock.stepWall(50 * 365 * DAY);
  await tick();
  expect(await sqlRows(sql<{ began: Date }>`SELECT began_at AS began FROM dormancy_walk`)).toEqual([before]);
});

test("where nobody has walked for hours, notices are given anew: who was told may have used the key where nobody wrote it down", async () => {
  const clock = fakeClock(Date.UTC(2026, 2, 1));
  const { made, use, tick } = await openScene(clock);
  const key = await made("revokes", "restored");
  await use(key);
  clock.advance(30 * DAY + HOUR);
  await tick();
  clock.advance(7 * DAY + HOUR);
  await sqlRows(sql`UPDATE dormancy_walk SET walked_at = clock_timestamp() - interval '1 day'`);
  await tick();
  expect(await stateOf(key)).toBe("active");
  expect(await announced(key)).toEqual(["key.dormant", "key.dormant"]);
  clock.advance(7 * DAY - HOUR);
  await tick();
  expect(await stateOf(key)).toBe("active");

  // A walk that is under way is not gone on with by a node whose clock runs ahead.
  await sqlRows(sql`UPDATE dormancy_walk SET ended_at = NULL, after_id = ''`);
  clock.stepWall(50 * 365 * DAY);
  await tick();
  expect(await stateOf(key)).toBe("active");
  clock.stepWall(-50 * 365 * DAY + 2 * HOUR);
  await tick();
  expect(await stateOf(key)).toBe("revoked unused");
});
