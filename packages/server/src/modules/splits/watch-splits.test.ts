/** The end of a split (K3): by one of several nodes, and never while what a node has not written yet may be a use. */
import {
  type FakeClock,
  fakeClock,
  MASTER_KEY,
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
import { createKey, findKey } from "../keys/index.ts";
import { createSplitWatch } from "./index.ts";
import { putCaller } from "./put-caller.ts";
import { findSplit, selectCallers } from "./splits.store.ts";
import { startSplit } from "./start-split.ts";

const HOUR = 3_600_000;
const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
const NODE = "a-node";

let home: TestDatabase;
beforeAll(async () => {
  home = await testDatabase();
});
afterAll(() => home.drop());

async function openScene(clock: FakeClock) {
  const keyring = await openKeyring(home.database, Buffer.from(MASTER_KEY, "base64"), clock, systemRandom);
  const keys = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  const ports = { keys, database: home.database, clock, logger: silentLogger };
  await putScope(keys.act, ACTING, "contacts:read", {
    ...{ description: "for a test", sensitive: false, routes: [], tier: "read" },
  });
  await putAccount(keys, ACTING, "ext:one", { name: "one" });
  const input = {
    account: "ext:one",
    environment: "live",
    label: "shared",
    scopes: ["contacts:read"],
    expiresAt: null,
  };
  const made = await createKey(keys, ACTING, AUTHORITY, input);
  const key = made.value?.key.id ?? "";
  await startSplit(ports, ACTING, AUTHORITY, key, { days: 35, quietHours: 24, revokes: true });
  /** What every node does every so often, on three of them at the same time. */
  const tick = () => Promise.all([1, 2, 3].map(() => createSplitWatch(ports)()));
  return { key, tick, ports };
}

const stateOf = async (key: string) => {
  const found = await home.database.transaction(PLATFORM, async (tx) => ({
    split: await findSplit(tx, key),
    key: await findKey(tx, key),
  }));
  return [found.split?.state, found.key?.state];
};

/** A node tells that it has written all but what came in the last so many milliseconds. */
const tell = (lagMs: number) =>
  home.database.transaction(PLATFORM, (tx) =>
    sql`INSERT INTO usage_sender (id, node, complete_until, told_at)
      VALUES (${NODE}, ${NODE}, now() - ${lagMs} * interval '1 millisecond', now())
      ON CONFLICT (id) DO UPDATE SET complete_until = excluded.complete_until, told_at = excluded.told_at`.execute(tx),
  );

test("the key is revoked once, and not while a node has uses in hand or none tells of itself", async () => {
  const clock = fakeClock();
  const { key, tick } = await openScene(clock);
  clock.advance(25 * HOUR);
  await tick();
  expect(await stateOf(key)).toEqual(["open", "active"]);

  // It stands still for two hours: whatever came since is in its memory.
  await tell(2 * HOUR);
  clock.advance(61_000);
  await tick();
  expect(await stateOf(key)).toEqual(["open", "active"]);

  await tell(100);
  clock.advance(61_000);
  await tick();
  expect(await stateOf(key)).toEqual(["finished", "revoked"]);
  const { rows } = await home.database.transaction(PLATFORM, (tx) =>
    sql<{
      type: string;
    }>`SELECT type FROM outbox_event WHERE type LIKE 'split.%' OR type = 'key.revoked' ORDER BY id`.execute(tx),
  );
  expect(rows.map(({ type }) => type).toSorted()).toEqual(["key.revoked", "split.finished", "split.started"]);
  await tick();
  expect(await stateOf(key)).toEqual(["finished", "revoked"]);
});

test("a clock that runs ahead revokes nothing, nor does a service that was away, or a key that nobody could have used", async () => {
  const clock = fakeClock(Date.UTC(2026, 1, 1));
  const { key, tick } = await openScene(clock);
  const inSplit = (change: ReturnType<typeof sql>, answer = sql``) =>
    home.database.transaction(PLATFORM, (tx) =>
      sql`UPDATE key_split SET ${change} WHERE key_id = ${key} ${answer}`.execute(tx),
    );
  await tell(100);
  // The database is in the present, which this clock says is long over.
  clock.stepWall(50 * 365 * 24 * HOUR);
  await tick();
  expect(await stateOf(key)).toEqual(["open", "active"]);
  const { rows } = await inSplit(sql`revokes = revokes`, sql`RETURNING looked_until <= started_at AS untouched`);
  expect(rows).toEqual([{ untouched: true }]);
  clock.stepWall(-50 * 365 * 24 * HOUR + 25 * HOUR);
  // Nobody has looked for a day: after that its time begins again.
  await inSplit(sql`looked_at = clock_timestamp() - interval '1 day'`);
  await tick();
  clock.advance(23 * HOUR);
  await tell(100);
  await tick();
  expect(await stateOf(key)).toEqual(["open", "active"]);
  // Suspended for that hour.
  const suspend = (state: "suspended" | "active") =>
    home.database.transaction(PLATFORM, async (tx) => {
      await sql`SELECT set_config('claviger.change_seq', '0', true)`.execute(tx);
      await sql`UPDATE api_key SET state = ${state} WHERE id = ${key}`.execute(tx);
    });
  await suspend("suspended");
  clock.advance(2 * HOUR);
  await tell(100);
  await tick();
  await suspend("active");
  clock.advance(2 * HOUR);
  await tell(100);
  await tick();
  expect(await stateOf(key)).toEqual(["open", "active"]);
  clock.advance(23 * HOUR);
  await tell(100);
  await tick();
  expect(await stateOf(key)).toEqual(["finished", "revoked"]);
});

test("whoever is named keeps what is known of when it called, and naming hides no time in which nobody looked", async () => {
  const clock = fakeClock(Date.UTC(2026, 3, 1));
  const { key, tick, ports } = await openScene(clock);
  const run = (query: ReturnType<typeof sql>) => home.database.transaction(PLATFORM, (tx) => query.execute(tx));
  const seen = new Date(clock.wall() - HOUR);
  await run(sql`INSERT INTO split_caller (split_id, name, account_id, network, agent, found, dropped, requests, routes, last_seen_at)
    SELECT id, 'found', account_id, '192.0.2.0/24', 'curl', true, false, 1, '[]', ${seen} FROM key_split WHERE key_id = ${key}`);
  await run(sql`UPDATE key_split SET looked_at = clock_timestamp() - interval '1 day' WHERE key_id = ${key}`);
  // Once as somebody new who takes over what was found, and once again by its name.
  for (const dropped of [false, true]) {
    const input = { match: { agent: "curl" }, description: null, dropped };
    await putCaller(ports, ACTING, AUTHORITY, key, "named", input);
    const split = await home.database.transaction(PLATFORM, (tx) => findSplit(tx, key));
    const callers = await home.database.transaction(PLATFORM, (tx) => selectCallers(tx, split?.id ?? ""));
    expect(callers).toMatchObject([{ name: "named", lastSeenAt: seen, dropped }]);
  }
  clock.advance(25 * HOUR);
  await tell(100);
  await tick();
  expect(await stateOf(key)).toEqual(["open", "active"]);
});
