import { type TestDatabase, testDatabase } from "@claviger/testkit";
import fc from "fast-check";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { TableProgress, takeIn } from "./copy-progress.ts";
import { copyTables, keyOf } from "./copy-tables.ts";
import { type Content, compress, parseFrame, type Row, type TableShape, textOf } from "./frames.ts";
import { orderTables } from "./order-tables.ts";
import { readTables } from "./queries/catalog.ts";
import { EVERYTHING, inSnapshot, readRows } from "./queries/copying.ts";

/** Small, so that a few rows are many chunks. */
const SIZES = { chunkRows: 4, sealedRows: 5_000, pauseMs: 50 };
const EVERY_ROW = 100_000;
const EXACT = ["account", "member", "plan", "scope", "scope_route", "outbox_event"];

let home: TestDatabase;
let shapes: readonly TableShape[];

beforeAll(async () => {
  home = await testDatabase();
  const all = orderTables(await home.database.transaction(PLATFORM, readTables), "with");
  shapes = all.filter(({ name }) => EXACT.includes(name));
});
afterAll(() => home.drop());

/** Somebody who writes beside the copy, sometimes in a transaction that stays open for a while. */
class Writer {
  readonly #client: pg.Client;
  #open = false;

  constructor(client: pg.Client) {
    this.#client = client;
  }

  /** In a transaction that stays open until `end`. */
  async run(statement: string): Promise<void> {
    await this.#begin();
    await this.#client.query(statement);
  }

  async #begin(): Promise<void> {
    if (this.#open) return;
    await this.#client.query("BEGIN");
    await this.#client.query(
      "SELECT set_config('claviger.change_seq', '1', true), set_config('lock_timeout', '50', true)",
    );
    this.#open = true;
  }

  /** Does something, and ends its transaction, or not. */
  async act(choice: number): Promise<void> {
    const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"];
    const name = `${names[choice % names.length]}${choice % 5}`;
    const statements: readonly string[] = [
      `INSERT INTO account (id, name, status, created_at, updated_at) VALUES ('acct_${name}', 'x', 'active', now(), now()) ON CONFLICT DO NOTHING`,
      `UPDATE account SET name = name || '${choice % 10}' WHERE id >= 'acct_${name}' AND id < 'acct_${name}zz'`,
      `INSERT INTO member (id, account_id, email, name, role, status, created_at, updated_at)
         SELECT 'mem_' || id, id, 'canary@example', 'y', 'viewer', 'active', now(), now() FROM account ON CONFLICT DO NOTHING`,
      `INSERT INTO scope (name, description, tier, sensitive, created_at, updated_at) VALUES ('${name}:read', E'a\\nb', 'read', false, now(), now()) ON CONFLICT DO NOTHING`,
      `DELETE FROM scope WHERE name > '${name}' AND name < '${name}zz'`,
      `INSERT INTO scope_route SELECT 'GET', '/' || name, name FROM scope ON CONFLICT DO NOTHING`,
      `DELETE FROM scope_route WHERE path > '/${name}'`,
      `INSERT INTO outbox_event SELECT '${name}' || n, 't', NULL, '{"a": "\\u00e9"}', now() FROM generate_series(1, 7) n ON CONFLICT DO NOTHING`,
      `DELETE FROM outbox_event WHERE id < '${name}'`,
      `INSERT INTO plan (name, scopes, created_at, updated_at) VALUES ('${name}', '{a,"b c",NULL}', now(), now())
         ON CONFLICT (name) DO UPDATE SET max_active_keys = ${1 + (choice % 9)}`,
      `DELETE FROM plan WHERE name = '${name}'`,
      `UPDATE scope SET description = description || '!'`,
    ];
    await this.#begin();
    try {
      await this.#client.query("SAVEPOINT here");
      await this.#client.query(statements[choice % statements.length] ?? "");
    } catch {
      // The other writer holds the row.
      await this.#client.query("ROLLBACK TO here");
    }
    if (choice % 3 !== 0) await this.end();
  }

  async end(): Promise<void> {
    if (this.#open) await this.#client.query("COMMIT");
    this.#open = false;
  }
}

async function withWriters(work: (writers: readonly Writer[]) => Promise<void>): Promise<void> {
  const clients = [new pg.Client({ ...home.node }), new pg.Client({ ...home.node })];
  for (const client of clients) {
    await client.connect();
    await client.query(
      "SELECT set_config('role', $1, false), set_config('search_path', 'claviger', false), set_config('claviger.reach', 'platform', false)",
      [home.roles.platform],
    );
  }
  try {
    await work(clients.map((client) => new Writer(client)));
  } finally {
    for (const client of clients) await client.end();
  }
}

type Dump = Readonly<Record<string, readonly string[]>>;

async function dump(tx: Tx): Promise<Dump> {
  const tables: Record<string, string[]> = {};
  for (const shape of shapes) {
    const rows = await readRows(tx, shape, EVERYTHING, EVERY_ROW);
    tables[shape.name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return tables;
}

/** The rows that the frames amount to, put together as a restore does. */
function replay(contents: readonly Content[]): Dump {
  const tables: Record<string, string[]> = {};
  for (const shape of shapes) {
    const rows = new Map<string, { row: Row; chunk: number | null }>();
    for (const { frame, rows: given } of contents) {
      if (!("table" in frame) || frame.table !== shape.name || frame.kind === "walked") continue;
      const chunk = frame.kind === "chunk" ? frame.id : null;
      const replaced = frame.kind === "chunk" ? frame.replaces : [];
      for (const [key, { chunk: of }] of [...rows]) if (of !== null && replaced.includes(of)) rows.delete(key);
      for (const row of given) {
        const key = JSON.stringify(keyOf(shape, row));
        if (chunk !== null && rows.has(key)) throw new Error(`two chunks hold ${key} of ${shape.name}`);
        rows.set(key, { row, chunk });
      }
    }
    tables[shape.name] = [...rows.values()].map(({ row }) => JSON.stringify(row)).sort();
  }
  return tables;
}

interface Run {
  readonly contents: readonly Content[];
  readonly seal: Dump;
  readonly counts: Readonly<Record<string, { readonly rows: number }>>;
}

/** Copies while `between` acts between any two snapshots, and notes what the last snapshot saw. */
async function copyBeside(
  between: (turn: number) => Promise<void>,
  cutAt: number | null = null,
  sizes = SIZES,
): Promise<Run> {
  let turn = 0;
  let seen: Dump = {};
  const contents: Content[] = [];
  const beside: Database = {
    ...home.database,
    transaction: async (reach, work, options) => {
      const result = await home.database.transaction(
        reach,
        async (tx) => {
          const value = await work(tx);
          seen = await dump(tx);
          return value;
        },
        options,
      );
      turn += 1;
      await between(turn);
      return result;
    },
  };
  let tables = shapes.map((shape) => new TableProgress(shape));
  let chunks = 0;
  const ports = (cut: number | null) => ({
    ...{ database: beside, clock: systemClock, tables, sizes, onRows: () => undefined },
    nextChunkId: () => {
      chunks += 1;
      return chunks;
    },
    write: async (content: Content) => {
      if (contents.length === cut) throw new RangeError("cut off");
      const text = textOf(content);
      contents.push((await parseFrame(await compress(text))) satisfies Content);
      takeIn(tables, content, text);
    },
  });
  if (cutAt !== null) {
    try {
      await copyTables(ports(cutAt));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    // What a resumed run knows is what the frames say.
    tables = shapes.map((shape) => new TableProgress(shape));
    for (const content of contents) takeIn(tables, content, textOf(content));
  }
  const sealed = await copyTables(ports(null));
  return { contents, seal: seen, counts: sealed.tables };
}

function expectSealed({ contents, seal, counts }: Run): void {
  expect(replay(contents)).toEqual(seal);
  for (const { name } of shapes) expect(counts[name]?.rows).toBe(seal[name]?.length);
}

describe("a copy made in many snapshots is the state of the last one (J10)", () => {
  test("whatever is written, updated and deleted in between, in transactions that end then or later, and after an interruption anywhere", async () => {
    await withWriters(async (writers) => {
      const plans = fc.record({
        choices: fc.array(fc.nat(10_000), { maxLength: 80 }),
        cutAt: fc.option(fc.nat(60)),
      });
      await fc.assert(
        fc.asyncProperty(plans, async ({ choices, cutAt }) => {
          const run = await copyBeside(async (turn) => {
            const choice = choices[turn];
            if (choice !== undefined) await writers[choice % writers.length]?.act(choice);
          }, cutAt);
          for (const writer of writers) await writer.end();
          expectSealed(run);
        }),
        { numRuns: 40, endOnFailure: true },
      );
    });
  });

  test("a transaction that was open in a snapshot, and ended after a later one, is not lost", async () => {
    for (const endsAt of [2, 4, 6, 8, 10, 12]) {
      await withWriters(async ([early, late]) => {
        await early?.run(`INSERT INTO account (id, name, status, created_at, updated_at)
          VALUES ('acct_0open${endsAt}', 'x', 'active', now(), now())`);
        await late?.run("UPDATE account SET name = name || '.' WHERE id NOT LIKE 'acct_0open%'");
        await late?.end();
        const run = await copyBeside(async (turn) => {
          if (turn === endsAt) await early?.end();
        });
        await early?.end();
        expectSealed(run);
        expect(run.seal.account?.some((row) => row.includes(`acct_0open${endsAt}`))).toBe(true);
      });
    }
  });

  test("a row that changes behind the walk is found by the next", async () => {
    await withWriters(async ([writer]) => {
      await writer?.run(`INSERT INTO account (id, name, status, created_at, updated_at)
        SELECT 'acct_1walk' || lpad(n::text, 2, '0'), 'x', 'active', now(), now() FROM generate_series(0, 19) n`);
      await writer?.end();
      for (const stride of [1, 3, 7, 11, 19]) {
        const run = await copyBeside(async (turn) => {
          if (turn > 60) return;
          const id = String((turn * stride) % 20).padStart(2, "0");
          await writer?.run(`UPDATE account SET name = 'turn ${turn}' WHERE id = 'acct_1walk${id}'`);
          await writer?.end();
        });
        expectSealed(run);
      }
    });
  });

  test("a chunk that changes in the last moment, and is full, leaves those beside it alone", async () => {
    await withWriters(async ([writer]) => {
      await writer?.run(`DELETE FROM scope`);
      await writer?.run(`INSERT INTO scope (name, description, tier, sensitive, created_at, updated_at)
        SELECT 'full:' || lpad(n::text, 2, '0'), 'x', 'read', false, now(), now() FROM generate_series(1, 15) n`);
      await writer?.end();
      for (let turn = 1; turn < 45; turn += 1) {
        // Somewhere in these turns is the last one before the seal.
        const run = await copyBeside(async (now) => {
          if (now !== turn) return;
          await writer?.run(`UPDATE scope SET description = '${turn}' WHERE name < 'full:07'`);
          await writer?.end();
        });
        expectSealed(run);
      }
    });
  }, 180_000);

  test("more than can be sealed at once is walked over again, until it is less", async () => {
    await withWriters(async ([writer]) => {
      const few = { ...SIZES, sealedRows: 8, pauseMs: 100 };
      const run = await copyBeside(
        async (turn) => {
          if (turn > 70) return;
          await writer?.run("UPDATE account SET name = name || 'x' WHERE id LIKE 'acct_1walk%'");
          await writer?.end();
        },
        null,
        few,
      );
      expectSealed(run);
      const walks = run.contents.filter(({ frame }) => frame.kind === "walked" && frame.table === "account");
      expect(walks.length).toBeGreaterThan(1);
    });
  });

  test("a transaction that stays open elsewhere on the server makes it read more, and no less", async () => {
    const elsewhere = await testDatabase();
    const client = new pg.Client({ ...elsewhere.owner });
    await client.connect();
    await client.query("BEGIN; CREATE TABLE claviger.open (n integer)");
    try {
      await withWriters(async ([writer]) => {
        const run = await copyBeside(async (turn) => {
          if (turn % 3 !== 0 || turn > 40) return;
          await writer?.run(`UPDATE account SET name = 'elsewhere ${turn}' WHERE id LIKE 'acct_1walk%'`);
          await writer?.end();
        });
        expectSealed(run);
      });
    } finally {
      await client.end();
      await elsewhere.drop();
    }
  });

  test("every table of the schema is copied or left out on purpose, can be walked over, and comes after what it refers to", async () => {
    const found = await home.database.transaction(PLATFORM, readTables);
    const ordered = orderTables(found, "with").map(({ name }) => name);
    const { rows } = await home.database.transaction(PLATFORM, (tx) =>
      sql<{ name: string; identity: boolean }>`
        SELECT c.relname AS name, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> '') AS identity
        FROM pg_class c WHERE c.relnamespace = 'claviger'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`.execute(
        tx,
      ),
    );
    const left = rows.map(({ name }) => name).filter((name) => !ordered.includes(name));
    expect(left.sort()).toEqual([
      "account_activity",
      "budget_due",
      "change_log",
      "cluster",
      "dormancy_walk",
      "expiry_walk",
      "grant_set",
      "key_activity",
      "key_tally",
      "key_words",
      "limit_holder",
      "limit_lent",
      "limit_part",
      "limit_share",
      "limit_store",
      "migration",
      "name_words",
      "node",
      "role_name",
      "secret_link",
      "usage_batch",
      "usage_event",
      "usage_log",
      "usage_sender",
      "view_look",
      "view_row",
    ]);
    // A restore does not set sequences.
    expect(rows.filter(({ identity }) => identity)).toEqual([]);
    for (const { name, refersTo } of found) {
      for (const other of refersTo) expect(ordered.indexOf(other)).toBeLessThan(ordered.indexOf(name));
    }
  });

  test("only tables from which nobody deletes are followed by what is new alone", async () => {
    const found = await home.database.transaction(PLATFORM, readTables);
    const append = found.filter(({ mode }) => mode === "append").map(({ name }) => name);
    expect(append).toEqual(expect.arrayContaining(["account", "api_key", "key_version", "audit_event", "keyring"]));
    const deleted = ["scope", "scope_route", "plan", "environment", "outbox_event", "idempotency_record"];
    for (const name of [...deleted, "webhook", "delivery"]) {
      expect(append).not.toContain(name);
    }
  });

  test("reading in a snapshot gives texts that do not depend on the settings of the session", async () => {
    const [account] = shapes.filter(({ name }) => name === "account");
    if (account === undefined) throw new Error("no such table");
    await home.database.transaction(PLATFORM, async (tx) => {
      await sql`SELECT set_config('claviger.change_seq', '1', true)`.execute(tx);
      await sql`INSERT INTO account (id, name, status, created_at, updated_at)
        VALUES ('acct_00time', 'x', 'active', '2026-11-23T12:00:00.123456Z', '2026-11-23T12:00:00Z') ON CONFLICT DO NOTHING`.execute(
        tx,
      );
    });
    const [row] = await inSnapshot(home.database, 10_000, (tx) => readRows(tx, account, EVERYTHING, 1));
    expect(row).toContain("2026-11-23 12:00:00.123456+00");
  });
});
