/** An act on many keys comes to each of them once, in chunks, whatever happens on the way and whoever goes on with it. */
import { type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openKeyring, PLATFORM } from "../../db/index.ts";
import { openUnserved, type UnservedPorts } from "../../demo/unserved.ts";
import type { Act } from "../../kernel/act.ts";
import { systemRandom } from "../../kernel/random.ts";
import { putAccount } from "../accounts/index.ts";
import { createKeys, ensureRootKey, type ManyKeysAct } from "../keys/index.ts";
import { previewSelection } from "./act-on-selection.ts";
import { MOST_KEYS_OF_ACT, RESULTS_KEPT_MS } from "./bulk-act.ts";
import { findBulkAct, selectResults } from "./bulk-acts.store.ts";
import { finishBulkAct } from "./finish-bulk-act.ts";
import { createBulkActKeeper } from "./keep-bulk-acts.ts";
import { startBulkAct } from "./start-bulk-act.ts";

const AUTHORITY = { keyId: "key_maker", scopes: new Set<string>(), expiresAt: null };
const SOURCE = { via: "system", ip: null, userAgent: null, requestId: null } as const;
const ACTING = { actor: { type: "system", id: "test" }, source: SOURCE } as const;
const ASKER = { actor: { type: "management-key", id: "key_asker" }, source: SOURCE } as const;
const REVOKE: ManyKeysAct = { kind: "revoke", reason: "leaked", comment: null };
const KEYS = 2_500;
const CHUNKS = 3;

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
  await putAccount(ports, ACTING, "ext:a", { name: "A" });
});
afterAll(() => home.drop());

let keys: readonly string[] = [];
beforeEach(async () => {
  keys = await makeKeys(KEYS);
});

async function makeKeys(count: number): Promise<readonly string[]> {
  const input = { account: "ext:a", environment: "live", label: "a key", tier: "read" as const };
  const inputs = Array.from({ length: count }, () => input);
  return (await createKeys(ports, ACTING, AUTHORITY, inputs)).value?.map(({ key }) => key.id) ?? [];
}

async function begin(ids: readonly string[] = keys): Promise<string> {
  const { value } = await ports.act(ASKER, PLATFORM, (unit) =>
    startBulkAct(ports, unit, ASKER, REVOKE, { ids: ids.length }, ids),
  );
  return value?.id ?? "";
}

/** Counts units of work. */
function counting(): { readonly act: Act; units: number } {
  const counted = {
    units: 0,
    act: ((acting, reach, work) => {
      counted.units += 1;
      return ports.act(acting, reach, work);
    }) as Act,
  };
  return counted;
}

const found = (id: string) => home.database.transaction(PLATFORM, (tx) => findBulkAct(tx, id));

/** How often each key was recorded as revoked, and by whom. */
async function told(): Promise<readonly { readonly events: number; readonly keys: number; readonly by: string }[]> {
  return home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ events: number; keys: number; by: string }>`
      SELECT events, by, count(*)::int AS keys FROM (
        SELECT count(*)::int AS events, min(actor_id) AS by FROM audit_event
        WHERE action = 'key.revoked' AND target_id = ANY(${[...keys]}::text[]) GROUP BY target_id) e
      GROUP BY events, by`.execute(tx);
    return rows;
  });
}
const ONCE = [{ events: 1, keys: KEYS, by: ASKER.actor.id }];

test("each chunk is one unit of work, and the barrier of the last one is that of all", async () => {
  const counted = counting();
  const { bulk, effective } = await finishBulkAct({ ...ports, act: counted.act }, ACTING, await begin(), 1);
  expect(bulk).toMatchObject({ acted: KEYS, outcomes: { done: KEYS }, finishedAt: new Date(time.now) });
  expect(effective).toMatchObject({ everywhere: true });
  expect(counted.units).toBe(CHUNKS);
  expect(await told()).toEqual(ONCE);
});

test("keys that were so before are come to in chunks as well, and what others did to them is waited for", async () => {
  await finishBulkAct(ports, ACTING, await begin(), 1);
  const counted = counting();
  const { bulk, effective } = await finishBulkAct({ ...ports, act: counted.act }, ACTING, await begin(), 1);
  expect(bulk).toMatchObject({ acted: KEYS, outcomes: { already: KEYS } });
  expect(effective).toMatchObject({ everywhere: true });
  expect(counted.units).toBe(CHUNKS + 1);
  expect(await told()).toEqual(ONCE);
});

test("a chunk commits whole or not at all, and whoever goes on takes no key twice and leaves none out", async () => {
  const id = await begin();
  let units = 0;
  const failing: Act = (acting, reach, work) =>
    ports.act(acting, reach, async (unit) => {
      const done = await work(unit);
      units += 1;
      if (units % 2 === 0) throw new TypeError("the node is gone");
      return done;
    });
  let failures = 0;
  while ((await found(id))?.finishedAt === null) {
    await createBulkActKeeper({ ...ports, act: failing })().catch(() => {
      failures += 1;
    });
  }
  expect(failures).toBeGreaterThan(0);
  expect(await told()).toEqual(ONCE);
});

test("several that go on with it at once share the work and double nothing", async () => {
  const id = await begin();
  const keeper = createBulkActKeeper(ports);
  const [one, other] = await Promise.all([
    finishBulkAct(ports, ACTING, id, 1),
    finishBulkAct(ports, ACTING, id, 1),
    keeper(),
  ]);
  for (const { bulk, effective } of [one, other])
    expect([bulk.acted, effective]).toEqual([KEYS, expect.objectContaining({ everywhere: true })]);
  expect(await told()).toEqual(ONCE);
});

test("a node whose job finds an act that somebody is at leaves it alone, and waits for nothing", async () => {
  const id = await begin();
  const counted = counting();
  await home.database.transaction(PLATFORM, async (tx) => {
    await findBulkAct(tx, id, "hold");
    await createBulkActKeeper({ ...ports, act: counted.act })();
  });
  expect(counted.units).toBe(0);
  expect(await found(id)).toMatchObject({ acted: 0 });
  await createBulkActKeeper(ports)();
  expect(await told()).toEqual(ONCE);
});

test("what became of each key is kept for 90 days after the end, and then only how many there were", async () => {
  const id = await begin();
  await finishBulkAct(ports, ACTING, id, 1);
  const kept = () => home.database.transaction(PLATFORM, (tx) => selectResults(tx, id, "done", 0, KEYS));
  time.now += RESULTS_KEPT_MS;
  await createBulkActKeeper(ports)();
  expect(await kept()).toHaveLength(KEYS);
  time.now += 1;
  // Those of the acts before this one go as well, some at a time.
  while ((await kept()).length > 0) await createBulkActKeeper(ports)();
  expect(await found(id)).toMatchObject({ keys: KEYS, outcomes: { done: KEYS } });
});

test("a selection of more keys than one act may have is refused", async () => {
  const select = async (_: unknown, __: unknown, ___: unknown, ____: unknown, most: number) =>
    Array.from({ length: most + 1 }, (_each, index) => `key_${index}`);
  const describe = async () => ({ accounts: 0, used24h: 0, byStatus: {}, sample: [] });
  const asked = previewSelection({ ...ports, select, describe }, AUTHORITY, { account: "ext:a" });
  await expect(asked).rejects.toMatchObject({
    code: "VALIDATION_FAILED",
    errors: [{ message: `selects more than ${MOST_KEYS_OF_ACT.toLocaleString("en-US")} keys; narrow it` }],
  });
});
