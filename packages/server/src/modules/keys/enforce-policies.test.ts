/** A stricter policy comes to every key there is, once, whatever happens on the way (D1). */
import { type TestDatabase, testDatabase, waitFor } from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openKeyring, PLATFORM } from "../../db/index.ts";
import { openUnserved, type UnservedPorts } from "../../demo/unserved.ts";
import type { Act } from "../../kernel/act.ts";
import { systemRandom } from "../../kernel/random.ts";
import { putAccount } from "../accounts/index.ts";
import { putScope } from "../catalogue/index.ts";
import { putAccountPolicy, putPolicy } from "../policies/index.ts";
import { createKeys } from "./create-keys.ts";
import { enforcePolicies } from "./enforce-policies.ts";
import { ensureRootKey } from "./import-management-key.ts";
import { policyPreviews } from "./preview-policy.ts";

const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
const ACTING = {
  actor: { type: "system", id: "test" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;
const DAY_MS = 86_400_000;
const COUNT = 1_200;

let home: TestDatabase;
let ports: UnservedPorts;
const time = { now: Date.parse("2027-03-01T00:00:00Z") };
const clock = { wall: () => time.now, mono: () => time.now };

beforeAll(async () => {
  home = await testDatabase();
  const keyring = await openKeyring(home.database, new Uint8Array(32).fill(5), clock, systemRandom);
  ports = openUnserved({
    ...{ database: home.database, keyring, keyPrefix: "clv", clock },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  await ensureRootKey(ports, ACTING, null);
  await putScope(ports.act, ACTING, "a:read", {
    ...{ description: "x", tier: "read", sensitive: false, routes: [] },
  });
});
afterAll(() => home.drop());

let account = "";
beforeEach(async () => {
  account = `ext:a${systemRandom.uuid()}`;
  await tighten({ maxLifetimeDays: null });
  await enforceAll();
  await putAccount(ports, ACTING, account, { name: "A" });
});

/** Puts the default policy, however many keys end by it. */
async function tighten(body: object, graceDays = 10): Promise<void> {
  const change = { kind: "policy", name: "default", body } as const;
  const graceUntil = new Date(time.now + graceDays * DAY_MS);
  const confirm = await ports.countEnding(change, graceUntil);
  await putPolicy(ports, ACTING, AUTHORITY, "default", { description: null, body }, { graceDays, confirm });
}

/** Keys of which two of three live too long once the policy allows 100 days. */
async function makeKeys(count: number): Promise<void> {
  const inputs = Array.from({ length: count }, (_, index) => ({
    ...{ account, environment: "live", label: `key ${index}`, scopes: ["a:read"] },
    ...[{ expiresAt: null }, { expiresInDays: 200 }, { expiresInDays: 50 }][index % 3],
  }));
  await createKeys(ports, ACTING, AUTHORITY, inputs);
}

async function isOpen(): Promise<boolean> {
  return home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql`SELECT FROM policy_enforcement WHERE finished_at IS NULL`.execute(tx);
    return rows.length > 0;
  });
}

async function enforceAll(act: Act = ports.act): Promise<void> {
  while (await isOpen()) await enforcePolicies({ ...ports, act });
}

async function told() {
  return home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ days: number | null; keys: number; events: number }>`
      SELECT round(extract(epoch FROM k.expires_at - k.created_at) / 86400)::int AS days, count(*)::int AS keys,
        sum((SELECT count(*) FROM audit_event e WHERE e.target_id = k.id AND e.action = 'key.updated'))::int AS events
      FROM api_key k JOIN account a ON a.id = k.account_id WHERE a.external_id = ${account.slice(4)}
      GROUP BY 1 ORDER BY 1`.execute(tx);
    const newest = await sql<{ shortened: number }>`
      SELECT shortened FROM policy_enforcement ORDER BY id DESC LIMIT 1`.execute(tx);
    return { rows, shortened: newest.rows[0]?.shortened };
  });
}
const DONE = [
  { days: 50, keys: COUNT / 3, events: 0 },
  { days: 100, keys: (COUNT * 2) / 3, events: (COUNT * 2) / 3 },
];

test("keys that live too long end at their latest, each with its audit event; others are as they were", async () => {
  await makeKeys(COUNT);
  await tighten({ maxLifetimeDays: 100 });
  await enforceAll();
  expect(await told()).toEqual({ rows: DONE, shortened: (COUNT * 2) / 3 });
});

test("a page commits whole or not at all, and whoever goes on takes no key twice and leaves none out", async () => {
  await makeKeys(COUNT);
  await tighten({ maxLifetimeDays: 100 });
  let acts = 0;
  const failing: Act = (acting, reach, work) =>
    ports.act(acting, reach, async (unit) => {
      const done = await work(unit);
      acts += 1;
      if (acts % 2 === 0) throw new Error("the node is gone");
      return done;
    });
  let failures = 0;
  while (await isOpen()) {
    await enforcePolicies({ ...ports, act: failing }).catch(() => {
      failures += 1;
    });
  }
  expect(failures).toBeGreaterThan(0);
  expect(await told()).toEqual({ rows: DONE, shortened: (COUNT * 2) / 3 });
});

test("several nodes at once share the work and double nothing", async () => {
  await makeKeys(COUNT);
  await tighten({ maxLifetimeDays: 100 });
  await Promise.all([enforceAll(), enforceAll(), enforceAll()]);
  expect(await told()).toEqual({ rows: DONE, shortened: (COUNT * 2) / 3 });
});

test("a preview of many keys lets all else that waits in the process have its turn between few of them", async () => {
  await makeKeys(COUNT);
  let turns = 0;
  let counting = true;
  const count = (): void => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const change = { kind: "policy", name: "default", body: { maxLifetimeDays: 100 } } as const;
  const graceUntil = new Date(time.now + DAY_MS);
  const { counts } = await policyPreviews(home.database, clock).preview("tester", {
    change,
    graceUntil,
    after: null,
    most: 50,
  });
  counting = false;
  expect(counts).toMatchObject({ ending: (COUNT * 2) / 3 });
  // Of every hundred keys ten; a page of them is one answer of the database, which takes few turns.
  expect(turns).toBeGreaterThan(COUNT / 10);
});

test("of two changes that end keys only together none goes unseen: what was counted under other policies is refused", async () => {
  await makeKeys(30);
  const body = { maxLifetimeDays: 100 };
  const name = `p-${systemRandom.uuid()}`;
  await putPolicy(ports, ACTING, AUTHORITY, name, { description: null, body: {} }, { graceDays: 1 });
  const refer = () => putAccountPolicy(ports, ACTING, account, { policy: name }, { graceDays: 1 });
  // Nobody is under that policy while its keys are counted, and all are when it is put.
  const counted = ports.countEnding;
  const meanwhile = async (...asked: Parameters<typeof counted>) => {
    const ending = await counted(...asked);
    await refer();
    return ending;
  };
  const put = (countEnding: typeof counted) =>
    putPolicy({ ...ports, countEnding }, ACTING, AUTHORITY, name, { description: null, body }, { graceDays: 1 });
  await expect(put(meanwhile)).rejects.toMatchObject({ code: "CONFLICT" });
  // Those that live 200 days are 10, those that never end as well: 20 need no number, one more does.
  expect((await put(counted)).value?.enforcement).not.toBeNull();
  await enforceAll();
  expect((await told()).rows.map(({ days, keys }) => [days, keys])).toEqual([
    [50, 10],
    [100, 20],
  ]);
});

test("no key ends before the grace does", async () => {
  await makeKeys(3);
  await tighten({ maxLifetimeDays: 20 }, 40);
  await enforceAll();
  // All three lived longer than that.
  expect((await told()).rows).toEqual([{ days: 40, keys: 3, events: 3 }]);
});

test("where the work comes to a key after its grace, the key has a day left, and does not end at once", async () => {
  await makeKeys(3);
  await tighten({ maxLifetimeDays: 2 }, 3);
  time.now += 10 * DAY_MS;
  await enforceAll();
  expect((await told()).rows).toEqual([{ days: 11, keys: 3, events: 3 }]);
});

test("a later change of the same policy takes the place of one that is not finished", async () => {
  await makeKeys(30);
  await tighten({ maxLifetimeDays: 20 }, 1);
  await tighten({ maxLifetimeDays: 150 }, 1);
  await enforceAll();
  expect((await told()).rows.map(({ days }) => days)).toEqual([50, 150]);
});

test("a key that ends meanwhile, or is given another expiry, is left to that", async () => {
  await makeKeys(3);
  await tighten({ maxLifetimeDays: 100 });
  await home.database.transaction(PLATFORM, async (tx) => {
    await sql`SELECT set_config('claviger.change_seq', '1', true)`.execute(tx);
    await sql`UPDATE api_key SET expires_at = created_at + interval '30 days' WHERE expires_at IS NULL`.execute(tx);
  });
  await enforceAll();
  expect((await told()).rows.map(({ days }) => days)).toEqual([30, 50, 100]);
});

test("a key that is rotated while the work waits for it is not left out", async () => {
  await makeKeys(1);
  await tighten({ maxLifetimeDays: 100 });
  const rotator = new pg.Client(home.node);
  await rotator.connect();
  await rotator.query("BEGIN");
  await rotator.query(`SET LOCAL ROLE ${pg.escapeIdentifier(home.roles.platform)}`);
  await rotator.query(`SELECT set_config('search_path', 'claviger', true), set_config('claviger.reach', 'platform', true),
    set_config('claviger.change_seq', '1', true)`);
  const { rows } = await rotator.query(
    `UPDATE api_key SET version = 2 WHERE account_id = (SELECT id FROM account WHERE external_id = $1) RETURNING id`,
    [account.slice(4)],
  );
  await rotator.query(
    `INSERT INTO key_version SELECT key_id, 2, account_id, sha256(digest), pepper_version, preview, state, imported, created_at
     FROM key_version WHERE key_id = $1`,
    [rows[0]?.id],
  );
  const enforced = enforceAll();
  const looker = new pg.Client(home.owner);
  await looker.connect();
  await waitFor(async () => {
    const waiting = await looker.query("SELECT FROM pg_locks WHERE NOT granted");
    return waiting.rowCount !== 0;
  });
  await rotator.query("COMMIT");
  await enforced;
  await Promise.all([rotator.end(), looker.end()]);
  expect((await told()).rows).toEqual([{ days: 100, keys: 1, events: 1 }]);
});
