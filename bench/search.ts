// Search of very many keys by their words. `node bench/search.ts [keys]`, a million unless told; a tenth as many accounts.
import { type BulkStage, openStage } from "./bulk-stage.ts";
import { type Line, line } from "./goals.ts";
import { machine, printSection } from "./report.ts";

const CHUNK = 50_000;
const ROUNDS = 20;
const LIST_MS = 100;
const TABLES = [
  ...["account", "member", "api_key", "key_activity", "account_activity", "key_tally", "key_words", "name_words"],
];
const WORDS =
  "(ARRAY['nightly','report','sync','export','billing','import','warehouse','contact','webhook','monitor'])";

/** What nobody has, what one or few have, what very many have; and both together. */
const TEXTS = [
  ...[
    "nowhere to be found",
    "nightly report 123456",
    "nightly report 1234",
    "123456",
    "customer 17 ltd",
    "customer 17",
  ],
  ...["person 1 of 5000", "p1@customer-77.example", "nightly", "nig", "1", "n", "example", "pulls every", "p", "a1B2"],
];

async function asOwner(stage: BulkStage, statements: readonly string[]): Promise<number> {
  const force = (word: string): string[] => TABLES.map((table) => `ALTER TABLE ${table} ${word} ROW LEVEL SECURITY`);
  const told = "SELECT set_config('claviger.change_seq', 'bench', true)";
  await stage.asOwner(force("NO FORCE"));
  const begun = performance.now();
  await stage.asOwner(["BEGIN", told, ...statements, "COMMIT"]);
  const seconds = (performance.now() - begun) / 1000;
  await stage.asOwner(force("FORCE"));
  return seconds;
}

/** As acts write them, less what acts do beside. */
function keysFrom(from: number, to: number, accounts: number): string {
  const word = (salt: number): string => `${WORDS}[1 + (hashint8(i + ${salt}) & 1023) % 10]`;
  return `INSERT INTO api_key (id, account_id, kind, environment, label, purpose, tier, scopes, owner_member, created_by, created_at, updated_at,
      expires_at, state, allowed_ips, allowed_referrers, audiences, limits, dependants, tags, metadata, version, preview)
    SELECT 'key_' || lpad(i::text, 26, '0'), 'acct_' || lpad((i % ${accounts})::text, 26, '0'), 'customer', CASE WHEN i % 3 = 0 THEN 'test' ELSE 'live' END,
      ${word(1)} || ' ' || ${word(7)} || ' ' || i, CASE WHEN i % 2 = 0 THEN 'Pulls the ' || ${word(9)} || ' every hour' END, 'read', '{}',
      'mem_' || lpad((i % ${accounts} * 3)::text, 26, '0'), 'key_bench', now() - interval '1 minute' * (1000000 - i), now(),
      now() + interval '1 hour' * (hashint8(i) & 16383), 'active', '{}', '{}', '{}', '[]', '[]', '{}', '{}', 1, 'clv_…' || substr(md5(i::text), 1, 4)
    FROM generate_series(${from}, ${to - 1}) i`;
}

async function make(stage: BulkStage, count: number): Promise<Line[]> {
  const accounts = Math.ceil(count / 10);
  await asOwner(stage, [
    `INSERT INTO account (id, external_id, name, status, created_at, updated_at)
      SELECT 'acct_' || lpad(i::text, 26, '0'), 'customer-' || i, 'Customer ' || i || ' Ltd', 'active', now(), now()
      FROM generate_series(0, ${accounts - 1}) i`,
    `INSERT INTO member (id, account_id, external_id, email, name, role, status, created_at, updated_at)
      SELECT 'mem_' || lpad((i * 3 + m)::text, 26, '0'), 'acct_' || lpad(i::text, 26, '0'), 'p' || m,
        'p' || m || '@customer-' || i || '.example', 'Person ' || m || ' of ' || i, 'owner', 'active', now(), now()
      FROM generate_series(0, ${accounts - 1}) i CROSS JOIN generate_series(0, 2) m`,
  ]);
  const seconds = { with: 0, without: 0 };
  const keys = { with: 0, without: 0 };
  // By turns, so that what else the machine does weighs on both.
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK);
    const kind = (from / CHUNK) % 4 === 1 ? "without" : "with";
    const trigger = `ALTER TABLE api_key ${kind === "with" ? "ENABLE" : "DISABLE"} TRIGGER api_key_made_words`;
    await stage.asOwner([trigger]);
    seconds[kind] += await asOwner(stage, [keysFrom(from, to, accounts)]);
    keys[kind] += to - from;
  }
  await stage.asOwner(["ALTER TABLE api_key ENABLE TRIGGER api_key_made_words"]);
  const rebuilt = await asOwner(stage, ["SELECT rebuild_words()"]);
  await stage.asOwner(TABLES.map((table) => `VACUUM ANALYZE ${table}`));
  const sizes = await stage.asOwner<{ name: string; bytes: number }>([
    "REINDEX INDEX key_words_words",
    `SELECT relname AS name, pg_total_relation_size(oid)::float8 / 1e6 AS bytes FROM pg_class
     WHERE relnamespace = 'claviger'::regnamespace AND relname IN ('api_key', 'key_words', 'name_words', 'key_words_words', 'key_words_pkey') ORDER BY 1`,
  ]);
  const each = (kind: "with" | "without"): number => (seconds[kind] * 1e6) / keys[kind];
  return [
    line("a row of a key written, with its words", "µs", each("with")),
    line("a row of a key written, without", "µs", each("without")),
    line("all words written anew", "s", rebuilt),
    ...sizes.map(({ name, bytes }) => line(name, "MB", bytes)),
  ];
}

async function ask(stage: BulkStage): Promise<Line[]> {
  const headers = { authorization: `Bearer ${stage.managementKey}` };
  const lines: Line[] = [];
  for (const sort of ["-createdAt", "label"]) {
    for (const q of TEXTS) {
      const times: number[] = [];
      let found = 0;
      let more = false;
      for (let round = 0; round <= ROUNDS; round += 1) {
        const begun = performance.now();
        const path = `/v1/keys?${new URLSearchParams({ q, sort })}`;
        const answer = await stage.app.fetch(new Request(`http://127.0.0.1${path}`, { headers }));
        const page = (await answer.json()) as { data: unknown[]; nextCursor: string | null };
        if (answer.status !== 200) throw new TypeError(`${path} was refused: ${JSON.stringify(page)}`);
        if (round > 0) times.push(performance.now() - begun);
        [found, more] = [page.data.length, page.nextCursor !== null];
      }
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN;
      const named = line(`${q} by ${sort} (${found} found${more ? ", and more" : ""})`, "ms", at(0.95), {
        atMost: LIST_MS,
      });
      lines.push({ ...named, figure: { min: at(0.5), median: at(0.95), max: at(1) } });
    }
  }
  return lines;
}

const count = Number(process.argv[2] ?? 1_000_000);
process.stdout.write(`${machine()}\n`);
const stage = await openStage();
try {
  printSection({ title: `${count.toLocaleString("en")} keys`, lines: await make(stage, count) });
  await stage.app.start();
  printSection({ title: "A page of 50 of what is found, over the API: p95 (p50 to slowest)", lines: await ask(stage) });
} finally {
  await stage.end();
  await stage.remove();
}
