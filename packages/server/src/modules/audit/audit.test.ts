import { AsyncLocalStorage } from "node:async_hooks";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger, type TestDatabase, testDatabase, waitFor } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { accountReach, PLATFORM } from "../../db/index.ts";
import type { AuditRecord } from "../../kernel/act.ts";
import {
  ANCHOR_FILE,
  createAnchorKeeper,
  createAuditWriter,
  isAuditAction,
  listAuditEvents,
  readAnchor,
  verifyChain,
} from "./index.ts";

const KEY = new Uint8Array(32).fill(7);
const keys = {
  current: () => ({ version: 1, key: KEY }),
  byVersion: (version: number) => (version === 1 ? KEY : null),
};
const append = createAuditWriter(keys);

let db: TestDatabase;
let made = 0;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

function record(changes: Partial<AuditRecord> = {}): AuditRecord {
  made += 1;
  return {
    id: `evt_${made}`,
    at: new Date(Date.UTC(2026, 0, 1, 0, 0, made)),
    action: "key.created",
    account: "acct_a",
    actor: { type: "management-key", id: "key_root" },
    target: { type: "key", id: `key_${made}` },
    source: { via: "api", ip: "192.0.2.1", userAgent: "curl/8", requestId: "req_1" },
    ...changes,
  };
}

const write = (...records: AuditRecord[]): Promise<void> =>
  db.database.transaction(PLATFORM, (tx) => append(tx, records));

describe("appending", () => {
  test("an event comes back as it was written, absent fields absent, whatever characters it holds (H1)", async () => {
    const before = { label: "naïve \u0000 \ud800 😀 'quote\" \\ \n", scopes: ["a:b"], n: 1.5, none: null };
    const written = record({ action: "key.updated", before, after: { label: "plain" } });
    const bare = record({ account: null, source: { via: "system", ip: null, userAgent: null, requestId: null } });
    await write(written, bare);
    const [second, first] = await db.database.transaction(PLATFORM, (tx) => listAuditEvents(tx, { limit: 2 }));
    expect(first).toMatchObject({ ...written, at: written.at.toISOString(), before });
    expect(second).toEqual({ ...bare, at: bare.at.toISOString(), seq: (first?.seq ?? 0) + 1 });
    expect(Object.keys(second ?? {})).not.toContain("before");
    expect(await verifyChain(db.database, keys)).toMatchObject({ ok: true });
  });

  test("an action outside the closed list is refused before anything is written", async () => {
    expect(isAuditAction("key.guessed")).toBe(false);
    await expect(write(record({ action: "key.guessed" }))).rejects.toThrow(TypeError);
  });

  test("an act that is rolled back leaves no event and no hole", async () => {
    const before = await verifyChain(db.database, keys);
    const failing = db.database.transaction(PLATFORM, async (tx) => {
      await append(tx, [record()]);
      throw new TypeError("rolled back");
    });
    await expect(failing).rejects.toThrow("rolled back");
    expect(await verifyChain(db.database, keys)).toEqual(before);
  });

  test("many writers at once make one chain without holes", async () => {
    const before = await verifyChain(db.database, keys);
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 === 0
          ? write(record(), record())
          : db.database.transaction(accountReach("acct_a"), (tx) => append(tx, [record()])),
      ),
    );
    const after = await verifyChain(db.database, keys, { pageSize: 4 });
    expect(after).toMatchObject({ ok: true, events: (before.ok ? before.events : Number.NaN) + 18 });
  });

  test("the role of the service can neither change nor remove an event", async () => {
    for (const text of ["UPDATE audit_event SET payload = ''", "DELETE FROM audit_event", "TRUNCATE audit_event"]) {
      const attempt = db.database.transaction(PLATFORM, (tx) => sql.raw(text).execute(tx));
      await expect(attempt).rejects.toThrow(/permission denied|append-only/);
    }
  });
});

describe("listing", () => {
  test("newest first, filtered by each field, page by page, and in an account's reach its own events alone", async () => {
    const mine = record({
      account: "acct_list",
      actor: { type: "member", id: "mem_1" },
      target: { type: "key", id: "key_x" },
    });
    const later = record({ account: "acct_list", action: "key.revoked", target: { type: "key", id: "key_x" } });
    const other = record({ account: "acct_other", target: { type: "key", id: "key_x" } });
    await write(mine, other, later);
    const list = (filter: object) =>
      db.database.transaction(PLATFORM, async (tx) =>
        (await listAuditEvents(tx, { limit: 100, ...filter })).map(({ id }) => id),
      );
    expect(await list({ account: "acct_list" })).toEqual([later.id, mine.id]);
    expect(await list({ target: "key_x" })).toEqual([later.id, other.id, mine.id]);
    expect(await list({ actor: "mem_1" })).toEqual([mine.id]);
    expect(await list({ action: "key.revoked", account: "acct_list" })).toEqual([later.id]);
    expect(await list({ account: "acct_list", from: later.at })).toEqual([later.id]);
    expect(await list({ account: "acct_list", to: later.at })).toEqual([mine.id]);
    const [newest] = await db.database.transaction(PLATFORM, (tx) =>
      listAuditEvents(tx, { target: "key_x", limit: 1 }),
    );
    expect(await list({ target: "key_x", after: newest?.seq })).toEqual([other.id, mine.id]);
    const own = await db.database.transaction(accountReach("acct_list"), (tx) => listAuditEvents(tx, { limit: 100 }));
    expect(own.map(({ id }) => id)).toEqual([later.id, mine.id]);
  });
});

describe("the anchor", () => {
  const inDirectory = async (work: (dataDir: string) => Promise<void>): Promise<void> => {
    const dataDir = await mkdtemp(join(tmpdir(), "claviger-anchor-"));
    try {
      await work(dataDir);
    } finally {
      await rm(dataDir, { recursive: true });
    }
  };
  const head = async () => {
    const report = await verifyChain(db.database, keys);
    return report.ok ? { seq: report.headSeq, hash: report.headHash } : null;
  };

  test("follows what is committed, and is complete after a graceful stop", () =>
    inDirectory(async (dataDir) => {
      expect(await readAnchor(dataDir)).toBeNull();
      const keeper = createAnchorKeeper({ database: db.database, dataDir, logger: silentLogger });
      const anchored = createAuditWriter(keys, () => keeper.touch());
      await db.database.transaction(PLATFORM, (tx) => anchored(tx, [record()]));
      const first = await waitFor(() => readAnchor(dataDir));
      expect({ seq: first.seq, hash: Buffer.from(first.hash).toString("hex") }).toEqual(await head());
      await write(record());
      await keeper.stop();
      expect((await readAnchor(dataDir))?.seq).toBe(first.seq + 1);
      expect((await stat(join(dataDir, ANCHOR_FILE))).mode & 0o777).toBe(0o600);
    }));

  test("is kept outside the request that asked for it, which others may ask for as well", () =>
    inDirectory(async (dataDir) => {
      const under = new AsyncLocalStorage<string>();
      const seen: (string | undefined)[] = [];
      const database: typeof db.database = {
        ...db.database,
        transaction: (reach, work, options) => {
          seen.push(under.getStore());
          return db.database.transaction(reach, work, options);
        },
      };
      const keeper = createAnchorKeeper({ database, dataDir, logger: silentLogger });
      under.run("a request", () => keeper.touch());
      await waitFor(() => readAnchor(dataDir));
      await keeper.stop();
      expect(new Set(seen)).toEqual(new Set([undefined]));
    }));

  test("never names an event that was rolled back", () =>
    inDirectory(async (dataDir) => {
      const keeper = createAnchorKeeper({ database: db.database, dataDir, logger: silentLogger });
      const anchored = createAuditWriter(keys, () => keeper.touch());
      const failing = db.database.transaction(PLATFORM, async (tx) => {
        await anchored(tx, [record()]);
        throw new TypeError("rolled back");
      });
      await expect(failing).rejects.toThrow();
      await keeper.stop();
      expect((await readAnchor(dataDir))?.seq).toBe((await head())?.seq);
    }));

  test("stays where it is once its event is gone, however many are appended afterwards", () =>
    inDirectory(async (dataDir) => {
      const lost = { seq: ((await head())?.seq ?? 0) + 1, hash: "ab".repeat(32) };
      await writeFile(join(dataDir, ANCHOR_FILE), JSON.stringify(lost));
      await write(record(), record());
      const keeper = createAnchorKeeper({ database: db.database, dataDir, logger: silentLogger });
      await keeper.stop();
      expect(JSON.parse(await readFile(join(dataDir, ANCHOR_FILE), "utf8"))).toEqual(lost);
      expect(await verifyChain(db.database, keys, { anchor: await readAnchor(dataDir) })).toMatchObject({
        ok: false,
        brokenAt: lost.seq,
        reason: "head-mismatch",
      });
    }));

  test.each(["", "{}", '{"seq":"1","hash":""}', '{"seq":1,"hash":"zz"}'])("a file that holds %j is no anchor", (text) =>
    inDirectory(async (dataDir) => {
      await writeFile(join(dataDir, ANCHOR_FILE), text);
      await expect(readAnchor(dataDir)).rejects.toThrow(SyntaxError);
    }),
  );

  test("a directory that cannot be written to fails no act", () =>
    inDirectory(async (directory) => {
      await writeFile(join(directory, "file"), "");
      const dataDir = join(directory, "file", "below");
      const keeper = createAnchorKeeper({ database: db.database, dataDir, logger: silentLogger });
      const anchored = createAuditWriter(keys, () => keeper.touch());
      await db.database.transaction(PLATFORM, (tx) => anchored(tx, [record()]));
      await keeper.stop();
      expect(await verifyChain(db.database, keys)).toMatchObject({ ok: true });
    }));
});
