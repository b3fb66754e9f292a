import { type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountReach, PLATFORM } from "../../db/index.ts";
import { CHANGE_CHANNEL, changesAfter, createOwnChanges, currentSeq, hasGap, logChange, trimChanges } from "./index.ts";

let db: TestDatabase;
const at = new Date("2026-01-01T00:00:00Z");
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const log = (...subjects: string[]): Promise<number> =>
  db.database.transaction(PLATFORM, (tx) => logChange(tx, { kind: "narrow", subjects }, at));
const head = (): Promise<number> => db.database.transaction(PLATFORM, currentSeq);

describe("logChange", () => {
  test("numbers follow one another and each entry holds its kind and subjects once", async () => {
    const before = await head();
    const first = await log("key:a", "account:b", "key:a");
    const second = await db.database.transaction(accountReach("acct_x"), (tx) =>
      logChange(tx, { kind: "widen", subjects: ["plan:p"] }, at),
    );
    expect([first, second]).toEqual([before + 1, before + 2]);
    const read = await db.database.transaction(PLATFORM, (tx) => changesAfter(tx, before, 10));
    expect(read).toEqual({
      head: second,
      changes: [
        { seq: first, kind: "narrow", subjects: ["key:a", "account:b"] },
        { seq: second, kind: "widen", subjects: ["plan:p"] },
      ],
    });
  });

  test("a transaction rolled back takes no number, so that numbers have no holes", async () => {
    const before = await head();
    const failing = db.database.transaction(PLATFORM, async (tx) => {
      await logChange(tx, { kind: "narrow", subjects: ["key:a"] }, at);
      throw new TypeError("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect(await log("key:b")).toBe(before + 1);
  });

  test("numbers are in the order of commits: a reader never sees one before all smaller ones", async () => {
    const before = await head();
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 15; round += 1) await log(`key:${writer}-${round}`);
    });
    let after = before;
    let writing = true;
    const reader = (async () => {
      while (writing || after < before + 120) {
        const read = await db.database.transaction(PLATFORM, (tx) => changesAfter(tx, after, 7));
        expect(hasGap(after, read.head, read.changes, 7)).toBe(false);
        after = read.changes.at(-1)?.seq ?? after;
      }
    })();
    await Promise.all(writers);
    writing = false;
    await reader;
    expect(after).toBe(before + 120);
  });

  test("it satisfies the trigger that demands a change, and wakes listeners at commit", async () => {
    const listener = new pg.Client(db.node);
    await listener.connect();
    await listener.query(`LISTEN ${CHANGE_CHANNEL}`);
    const heard = new Promise<string | undefined>((resolve) => {
      listener.once("notification", ({ payload }) => resolve(payload));
    });
    const seq = await db.database.transaction(PLATFORM, async (tx) => {
      const number = await logChange(tx, { kind: "narrow", subjects: ["key:a"] }, at);
      const { rows } = await sql<{ seq: string }>`SELECT current_setting('claviger.change_seq') AS seq`.execute(tx);
      expect(rows[0]?.seq).toBe(String(number));
      return number;
    });
    expect(await heard).toBe(String(seq));
    await listener.end();
  });

  test("a change without subjects is a mistake of the programmer", async () => {
    await expect(log()).rejects.toThrow(TypeError);
  });
});

describe("hasGap", () => {
  const change = (seq: number) => ({ seq, kind: "narrow", subjects: ["key:a"] });
  test.each([
    { after: 4, head: 6, seqs: [5, 6], limit: 10, gap: false },
    { after: 6, head: 6, seqs: [], limit: 10, gap: false },
    { after: 4, head: 9, seqs: [5, 6], limit: 2, gap: false },
    { after: 4, head: 6, seqs: [6], limit: 10, gap: true },
    { after: 4, head: 6, seqs: [5], limit: 10, gap: true },
    { after: 4, head: 7, seqs: [5, 7], limit: 10, gap: true },
    { after: 4, head: 6, seqs: [], limit: 10, gap: true },
    { after: 4, head: 9, seqs: [6, 7], limit: 2, gap: true },
  ])(
    "after $after with head $head and $seqs at a limit of $limit: $gap",
    ({ after, head: newest, seqs, limit, gap }) => {
      expect(hasGap(after, newest, seqs.map(change), limit)).toBe(gap);
    },
  );
});

describe("createOwnChanges", () => {
  test("subjects logged here are known once by their number", async () => {
    const own = createOwnChanges();
    const seq = await db.database.transaction(PLATFORM, (tx) =>
      own.logChange(tx, { kind: "narrow", subjects: ["key:mine"] }, at),
    );
    expect(own.take(seq)).toEqual(["key:mine"]);
    expect(own.take(seq)).toBeNull();
  });
});

describe("trimChanges", () => {
  test("only what is both older than an hour and beyond the newest 100 000 goes", async () => {
    const old = new Date("2026-06-01T00:00:00Z");
    const now = new Date("2026-06-01T02:00:00Z");
    const before = await head();
    await log("key:a");
    const owner = new pg.Client(db.owner);
    await owner.connect();
    await owner.query(
      `INSERT INTO claviger.change_log SELECT n, 'narrow', '{key:x}', $1 FROM generate_series($2::bigint, $3::bigint) n`,
      [old, before + 2, before + 100_011],
    );
    await owner.query("UPDATE claviger.change_head SET seq = $1", [before + 100_011]);
    expect(await trimChanges(db.database, new Date(old.getTime() + 3_600_000))).toBe(before + 1);
    expect(await trimChanges(db.database, now)).toBe(10);
    const { rows } = await owner.query(
      "SELECT min(seq)::int AS oldest, count(*)::int AS count FROM claviger.change_log",
    );
    expect(rows[0]).toEqual({ oldest: before + 12, count: 100_000 });
    await owner.end();
  });
});
