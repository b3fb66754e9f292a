// Views and lists of very many keys. `node bench/views.ts [keys]`, a million unless told; a tenth as many accounts.
import { putScope } from "../packages/server/src/modules/catalogue/index.ts";
import { type CreateKeyInput, createKeys, foldTally } from "../packages/server/src/modules/keys/index.ts";
import { putPolicy } from "../packages/server/src/modules/policies/index.ts";
import { ACTING, type BulkStage, openStage } from "./bulk-stage.ts";
import { type Line, line } from "./goals.ts";
import { machine, printSection, type Section } from "./report.ts";
import { COUNT_STATEMENTS, COUNT_TABLES } from "./view-counts.ts";

const DAY_MS = 86_400_000;
const HISTORY_DAYS = 400;
const CHUNK = 1_000;
const LANES = 2;
const ROUNDS = 30;
/** Pages that are read before the one that stands for the middle. */
const DEEP = 5;
const VIEW_MS = 200;
const LIST_MS = 100;
const OVERVIEW_MS = 500;
/** Keys whose pages are asked for by turns. */
const PAGED_KEYS = 20;
const MEMBERS = 3;
const SCOPES = ["contacts:read", "contacts:write", "invoices:read", "invoices:write", "reports:read"];
const WORDS = [
  "nightly",
  "report",
  "sync",
  "export",
  "billing",
  "import",
  "warehouse",
  "contact",
  "webhook",
  "monitor",
];
const AUTHORITY = { keyId: "key_bench", scopes: new Set<string>(), expiresAt: null };

/** A number from 0 to 1 that looks random and is the same in every run. */
function mixed(index: number, salt: number): number {
  let state = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 15), state | 1);
  return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
}

const idOf = (prefix: string, index: number): string => `${prefix}_${String(index).padStart(26, "0")}`;
const pickOf = <T>(list: readonly T[], index: number, salt: number): T =>
  list[Math.floor(mixed(index, salt) * list.length)] as T;

/** A hundredth of the accounts has a tenth of the keys. */
function inputOf(index: number, accounts: number): CreateKeyInput {
  const account = Math.floor(mixed(index, 1) ** 2 * accounts);
  const owned = mixed(index, 2);
  const kind = mixed(index, 3);
  const grant =
    kind < 0.01
      ? { tier: "admin" as const }
      : kind < 0.08
        ? { tier: "read" as const }
        : {
            scopes:
              kind < 0.09 ? ["billing:manage"] : [...new Set([pickOf(SCOPES, index, 4), pickOf(SCOPES, index, 5)])],
          };
  return {
    ...{ account: idOf("acct", account), environment: index % 3 === 0 ? "test" : "live" },
    ...{
      label: `${pickOf(WORDS, index, 6)} ${pickOf(WORDS, index, 7)} ${index}`,
      ...grant,
      rationale: "for a benchmark",
    },
    purpose: index % 2 === 0 ? null : `Pulls the ${pickOf(WORDS, index, 8)} every hour`,
    owner: owned < 0.1 ? null : owned < 0.5 ? `team:t${Math.floor(owned * 100)}` : idOf("mem", account * MEMBERS),
    ...(index % 2 === 0 ? {} : { createdBy: idOf("mem", account * MEMBERS + (index % MEMBERS)) }),
    ...(mixed(index, 9) < 0.1 ? { expiresAt: null } : { expiresInDays: 1 + Math.floor(mixed(index, 10) * 700) }),
  };
}

/** Rows that acts would take an hour to make; that caches are told does not matter here, for there are none. */
async function write(stage: BulkStage, statements: readonly string[]): Promise<void> {
  const tables = [
    "account",
    "member",
    "api_key",
    "key_use",
    "key_use_day",
    "key_activity",
    "account_activity",
    "key_tally",
    "key_words",
    "name_words",
    ...COUNT_TABLES,
  ];
  const force = (word: string): string[] => tables.map((table) => `ALTER TABLE ${table} ${word} ROW LEVEL SECURITY`);
  const told = "SELECT set_config('claviger.change_seq', 'bench', true), set_config('claviger.metered', 'yes', true)";
  await stage.asOwner([...force("NO FORCE"), "BEGIN", told, ...statements, "COMMIT", ...force("FORCE")]);
}

async function make(stage: BulkStage, count: number): Promise<Line[]> {
  const accounts = Math.ceil(count / 10);
  const scope = { description: "for a benchmark", sensitive: false, routes: [] };
  for (const name of SCOPES) await putScope(stage.ports.act, ACTING, name, { ...scope, tier: "write" });
  await putScope(stage.ports.act, ACTING, "billing:manage", { ...scope, tier: "admin" });
  // Some keys of high risk never expire, as where they were made before the policy was.
  const body = { maxLifetimeDays: null, risks: { high: { maxLifetimeDays: null } } };
  await putPolicy(stage.ports, ACTING, AUTHORITY, "default", { description: null, body }, { graceDays: 1 });
  await write(stage, [
    `INSERT INTO account (id, external_id, name, status, created_at, updated_at)
      SELECT 'acct_' || lpad(i::text, 26, '0'), 'customer-' || i, 'Customer ' || i || ' Ltd', 'active', now(), now()
      FROM generate_series(0, ${accounts - 1}) i`,
    `INSERT INTO member (id, account_id, external_id, email, name, role, status, created_at, updated_at)
      SELECT 'mem_' || lpad((i * ${MEMBERS} + m)::text, 26, '0'), 'acct_' || lpad(i::text, 26, '0'), 'p' || m,
        'p' || m || '@customer-' || i || '.example', 'Person ' || m || ' of ' || i, 'owner', 'active', now(), now()
      FROM generate_series(0, ${accounts - 1}) i CROSS JOIN generate_series(0, ${MEMBERS - 1}) m`,
  ]);
  const start = stage.time.now;
  const chunks = Math.ceil(count / CHUNK);
  const state = { next: 0 };
  const lane = async (): Promise<void> => {
    while (state.next < chunks) {
      const chunk = state.next;
      state.next += 1;
      stage.time.now = start - HISTORY_DAYS * DAY_MS * (1 - chunk / chunks);
      const size = Math.min(CHUNK, count - chunk * CHUNK);
      await createKeys(
        stage.ports,
        ACTING,
        AUTHORITY,
        Array.from({ length: size }, (_, place) => inputOf(chunk * CHUNK + place, accounts)),
      );
    }
  };
  const begun = performance.now();
  await Promise.all(Array.from({ length: LANES }, lane));
  const seconds = (performance.now() - begun) / 1000;
  stage.time.now = start;
  return [line("keys made, 1 000 in an act", "keys/s", count / seconds), ...(await live(stage))];
}

/** Members leave, keys are revoked, used and refused; and the statistics are as they are some minutes later. */
async function live(stage: BulkStage): Promise<Line[]> {
  const random = "((hashtextextended(k.id, 7) & 1048575) / 1048576.0)";
  const used = performance.now();
  await write(stage, [
    "UPDATE member SET status = 'deactivated' WHERE hashtextextended(id, 1) & 15 = 0",
    `UPDATE api_key k SET state = 'revoked', state_reason = 'bench', state_at = now() - interval '1 day' * (hashtextextended(id, 3) & 63)
      WHERE kind = 'customer' AND hashtextextended(id, 2) & 31 = 0`,
    `INSERT INTO key_use (key_id, version, account_id, first_used_at, last_used_at, last_refused_at, last_refused_code, accepted, refused)
      SELECT k.id, 1, k.account_id, k.created_at,
        CASE WHEN hashtextextended(k.id, 4) & 7 > 0 THEN k.created_at + (now() - k.created_at) * (1 - ${random} ^ 3) END,
        CASE WHEN hashtextextended(k.id, 5) & 31 = 0 THEN k.created_at + (now() - k.created_at) * (1 - ${random} ^ 3) END,
        'REVOKED', 10, 1
      FROM api_key k WHERE kind = 'customer' AND hashtextextended(k.id, 6) & 7 < 6 ORDER BY k.id`,
    `INSERT INTO key_use_day (key_id, day, account_id, requests)
      SELECT k.id, current_date - d, k.account_id, 100 FROM api_key k CROSS JOIN generate_series(0, 9) d
      WHERE kind = 'customer' AND hashtextextended(k.id, 8) & 7 = 0`,
  ]);
  const seconds = (performance.now() - used) / 1000;
  const counting = performance.now();
  await write(stage, COUNT_STATEMENTS);
  const countedIn = (performance.now() - counting) / 1000;
  await foldTally(stage.app.database);
  const tables = [
    "api_key",
    "key_tally",
    "key_version",
    "key_use",
    "key_use_day",
    "key_activity",
    "account_activity",
    "grant_set",
    "key_words",
    "name_words",
  ];
  const partitioned = [...COUNT_TABLES];
  await stage.asOwner(partitioned.map((table) => `VACUUM ANALYZE ${table}`));
  await stage.asOwner([...tables, "account", "member", "service"].map((table) => `VACUUM ANALYZE ${table}`));
  const sizes = await stage.asOwner<{ name: string; bytes: number }>([
    `SELECT relname AS name, pg_total_relation_size(oid)::float8 / 1e6 AS bytes FROM pg_class
     WHERE relnamespace = 'claviger'::regnamespace AND relname IN (${tables.map((table) => `'${table}'`).join(", ")}) ORDER BY relname`,
  ]);
  const [counts] = await stage.asOwner<{ events: number; bytes: number }>([
    ...COUNT_TABLES.map((table) => `ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`),
    `SELECT (SELECT sum(requests)::float8 / 1e6 FROM usage_day) AS events, (SELECT sum(pg_total_relation_size(c.oid))::float8 / 1e6 FROM pg_class c
      WHERE c.relnamespace = 'claviger'::regnamespace AND c.relkind = 'r' AND c.relname ~ '^(usage_|key_outcome|key_source)') AS bytes`,
  ]);
  await stage.asOwner(COUNT_TABLES.map((table) => `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`));
  return [
    line("events that the counts by day stand for", "million", counts?.events ?? Number.NaN),
    line("all tables of counts and single verifications, with indexes", "MB", counts?.bytes ?? Number.NaN),
    line("counts of them written", "s", countedIn),
    line("uses, refusals and revocations of them written", "s", seconds),
    ...sizes.map(({ name, bytes }) => line(`${name}, with its indexes`, "MB", bytes)),
  ];
}

interface Page {
  readonly data: readonly unknown[];
  readonly total?: number | null;
  readonly nextCursor: string | null;
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function timed(name: string, times: readonly number[], atMost: number): Line {
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
  return { ...line(name, "ms", p95, { atMost }), figure: { min: p50, median: p95, max: Math.max(...times) } };
}

const LISTS: readonly Readonly<Record<string, string>>[] = [
  {},
  { sort: "lastUsedAt" },
  { sort: "-lastUsedAt" },
  { account: idOf("acct", 17), sort: "-lastUsedAt" },
  ...["account", "environment", "service", "owner", "createdBy", "criticality", "status", "lastRefusedAt"].flatMap(
    (sort) => [{ sort }, { sort: `-${sort}` }],
  ),
  { sort: "status", environment: "test", tier: "admin" },
  { sort: "-status", account: idOf("acct", 0) },
  { sort: "owner", view: "no-owner" },
  { sort: "-criticality", view: "unused-90d" },
  { sort: "-requests30d", account: idOf("acct", 17) },
  { q: "warehouse" },
  { q: "nightly webh", sort: "expiresAt" },
  { q: "a" },
  { q: "1", sort: "label" },
  { q: "example" },
  { q: "customer 17" },
  { q: "customer 17 ltd" },
  { q: "nowhere to be found" },
  { q: "nowhere to be found", sort: "label" },
  { account: idOf("acct", 3), q: "person 0" },
  { createdBy: idOf("mem", 1) },
  { tier: "admin" },
  { used: "never" },
  { lastUsedBefore: new Date(Date.now() - 90 * DAY_MS).toISOString(), environment: "live" },
  { createdBefore: new Date(Date.now() - 200 * DAY_MS).toISOString() },
  { view: "unused-90d", environment: "test" },
  { view: "owner-inactive", sort: "-lastUsedAt" },
  { view: "creator-inactive", sort: "-lastUsedAt" },
  { view: "admin-scope", q: "sync" },
];

type Get = (path: string) => Promise<{ readonly page: Page; readonly ms: number }>;

function getOf(stage: BulkStage): Get {
  return async (path) => {
    const begun = performance.now();
    const headers = { authorization: `Bearer ${stage.managementKey}` };
    const answer = await stage.app.fetch(new Request(`http://127.0.0.1${path}`, { headers }));
    const page = (await answer.json()) as Page;
    if (answer.status !== 200) throw new TypeError(`${path} was refused: ${JSON.stringify(page)}`);
    return { page, ms: performance.now() - begun };
  };
}

/** Pages of keys, of the account with the most keys, and of the platform. */
async function askPages(stage: BulkStage): Promise<Line[]> {
  const get = getOf(stage);
  const { page } = await get("/v1/overview");
  const busy = (page as unknown as { busiest: { keys: { key: string }[] } }).busiest.keys.map(({ key }) => key);
  const used = (await get(`/v1/keys?sort=-lastUsedAt&limit=${PAGED_KEYS}`)).page.data as { id: string }[];
  const keys = [...busy, ...used.map(({ id }) => id)];
  const several = async (name: string, paths: readonly string[], atMost: number): Promise<Line> => {
    for (const path of paths) await get(path);
    const times: number[] = [];
    for (let round = 0; round < 2 * ROUNDS; round += 1) times.push((await get(paths[round % paths.length] ?? "")).ms);
    return timed(name, times, atMost);
  };
  const lines: Line[] = [];
  for (const period of ["1h", "24h", "30d", "12mo"]) {
    const paths = keys.map((key) => `/v1/keys/${key}/usage?period=${period}`);
    lines.push(await several(`key page, ${period} (${keys.length} keys by turns)`, paths, VIEW_MS));
  }
  for (const [name, number] of [
    ["the largest account", 0],
    ["an account in the middle", 500],
  ] as const) {
    const account = idOf("acct", number);
    lines.push(await several(`account page, ${name}`, [`/v1/accounts/${account}/usage`], VIEW_MS));
    lines.push(await several(`single verifications, ${name}`, [`/v1/usage/events?account=${account}`], VIEW_MS));
    lines.push(await several(`counts by the hour, ${name}`, [`/v1/usage?account=${account}&step=hour`], VIEW_MS));
  }
  for (const period of ["24h", "12mo"]) {
    lines.push(await several(`overview, ${period}`, [`/v1/overview?period=${period}`], OVERVIEW_MS));
  }
  return lines;
}

async function ask(stage: BulkStage): Promise<{ views: Line[]; lists: Line[] }> {
  const get = getOf(stage);
  /** The first page and one further on, by turns. */
  const time = async (path: string): Promise<{ times: number[]; total: number | null }> => {
    const first = await get(path);
    const joined = `${path}${path.includes("?") ? "&" : "?"}cursor=`;
    let cursor = first.page.nextCursor;
    for (let page = 1; page < DEEP && cursor !== null; page += 1) {
      cursor = (await get(`${joined}${cursor}`)).page.nextCursor ?? cursor;
    }
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push((await get(path)).ms);
      if (cursor !== null) times.push((await get(`${joined}${cursor}`)).ms);
    }
    return { times, total: first.page.total ?? null };
  };
  const listed = (await get("/v1/views")).page.data as { name: string; builtIn: boolean }[];
  const views: Line[] = [];
  for (const { name } of listed) {
    const { times, total } = await time(`/v1/views/${name}`);
    views.push(timed(`${name} (${total ?? "?"} rows)`, times, VIEW_MS));
  }
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push((await get("/v1/views")).ms);
  views.push({ ...timed("all views with their totals", all, 0), goal: null });
  const lists: Line[] = [];
  for (const query of LISTS) {
    const { times } = await time(`/v1/keys?${new URLSearchParams(query)}`);
    const name = Object.entries(query).map(([field, value]) => `${field}=${value}`);
    lists.push(timed(name.join(" ") || "without a condition", times, LIST_MS));
  }
  return { views, lists };
}

async function viewSections(count: number): Promise<Section[]> {
  const stage = await openStage();
  try {
    const made = await make(stage, count);
    await stage.app.start();
    const pages = await askPages(stage);
    const { views, lists } = await ask(stage);
    const many = count.toLocaleString("en");
    return [
      { title: `${many} keys of ${Math.ceil(count / 10).toLocaleString("en")} accounts`, lines: made },
      { title: `Pages, over the API: p95 (p50 to slowest)`, lines: pages },
      { title: `A page of 50 of a view, with its total, over the API: p95 (p50 to slowest)`, lines: views },
      { title: `A page of 50 of the list: p95 (p50 to slowest)`, lines: lists },
    ];
  } finally {
    await stage.end();
    await stage.remove();
  }
}

process.stdout.write(`${machine()}\n`);
for (const section of await viewSections(Number(process.argv[2] ?? 1_000_000))) printSection(section);
