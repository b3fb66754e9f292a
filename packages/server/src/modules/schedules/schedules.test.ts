/** Keys that are rotated by themselves (D5): walks of what can happen, in which an integration that reads its store is never refused. */
import {
  type FakeClock,
  fakeClock,
  MASTER_KEY,
  type SeededRandom,
  type StoreReaction,
  seededRandom,
  silentLogger,
  type TestDatabase,
  testDatabase,
  type VaultServer,
  vaultServer,
  waitFor,
} from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openKeyring, PLATFORM } from "../../db/index.ts";
import { openUnserved } from "../../demo/unserved.ts";
import { resolveName } from "../../kernel/outgoing/index.ts";
import { systemRandom } from "../../kernel/random.ts";
import { putAccount } from "../accounts/index.ts";
import { putScope } from "../catalogue/index.ts";
import { createKey, findKey, versionStatusOf, versionsOf } from "../keys/index.ts";
import { createRotationWatch, emergencyApproverOf, rotationPolicyOf } from "../rotation/index.ts";
import { createStores, deliveriesOf, putStore } from "../stores/index.ts";
import { writeUses } from "../traffic/index.ts";
import { createSchedules } from "./index.ts";
import { putSchedule } from "./put-schedule.ts";
import { stepSchedule } from "./schedule.ts";
import { findSchedule } from "./schedules.store.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
const EVERY_DAYS = 10;

let home: TestDatabase;
let vault: VaultServer;
beforeAll(async () => {
  [home, vault] = [await testDatabase(), await vaultServer()];
});
afterAll(() => Promise.all([home.drop(), vault.close()]));

test.each([
  [{ revoked: true, expired: false, issuedAt: 0, days: 1, underWay: true }, { do: "remove" }],
  [
    { revoked: false, expired: false, issuedAt: 0, days: 1, underWay: true },
    { do: "wait", until: 30 * DAY + HOUR },
  ],
  [
    { revoked: false, expired: false, issuedAt: 0, days: null, underWay: false },
    { do: "wait", until: 31 * DAY },
  ],
  [{ revoked: false, expired: false, issuedAt: 0, days: 30, underWay: false }, { do: "rotate" }],
  [
    { revoked: false, expired: true, issuedAt: 0, days: 30, underWay: false },
    { do: "wait", until: 31 * DAY },
  ],
  [
    { revoked: false, expired: false, issuedAt: 1, days: 30, underWay: false },
    { do: "wait", until: 30 * DAY + 1 },
  ],
  [
    { revoked: false, expired: false, issuedAt: 0, days: 90, underWay: false },
    { do: "wait", until: 31 * DAY },
  ],
])("of a key that is %j a month later: %j", (seen, step) => {
  expect(stepSchedule(seen, 30 * DAY)).toEqual(step);
});

async function openScene(clock: FakeClock) {
  const keyring = await openKeyring(home.database, Buffer.from(MASTER_KEY, "base64"), clock, systemRandom);
  const made = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  const ports = { ...made, ...deliveriesOf(made), database: home.database, clock, logger: silentLogger };
  const rotation = { keys: ports, policyOf: rotationPolicyOf, approverOf: emergencyApproverOf };
  const schedules = createSchedules({ ...ports, rotation });
  const options = { resolve: resolveName, allowPrivate: true, commands: {}, metrics: { attempted: () => undefined } };
  const storePorts = { ...ports, ...options, giveUp: schedules.giveUp };
  const nodes = [createStores(storePorts), createStores(storePorts)];
  const watch = createRotationWatch({ ...ports, keys: ports });
  await putScope(made.act, ACTING, "contacts:read", {
    ...{ description: "for a test", sensitive: false, routes: [], tier: "read" },
  });
  await putAccount(made, ACTING, "ext:one", { name: "one" });
  const store = { description: null, pathPrefix: "" };
  const vaultInput = { address: vault.url, mount: "secret", namespace: null, token: "hvs.of-a-test" };
  await putStore(storePorts, ACTING, "vault", { ...store, vault: vaultInput });
  /** What every node does every so often, on two of them at the same time. */
  const tick = async (): Promise<void> => {
    await Promise.all([schedules.run(), schedules.run()]);
    await Promise.all(nodes.map((node) => node.deliver()));
    await Promise.all(nodes.map((node) => node.idle()));
    await Promise.all(nodes.map((node) => node.expire()));
    await watch();
  };
  return { ports, tick, schedules };
}

type Scene = Awaited<ReturnType<typeof openScene>>;

/** The integration: it has what its store has, as soon as that can be read, and uses it. */
async function use({ ports }: Scene, clock: FakeClock, key: string, path: string): Promise<void> {
  const version = Number(vault.read(path)?.version ?? 1);
  const status = await home.database.transaction(PLATFORM, async (tx) => {
    const found = await findKey(tx, key);
    const one = (await versionsOf(tx, [key])).find((each) => each.version === version);
    return found === null || one === undefined ? "unknown" : versionStatusOf(one, found, true, clock.wall());
  });
  expect(status, `version ${version}`).not.toBe("ended");
  expect(status).not.toBe("unknown");
  const at = clock.wall();
  const used = { key, version, account: "acct_told", accepted: 1, refused: 0, firstUsedAt: at, lastUsedAt: at };
  await writeUses(ports.database, [{ ...used, lastRefusedAt: null, lastRefusedCode: null }], new Date(at));
}

/** That nothing is doubled, and nothing kept that has ended. */
async function check(key: string, path: string): Promise<number> {
  return home.database.transaction(PLATFORM, async (tx) => {
    const { rows: open } = await sql`SELECT FROM rotation WHERE key_id = ${key} AND ended_at IS NULL`.execute(tx);
    expect(open.length).toBeLessThanOrEqual(1);
    const { rows: way } =
      await sql`SELECT FROM hand_over WHERE key_id = ${key} AND state IN ('waiting', 'offered')`.execute(tx);
    expect(way.length).toBeLessThanOrEqual(1);
    const versions = await versionsOf(tx, [key]);
    expect(vault.versions(path)).toBeLessThan(versions.length + 1);
    const times = versions.map(({ createdAt }) => createdAt.getTime()).toSorted((a, b) => a - b);
    for (const [index, at] of times.entries())
      if (index > 0) expect(at - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(DAY);
    return versions.length;
  });
}

const REACTIONS: readonly StoreReaction[] = ["answer", "answer", "answer", "lose-answer", 503];

async function walk(random: SeededRandom, name: string): Promise<{ versions: number; held: number }> {
  const clock = fakeClock(Date.UTC(2026, 0, 1));
  const scene = await openScene(clock);
  const { ports, tick } = scene;
  const input = { account: "ext:one", environment: "live", label: name, scopes: ["contacts:read"] };
  const created = await createKey(ports, ACTING, AUTHORITY, { ...input, expiresAt: null });
  const key = created.value?.key.id ?? "";
  const deliverTo = { store: "vault", path: name };
  await putSchedule(ports.act, ACTING, AUTHORITY, key, { everyDays: EVERY_DAYS, overlapHours: 24, deliverTo });
  let versions = 1;
  for (let turn = 0; turn < 60; turn += 1) {
    // For as long as three days it is out of reach, or loses what it answers.
    const reaction = random.pick(REACTIONS);
    vault.react(() => reaction);
    for (let left = 1 + random.int(3); left > 0; left -= 1) {
      clock.advance(HOUR * (1 + random.int(30)));
      if (random.int(12) === 0) clock.sleepMachine(HOUR);
      await tick();
      await use(scene, clock, key, name);
      versions = await check(key, name);
    }
  }
  const { rows } = await home.database.transaction(PLATFORM, (tx) =>
    sql`SELECT FROM audit_event WHERE action = 'schedule.held' AND target_id = ${key}`.execute(tx),
  );
  return { versions, held: rows.length };
}

test("an integration that reads its store is refused at no moment, whatever the store does", async (context) => {
  const random = seededRandom(context);
  const { versions, held } = await walk(random, "walked");
  await context.annotate(`${versions} versions, held ${held} times`);
  expect(versions).toBeGreaterThan(3);
}, 60_000);

test("what is not taken in time ends, and the version before goes on; told once, and tried again", async () => {
  const clock = fakeClock(Date.UTC(2028, 0, 1));
  const scene = await openScene(clock);
  const input = { account: "ext:one", environment: "live", label: "held", scopes: ["contacts:read"], expiresAt: null };
  const key = (await createKey(scene.ports, ACTING, AUTHORITY, input)).value?.key.id ?? "";
  const deliverTo = { store: "vault", path: "held" };
  await putSchedule(scene.ports.act, ACTING, AUTHORITY, key, { everyDays: 10, overlapHours: 24, deliverTo });
  vault.react(() => 503);
  clock.advance(10 * DAY);
  for (let hours = 0; hours < 8 * 24; hours += 6) {
    await scene.tick();
    await use(scene, clock, key, "held");
    clock.advance(6 * HOUR);
  }
  const told = await home.database.transaction(PLATFORM, (tx) =>
    sql`SELECT FROM outbox_event WHERE type = 'schedule.held' AND payload->>'key' = ${key}`.execute(tx),
  );
  expect(told.rows).toHaveLength(1);
  expect(await isHeld(key)).toBe(true);
  vault.react(() => "answer");
  clock.advance(DAY);
  for (let turn = 0; turn < 12; turn += 1) {
    await scene.tick();
    clock.advance(6 * HOUR);
  }
  expect(Number(vault.read("held")?.version)).toBeGreaterThan(1);
  await use(scene, clock, key, "held");
  expect(await isHeld(key)).toBe(false);
}, 60_000);

async function isHeld(key: string): Promise<boolean> {
  const schedule = await home.database.transaction(PLATFORM, (tx) => findSchedule(tx, key));
  return schedule?.heldSince != null;
}

test("a key that somebody holds for long keeps no other from being rotated", async () => {
  const clock = fakeClock(Date.UTC(2030, 0, 1));
  const scene = await openScene(clock);
  const made: string[] = [];
  for (const label of ["stuck", "free"]) {
    const input = { account: "ext:one", environment: "live", label, scopes: ["contacts:read"], expiresAt: null };
    const key = (await createKey(scene.ports, ACTING, AUTHORITY, input)).value?.key.id ?? "";
    const deliverTo = { store: "vault", path: label };
    await putSchedule(scene.ports.act, ACTING, AUTHORITY, key, { everyDays: 10, overlapHours: 24, deliverTo });
    made.push(key);
    clock.advance(1);
  }
  clock.advance(10 * DAY);
  const versionOf = (key: string | undefined) =>
    home.database.transaction(PLATFORM, async (tx) => (await findKey(tx, key ?? ""))?.version);
  const [holder, canceller] = [new pg.Client(home.node), new pg.Client(home.node)];
  for (const client of [holder, canceller]) {
    await client.connect();
    onTestFinished(() => client.end());
  }
  await holder.query("BEGIN");
  const settings = "set_config('claviger.reach', 'platform', true), set_config('search_path', 'claviger', true)";
  await holder.query(`SELECT set_config('role', $1, true), ${settings}`, [home.roles.platform]);
  const held = await holder.query("SELECT FROM api_key WHERE id = $1 FOR NO KEY UPDATE", [made[0]]);
  expect(held.rowCount).toBe(1);
  const round = scene.schedules.run();
  // As the limit on statements does it in the end.
  const cut = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database() AND pid <> pg_backend_pid()`;
  await waitFor(async () => ((await canceller.query(cut)).rowCount ?? 0) > 0, {
    what: "somebody who waits for the key",
  });
  await round;
  expect(await Promise.all(made.map(versionOf))).toEqual([1, 2]);
  await holder.query("ROLLBACK");
  await scene.schedules.run();
  expect(await Promise.all(made.map(versionOf))).toEqual([2, 2]);
});
