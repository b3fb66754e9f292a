import { type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PLATFORM } from "../db/index.ts";
import { createAuditWriter } from "../modules/audit/index.ts";
import { lockedSeq, logChange } from "../modules/changes/index.ts";
import { type Act, type Acting, createAct, type Unit } from "./act.ts";
import { systemClock } from "./clock.ts";
import { createIds } from "./ids.ts";
import { systemRandom } from "./random.ts";

const AUDIT_KEY = new Uint8Array(32).fill(7);
const EFFECTIVE = { everywhere: true, waitedMs: 0, nodes: 1, verifiers: 0, lapsed: [] };

let home: TestDatabase;
const barriers: number[] = [];
let act: Act;

beforeAll(async () => {
  home = await testDatabase();
  act = createAct({
    database: home.database,
    clock: systemClock,
    ids: createIds(systemClock, systemRandom),
    appendAudit: createAuditWriter({ current: () => ({ version: 1, key: AUDIT_KEY }) }),
    logChange,
    lockedSeq,
    committed: () => undefined,
    barrier: async (seq) => {
      barriers.push(seq);
      return { ...EFFECTIVE, seq };
    },
  });
});
afterAll(() => home.drop());

function acting<T>(more: Partial<Acting<T>> = {}): Acting<T> {
  const source = { via: "system", ip: null, userAgent: null, requestId: null } as const;
  return { actor: { type: "system", id: "test" }, source, ...more };
}

const entry = (id: string) => ({ action: "plan.created", account: null, target: { type: "plan", id } });

async function insertPlan(unit: Unit, name: string): Promise<string> {
  await unit.tx
    .insertInto("plan")
    .values({ name, limits: "[]", max_active_keys: null, scopes: null, created_at: unit.now, updated_at: unit.now })
    .execute();
  return name;
}

async function counts(name: string) {
  return home.database.transaction(PLATFORM, async (tx) => {
    const result = await sql<{ plans: number; events: number; changes: number }>`SELECT
      (SELECT count(*) FROM plan WHERE name = ${name}) AS plans,
      (SELECT count(*) FROM audit_event WHERE target_id = ${name}) AS events,
      (SELECT count(*) FROM change_log WHERE ${`plan:${name}`} = ANY(subjects)) AS changes`.execute(tx);
    return result.rows[0];
  });
}

describe("the one door for acts (H1)", () => {
  test("rows, audit event and change commit together", async () => {
    const done = await act(acting<string>(), PLATFORM, async (unit) => {
      unit.audits(entry("whole"));
      unit.widens("plan:whole");
      return insertPlan(unit, "whole");
    });
    expect(done).toMatchObject({ replayed: false, value: "whole", effective: null });
    expect(await counts("whole")).toEqual({ plans: 1, events: 1, changes: 1 });
  });

  test("an act that fails after its rows leaves nothing", async () => {
    const failing = act(acting<string>(), PLATFORM, async (unit) => {
      unit.audits(entry("failed"));
      unit.widens("plan:failed");
      await insertPlan(unit, "failed");
      throw new RangeError("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    expect(await counts("failed")).toEqual({ plans: 0, events: 0, changes: 0 });
  });

  test("an act that forgets its audit event does not commit", async () => {
    const forgetful = act(acting<string>(), PLATFORM, async (unit) => {
      unit.widens("plan:unaudited");
      return insertPlan(unit, "unaudited");
    });
    await expect(forgetful).rejects.toThrow(TypeError);
    expect(await counts("unaudited")).toEqual({ plans: 0, events: 0, changes: 0 });
  });

  test("an act that forgets its change does not commit: the database itself refuses", async () => {
    const forgetful = act(acting<string>(), PLATFORM, async (unit) => {
      unit.audits(entry("unlogged"));
      return insertPlan(unit, "unlogged");
    });
    await expect(forgetful).rejects.toMatchObject({ code: "CV001" });
    expect(await counts("unlogged")).toEqual({ plans: 0, events: 0, changes: 0 });
  });

  test("what takes something away passes the barrier, what only widens does not", async () => {
    barriers.length = 0;
    await act(acting<void>(), PLATFORM, async (unit) => {
      unit.audits(entry("wide"));
      unit.widens("plan:wide");
    });
    expect(barriers).toEqual([]);
    const narrowed = await act(acting<void>(), PLATFORM, async (unit) => {
      unit.audits(entry("narrow"));
      unit.narrows("plan:narrow");
    });
    expect(narrowed.effective?.seq).toBe(barriers[0]);
  });

  test("finding a thing done already still waits for what did it", async () => {
    barriers.length = 0;
    const found = await act(acting<string>(), PLATFORM, async (unit) => {
      unit.foundDone();
      return "as it was";
    });
    expect(barriers).toHaveLength(1);
    expect(found.effective?.everywhere).toBe(true);
  });
});

describe("idempotency keys (J1)", () => {
  const idempotency = (key: string, body = "same") => ({ principal: "key_1", key, fingerprint: Buffer.from(body) });
  const create = (key: string, name: string, body?: string) =>
    act(
      acting<string>({ idempotency: idempotency(key, body), render: async (value) => ({ plan: value }) }),
      PLATFORM,
      async (unit) => {
        unit.audits(entry(name));
        unit.narrows(`plan:${name}`);
        return insertPlan(unit, name);
      },
    );

  test("twenty parallel calls with one key act once and all get the same answer", async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => create("parallel", "once")));
    expect(outcomes.filter((outcome) => !outcome.replayed)).toHaveLength(1);
    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome.body)))).toEqual(new Set(['{"plan":"once"}']));
    expect(await counts("once")).toEqual({ plans: 1, events: 1, changes: 1 });
  });

  test("a replay passes the barrier again; what was effective is never read from storage", async () => {
    await create("again", "again");
    barriers.length = 0;
    const replay = await create("again", "again");
    expect(replay).toMatchObject({ replayed: true, value: null });
    expect(barriers).toEqual([replay.effective?.seq]);
  });

  test("a key that comes with another request is refused", async () => {
    await create("reused", "reused");
    await expect(create("reused", "reused", "another body")).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  });

  test("a call that failed is not remembered", async () => {
    await create("first", "taken");
    await expect(create("second", "taken")).rejects.toMatchObject({ code: "23505" });
    expect(await create("second", "free")).toMatchObject({ replayed: false, value: "free" });
  });
});
