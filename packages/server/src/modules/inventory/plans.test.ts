/**
 * How PostgreSQL reads lists, views and pages of very many keys: each statement is explained as it runs, by the role that runs it, on tables
 * whose statistics say that they have a million keys. No table that grows is read from end to end (F1, F3, F4).
 */
import { asOwnerOf, type FilledPlatform, fillPlatform, type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { PLATFORM, type Tx } from "../../db/index.ts";
import { findAccount } from "../accounts/index.ts";
import { findKey } from "../keys/index.ts";
import { BUILT_IN_VIEWS } from "./built-in-views.ts";
import { BOUNDS, type Bounds } from "./inventory.store.ts";
import { showAccountPage } from "./pages/account-page.ts";
import { showKeyPage } from "./pages/key-page.ts";
import { showOverview } from "./pages/overview.ts";
import { KEY_SORTS } from "./queries/key-sorts.ts";
import { type KeyListRequest, listKeys } from "./queries.ts";
import { listViews, showView } from "./show-views.ts";

const VIEWER = { keyId: "key_viewer", scopes: new Set<string>() };
const KEYS = 12_000;
/** So many times more rows than there are. */
const TIMES = 80;
/** Tables with a row, or several, for each key or each use; partitions by the name of their table. */
const GROWS =
  /^(api_key|key_(version|use|use_day|activity|words|source|outcome)|account_activity|name_words|audit_event|usage_(hour|day|event|facet_hour|facet_day)(_\d+)?)$/;
/** So many keys as are gathered of a million, of the keys that there are. */
const FEWER: Bounds = { ...BOUNDS, gathered: Math.ceil(BOUNDS.gathered / TIMES) };
const now = new Date();
const ago = (days: number): string => new Date(now.getTime() - days * 86_400_000).toISOString();

let home: TestDatabase;
let filled: FilledPlatform;
beforeAll(async () => {
  home = await testDatabase();
  filled = await fillPlatform(home, { keys: KEYS, accounts: 3_000, events: 1_000 });
  await vary();
  await asOwnerOf(home, [
    "VACUUM ANALYZE api_key",
    "VACUUM ANALYZE key_version",
    "VACUUM ANALYZE key_activity",
    "VACUUM ANALYZE member",
    "VACUUM ANALYZE service",
  ]);
  await enlarge();
}, 60_000);
afterAll(() => home.drop());

/** Keys that differ in whatever lists are asked for by. */
async function vary(): Promise<void> {
  await home.database.transaction(PLATFORM, async (tx) => {
    await sql`SELECT set_config('claviger.change_seq', '0', true)`.execute(tx);
    await sql`INSERT INTO member (id, account_id, email, name, role, status, created_at, updated_at)
      SELECT 'mem_' || substr(id, 6), id, 'a@a.example', 'A', 'owner', CASE WHEN right(id, 1) = '3' THEN 'deactivated' ELSE 'active' END, now(), now()
      FROM account WHERE id LIKE 'acct_f%'`.execute(tx);
    await sql`INSERT INTO service (id, account_id, name, created_at, updated_at)
      SELECT 'svc_' || substr(id, 6), id, 'A', now(), now() FROM account WHERE id LIKE 'acct_f%'`.execute(tx);
    await sql`INSERT INTO key_version (key_id, version, account_id, digest, pepper_version, preview, state, created_at)
      SELECT id, 1, account_id, sha256(id::bytea), 1, preview, 'active', created_at FROM api_key WHERE kind = 'customer'`.execute(
      tx,
    );
    await sql`UPDATE api_key SET environment = CASE WHEN n % 3 = 0 THEN 'test' ELSE 'live' END,
        criticality = CASE n % 9 WHEN 0 THEN 'critical' WHEN 1 THEN 'low' WHEN 2 THEN 'high' END,
        owner_team = CASE WHEN n % 5 < 2 THEN owner_team END, owner_member = CASE WHEN n % 5 = 3 THEN 'mem_' || substr(account_id, 6) END,
        service_id = CASE WHEN n % 4 = 1 THEN 'svc_' || substr(account_id, 6) END, created_by = 'mem_' || substr(account_id, 6),
        tier = CASE n % 50 WHEN 4 THEN 'admin' WHEN 5 THEN 'read' END, expires_at = CASE WHEN n % 11 > 0 THEN expires_at END,
        rotating_until = CASE WHEN n % 100 = 1 THEN now() + interval '1 day' END
      FROM (SELECT id AS key, row_number() OVER (ORDER BY id) AS n FROM api_key WHERE kind = 'customer') numbered WHERE key = id`.execute(
      tx,
    );
  });
}

/** Statistics as of a table so many times larger, in as many pages: which makes reading all of it look cheaper than it would be. */
async function enlarge(): Promise<void> {
  await asOwnerOf(home, [
    `SELECT pg_restore_relation_stats('schemaname', 'claviger', 'relname', relname, 'relpages', relpages,
        'reltuples', reltuples * ${TIMES}, 'relallvisible', relallvisible)
      FROM (SELECT c.relname::text, c.relpages, c.reltuples, c.relallvisible FROM pg_class c LEFT JOIN pg_index i ON i.indexrelid = c.oid
        WHERE c.relnamespace = 'claviger'::regnamespace AND c.reltuples > 0
          AND (SELECT relname FROM pg_class t WHERE t.oid = coalesce(i.indrelid, c.oid)) ~ '${GROWS.source}') grown`,
  ]);
}

interface Node {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly Plans?: readonly Node[];
}

interface Explained {
  /** Tables that grow and are read from end to end, each with the statement. */
  readonly whole: readonly string[];
  readonly indexes: ReadonlySet<string>;
}

/** Whatever is asked meanwhile, as the database would read it. */
async function explained(work: (tx: Tx) => Promise<unknown>): Promise<Explained> {
  const whole: string[] = [];
  const indexes = new Set<string>();
  await home.database.transaction(PLATFORM, async (tx) => {
    const query = pg.Client.prototype.query as (...all: unknown[]) => Promise<pg.QueryResult>;
    const spy = vi.spyOn(pg.Client.prototype, "query").mockImplementation(async function (
      this: pg.Client,
      ...all: unknown[]
    ) {
      const [text, values] = all;
      if (typeof text === "string" && /^\s*(select|with)\b/i.test(text) && !/set_config|advisory/.test(text)) {
        const { rows } = await query.call(this, `EXPLAIN (FORMAT JSON) ${text}`, values);
        const plan = (rows[0] as { "QUERY PLAN": [{ Plan: Node }] })["QUERY PLAN"][0].Plan;
        for (const { type, table, index } of scansOf(plan)) {
          if (index !== undefined) indexes.add(index);
          if (type === "Seq Scan" && GROWS.test(table ?? "")) whole.push(`${table} in ${text}`);
        }
      }
      return query.call(this, ...all);
    } as never);
    try {
      await work(tx);
    } finally {
      spy.mockRestore();
    }
  });
  return { whole, indexes };
}

function scansOf(node: Node): { type: string; table: string | undefined; index: string | undefined }[] {
  const own = { type: node["Node Type"], table: node["Relation Name"], index: node["Index Name"] };
  return [own, ...(node.Plans ?? []).flatMap(scansOf)];
}

const list = (request: Partial<KeyListRequest>) => (tx: Tx) =>
  listKeys(tx, VIEWER, { sort: "-createdAt", limit: 50, ...request }, now, FEWER);

/** The first page of a list, and the one after it. */
const twoPages = (request: Partial<KeyListRequest>) => async (tx: Tx) => {
  const { nextCursor } = await list(request)(tx);
  if (nextCursor !== null) await list({ ...request, cursor: nextCursor })(tx);
};

describe("views", () => {
  test.each(BUILT_IN_VIEWS)("%s is counted and paged by an index", async (name) => {
    const { whole, indexes } = await explained(async (tx) => {
      const { nextCursor } = await showView(tx, VIEWER, name, { limit: 20 }, now);
      if (nextCursor !== null) await showView(tx, VIEWER, name, { limit: 20, cursor: nextCursor }, now);
    });
    expect(whole).toEqual([]);
    expect(indexes.size).toBeGreaterThan(0);
  });

  test("all of them with their totals are", async () => {
    expect((await explained((tx) => listViews(tx, VIEWER, now))).whole).toEqual([]);
  });
});

describe("lists of keys", () => {
  test.each(KEY_SORTS)("by %s are walked by an index", async (sort) => {
    const asked = /requests30d|purpose|storedIn|runbookUrl/.test(sort) ? { sort, account: "acct_f0007" } : { sort };
    const { whole, indexes } = await explained(twoPages(asked));
    expect(whole).toEqual([]);
    expect(indexes.size).toBeGreaterThan(0);
  });

  const filters: readonly Partial<KeyListRequest>[] = [
    { account: "acct_f0000" },
    { environment: "test" },
    ...(["active", "expiring", "rotating", "suspended", "expired", "revoked", "requested"] as const).map((status) => ({
      status,
    })),
    ...[
      { scope: "contacts:read" },
      { scope: "none:such" },
      { tier: "admin" },
      { tag: "none" },
      { criticality: "critical" },
    ],
    ...[{ owner: "team:team" }, { owner: "mem_f0007" }, { service: "svc_f0007" }, { createdBy: "mem_f0007" }],
    ...([{ stored: "yes" }, { used: "never" }, { used: "ever" }, { throttled: "yes" }, { throttled: "no" }] as const),
    ...[{ lastUsedBefore: ago(60) }, { lastUsedAfter: ago(2) }, { createdBefore: ago(300) }, { createdAfter: ago(1) }],
    ...[{ expiresBefore: ago(-1) }, { expiresAfter: ago(-100) }],
    ...[{ q: "key" }, { q: "key 77" }, { q: "nowhere to be found" }, { q: "0000" }, { q: "key_f0000" }],
    ...BUILT_IN_VIEWS.filter((view) => view !== "accounts-over-10-keys").map((view) => ({ view })),
  ];
  const others = ["status", "-lastUsedAt", "owner"] as const;
  test.each(filters.map((filter, index) => [JSON.stringify(filter), filter, others[index % others.length]] as const))(
    "with %s are found by an index, in the order of their making and in another",
    async (_, filter, other) => {
      for (const sort of ["-createdAt", other ?? "status"] as const) {
        const { whole, indexes } = await explained(twoPages({ ...filter, sort }));
        expect(whole, sort).toEqual([]);
        expect(indexes.size).toBeGreaterThan(0);
      }
    },
  );
});

describe("pages", () => {
  const pages: Readonly<Record<string, (tx: Tx) => Promise<unknown>>> = {
    "of a key": async (tx) => {
      const key = await findKey(tx, filled.usual);
      return key === null ? null : showKeyPage(tx, key, "30d", now.getTime());
    },
    "of an account": async (tx) => {
      const account = await findAccount(tx, filled.small);
      return account === null ? null : showAccountPage(tx, account, "30d", now.getTime());
    },
    "of the platform": (tx) => showOverview(tx, "24h", now.getTime()),
  };
  test.each(Object.entries(pages))("%s are read by indexes", async (_, work) => {
    const { whole, indexes } = await explained(work);
    expect(whole).toEqual([]);
    expect(indexes.size).toBeGreaterThan(3);
  });
});

describe("without its index", () => {
  test.each([
    ["api_key_environment", list({ sort: "environment" })],
    ["api_key_criticality", list({ sort: "-criticality" })],
    ["api_key_service", list({ sort: "service" })],
    ["key_activity_refused", list({ sort: "-lastRefusedAt" })],
    ["api_key_live_since", (tx: Tx) => showView(tx, VIEWER, "rotation-overdue", { limit: 20 }, now)],
    ["key_activity_used", (tx: Tx) => showView(tx, VIEWER, "unused-90d", { limit: 20 }, now)],
  ] as const)("%s, a table would be read from end to end, and these tests would see it", async (index, work) => {
    expect((await explained(work)).indexes).toContain(index);
    const definition = await home.database.transaction(PLATFORM, async (tx) => {
      const { rows } = await sql<{
        text: string;
      }>`SELECT pg_get_indexdef(${`claviger.${index}`}::regclass) AS text`.execute(tx);
      return rows[0]?.text ?? "";
    });
    await asOwnerOf(home, [`DROP INDEX ${index}`]);
    const without = await explained(work);
    await asOwnerOf(home, [definition]);
    await enlarge();
    expect(without.indexes).not.toContain(index);
  });
});
