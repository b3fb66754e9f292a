import { type TestDatabase, testDatabase } from "@claviger/testkit";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import type { AuditRecord } from "../../kernel/act.ts";
import { chainHash, FIRST_HASH } from "./chain.ts";
import { type Anchor, type ChainReport, createAuditWriter, eraseEvents, verifyChain } from "./index.ts";

const EVENTS = 9;
const KEYS: Readonly<Record<number, Uint8Array>> = { 1: new Uint8Array(32).fill(1), 2: new Uint8Array(32).fill(2) };
let version = 1;
const keys = {
  current: () => ({ version, key: KEYS[version] ?? FIRST_HASH }),
  byVersion: (wanted: number) => KEYS[wanted] ?? null,
};
const append = createAuditWriter(keys);

let db: TestDatabase;
let attacker: pg.Client;
let anchor: Anchor;

/** Nine events, the key rotated in the middle; the attacker owns the tables, so no trigger stops them. */
beforeEach(async () => {
  db = await testDatabase();
  version = 1;
  await db.database.transaction(PLATFORM, (tx) => append(tx, [1, 2, 3, 4].map(event)));
  version = 2;
  for (const n of [5, 6, 7, 8, 9]) await db.database.transaction(PLATFORM, (tx) => append(tx, [event(n)]));
  attacker = new pg.Client(db.owner);
  await attacker.connect();
  await attacker.query("SET search_path = claviger");
  await attacker.query("ALTER TABLE audit_event DISABLE TRIGGER USER");
  await attacker.query("ALTER TABLE audit_event NO FORCE ROW LEVEL SECURITY");
  const { rows } = await attacker.query<{ hash: Buffer }>("SELECT hash FROM audit_event WHERE seq = $1", [EVENTS]);
  anchor = { seq: EVENTS, hash: rows[0]?.hash ?? FIRST_HASH };
});
afterEach(async () => {
  await attacker.end();
  await db.drop();
});

function event(n: number): AuditRecord {
  return {
    id: `evt_${n}`,
    at: new Date(Date.UTC(2026, 0, n)),
    action: "key.created",
    account: "acct_a",
    actor: { type: "member", id: "mem_1" },
    target: { type: "key", id: `key_${n}` },
    after: { label: `label ${n}` },
    source: { via: "api", ip: null, userAgent: null, requestId: null },
  };
}

const verify = (options: Parameters<typeof verifyChain>[2] = {}): Promise<ChainReport> =>
  verifyChain(db.database, keys, { pageSize: 2, ...options });
const broken = (brokenAt: number, reason: string) => expect.objectContaining({ ok: false, brokenAt, reason });
const run = async (...statements: string[]): Promise<void> => {
  for (const text of statements) await attacker.query(text);
};
const shift = (from: number, by: number): Promise<void> =>
  run(
    `UPDATE audit_event SET seq = seq + 1000 WHERE seq >= ${from}`,
    `UPDATE audit_event SET seq = seq - 1000 + ${by} WHERE seq >= 1000`,
  );
const repairHead = (): Promise<void> =>
  run("UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1)");

describe("an unbroken chain (H1)", () => {
  test("verifies across a rotation of its key, in pages of any size, and says where it ends", async () => {
    const reports = await Promise.all([1, 2, 4, 9, 10, 5_000].map((pageSize) => verify({ pageSize, anchor })));
    const hash = Buffer.from(anchor.hash).toString("hex");
    for (const report of reports) expect(report).toEqual({ ok: true, events: EVENTS, headSeq: EVENTS, headHash: hash });
  });

  test("that is empty verifies", async () => {
    await run("DELETE FROM audit_event", "UPDATE audit_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')");
    expect(await verify()).toMatchObject({ ok: true, events: 0 });
  });

  test("tells how far it is", async () => {
    const seen: [number, number][] = [];
    await verify({ pageSize: 4, onProgress: (checked, total) => void seen.push([checked, total]) });
    expect(seen).toEqual([
      [4, EVENTS],
      [8, EVENTS],
      [9, EVENTS],
    ]);
  });

  test("is verified while it grows", async () => {
    const growing = (async () => {
      for (let n = 10; n < 60; n += 1) await db.database.transaction(PLATFORM, (tx) => append(tx, [event(n)]));
    })();
    for (let round = 0; round < 5; round += 1) expect(await verify({ anchor })).toMatchObject({ ok: true });
    await growing;
    expect(await verify({ anchor })).toMatchObject({ ok: true, events: 59 });
  });
});

describe("whoever can write to the database but has no key is found out (H1)", () => {
  test.each([1, 5, 9])("an edited payload of event %i", async (seq) => {
    await run(`UPDATE audit_event SET payload = replace(payload, 'label', 'libel') WHERE seq = ${seq}`);
    expect(await verify()).toEqual(broken(seq, "edited"));
  });

  test.each([1, 5, 9])("an edited hash of event %i", async (seq) => {
    await run(`UPDATE audit_event SET hash = decode(repeat('ab', 32), 'hex') WHERE seq = ${seq}`);
    expect(await verify()).toEqual(broken(seq, "edited"));
  });

  test.each([
    ["id", "'evt_forged'"],
    ["at", "at + interval '1 microsecond'"],
    ["action", "'key.updated'"],
    ["account_id", "'acct_b'"],
    ["account_id", "NULL"],
    ["actor_id", "'mem_2'"],
    ["target_type", "'account'"],
    ["target_id", "'key_0'"],
  ])("an edited column %s, set to %s", async (column, value) => {
    await run(`UPDATE audit_event SET ${column} = ${value} WHERE seq = 5`);
    expect(await verify()).toEqual(broken(5, "column-mismatch"));
  });

  test("a key version that does not exist, and one that does but was not used", async () => {
    await run("UPDATE audit_event SET key_version = 3 WHERE seq = 5");
    expect(await verify()).toEqual(broken(5, "unknown-key-version"));
    await run("UPDATE audit_event SET key_version = 1 WHERE seq = 5");
    expect(await verify()).toEqual(broken(5, "edited"));
  });

  test.each([1, 5, 8])("a deleted event %i", async (seq) => {
    await run(`DELETE FROM audit_event WHERE seq = ${seq}`);
    expect(await verify()).toEqual(broken(seq, "deleted"));
  });

  test.each([
    [1, 1],
    [4, 3],
    [8, 1],
  ])(
    "events deleted from %i on (%i of them), with the later ones renumbered and the head repaired",
    async (from, count) => {
      await run(`DELETE FROM audit_event WHERE seq >= ${from} AND seq < ${from + count}`);
      await shift(from + count, -count);
      await repairHead();
      const report = await verify();
      // The last event alone has no successor that would show what is missing before it.
      expect(report).toEqual(broken(from, from + count === EVENTS ? "edited" : "deleted"));
    },
  );

  test("a tail cut off without the head", async () => {
    await run("DELETE FROM audit_event WHERE seq >= 8");
    expect(await verify()).toEqual(broken(8, "tail-cut"));
  });

  test("a tail cut off together with the head, by the anchor outside the database", async () => {
    await run("DELETE FROM audit_event WHERE seq >= 8");
    await repairHead();
    expect(await verify()).toMatchObject({ ok: true });
    expect(await verify({ anchor })).toEqual(broken(8, "tail-cut"));
  });

  test("a tail cut off and grown again, by the anchor", async () => {
    await run("DELETE FROM audit_event WHERE seq >= 8");
    await repairHead();
    for (const n of [10, 11, 12]) await db.database.transaction(PLATFORM, (tx) => append(tx, [event(n)]));
    expect(await verify({ anchor })).toEqual(broken(9, "head-mismatch"));
  });

  test("an event put in, with the later ones renumbered", async () => {
    await shift(5, 1);
    await run(`INSERT INTO audit_event SELECT 5, 'evt_forged', at, action, account_id, actor_id, target_type, target_id, payload,
      key_version, hash FROM audit_event WHERE seq = 4`);
    await repairHead();
    expect(await verify()).toEqual(broken(5, "inserted"));
  });

  test.each([0, -3])("an event put in at number %i", async (seq) => {
    await run(`INSERT INTO audit_event SELECT ${seq}, 'evt_forged', at, action, account_id, actor_id, target_type, target_id, payload,
      key_version, hash FROM audit_event WHERE seq = 4`);
    expect(await verify()).toEqual(broken(seq, "inserted"));
  });

  test("an event put in behind the head", async () => {
    await run(`INSERT INTO audit_event SELECT 10, 'evt_forged', at, action, account_id, actor_id, target_type, target_id, payload,
      key_version, hash FROM audit_event WHERE seq = 9`);
    expect(await verify()).toEqual(broken(10, "inserted"));
  });

  test.each([
    [4, 5],
    [2, 7],
    [1, 9],
  ])("events %i and %i that changed places", async (one, other) => {
    await run(
      `UPDATE audit_event SET seq = 1000 WHERE seq = ${one}`,
      `UPDATE audit_event SET seq = ${one} WHERE seq = ${other}`,
      `UPDATE audit_event SET seq = ${other} WHERE seq = 1000`,
    );
    expect(await verify()).toEqual(broken(one, "reordered"));
  });

  test("a head moved back or given another hash", async () => {
    await run("UPDATE audit_head SET hash = decode(repeat('ab', 32), 'hex')");
    expect(await verify()).toEqual(broken(9, "head-mismatch"));
    await run("UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_event WHERE seq = 6)");
    expect(await verify()).toEqual(broken(7, "head-mismatch"));
  });

  test("a chain rewritten from the start under a key of their own", async () => {
    const { rows } = await attacker.query<{ seq: number; payload: string }>(
      "SELECT seq::int, payload FROM audit_event ORDER BY seq",
    );
    let hash = FIRST_HASH;
    for (const { seq, payload } of rows) {
      const forged = payload.replace("label", "libel");
      hash = chainHash(new Uint8Array(32).fill(9), hash, seq, forged);
      await attacker.query("UPDATE audit_event SET payload = $2, hash = $3 WHERE seq = $1", [seq, forged, hash]);
    }
    await repairHead();
    expect(await verify()).toEqual(broken(1, "edited"));
  });

  test("a chain replaced by none at all, by the anchor", async () => {
    await run("DELETE FROM audit_event", "UPDATE audit_head SET seq = 0, hash = decode(repeat('00', 32), 'hex')");
    expect(await verify({ anchor })).toEqual(broken(1, "tail-cut"));
  });
});

describe("a chain whose events were erased", () => {
  beforeEach(() =>
    run(
      "ALTER TABLE account DISABLE TRIGGER USER",
      "ALTER TABLE account NO FORCE ROW LEVEL SECURITY",
      `INSERT INTO account (id, name, status, closed_at, erase_at, created_at, updated_at)
       VALUES ('acct_a', 'A', 'suspended', now(), now(), now(), now())`,
    ),
  );

  const erase = (most = 100): Promise<number> =>
    db.database.transaction(PLATFORM, (tx) => eraseEvents(tx, keys, "acct_a", most));

  test("is whole, goes on, and says who did what to what, and nothing else", async () => {
    expect([await erase(4), await erase(4), await erase(4), await erase(4)]).toEqual([4, 4, 1, 0]);
    await db.database.transaction(PLATFORM, (tx) => append(tx, [event(10)]));
    expect(await verify({ anchor })).toMatchObject({ ok: true, events: 10 });
    const { rows } = await attacker.query<{ payload: string }>("SELECT payload FROM audit_event ORDER BY seq LIMIT 9");
    expect(rows.map(({ payload }) => payload).join()).not.toContain("label");
    expect(JSON.parse(rows[0]?.payload ?? "")).toEqual({
      ...{ id: "evt_1", at: "2026-01-01T00:00:00.000Z", action: "key.created", account: "acct_a", erased: true },
      ...{ actor: { type: "member", id: "mem_1" }, target: { type: "key", id: "key_1" } },
      source: { via: "api", ip: null, userAgent: null, requestId: null },
    });
  });

  test.each([
    [
      "what is left of an event is changed",
      "UPDATE audit_event SET payload = replace(payload, 'mem_1', 'mem_2') WHERE seq = 3",
      3,
    ],
    [
      "an event is erased by who has no key",
      "UPDATE audit_event SET payload = '{}', erased = sha256('x') WHERE seq = 3",
      3,
    ],
    ["its hash is another", "UPDATE audit_event SET hash = sha256('x') WHERE seq = 3", 3],
    [
      "a tag is taken from another event",
      "UPDATE audit_event e SET erased = o.erased FROM audit_event o WHERE e.seq = 3 AND o.seq = 4",
      3,
    ],
    ["an event says again that it was not erased", "UPDATE audit_event SET erased = NULL WHERE seq = 3", 3],
  ])("is broken where %s", async (_, change, at) => {
    await erase();
    expect((await verify()).ok).toBe(true);
    await run(change);
    expect(await verify()).toMatchObject({ ok: false, brokenAt: at });
  });

  test("misses an event that is taken out of it", async () => {
    await erase();
    await run("DELETE FROM audit_event WHERE seq = 4");
    expect(await verify()).toEqual(broken(4, "deleted"));
  });

  test("is not erased before the time of its account has come, nor where that is open", async () => {
    await run("UPDATE account SET erase_at = now() + interval '1 day'");
    await expect(erase()).rejects.toMatchObject({ code: "CV003" });
    await run("UPDATE account SET closed_at = NULL, erase_at = NULL, status = 'active'");
    await expect(erase()).rejects.toMatchObject({ code: "CV003" });
    expect((await verify()).ok).toBe(true);
  });

  test("is erased by nobody in any other way: not by the service, and not twice", async () => {
    await run("ALTER TABLE audit_event ENABLE TRIGGER USER");
    await erase();
    const once = attacker.query("UPDATE audit_event SET payload = '{}'");
    await expect(once).rejects.toMatchObject({ code: "CV002" });
    await attacker.query("SELECT set_config('claviger.reach', 'platform', false)");
    const twice = attacker.query("SELECT erase_audit_events(ARRAY[1::bigint], ARRAY['{}'], ARRAY[sha256('x')])");
    await expect(twice).rejects.toMatchObject({ code: "CV002" });
    await attacker.query("SELECT set_config('claviger.reach', 'account', false)");
    const others = attacker.query("SELECT erase_audit_events(ARRAY[1::bigint], ARRAY['{}'], ARRAY[sha256('x')])");
    await expect(others).rejects.toMatchObject({ code: "CV003" });
  });
});
