// Keys made in bulk, and pages of a list of very many. By itself: `node bench/bulk.ts [keys]`, a million unless told.
import { PLATFORM } from "@claviger/server";
import { writeCursor } from "../packages/server/src/kernel/cursor.ts";
import { putAccount } from "../packages/server/src/modules/accounts/index.ts";
import { putScope } from "../packages/server/src/modules/catalogue/index.ts";
import { type CreateKeyInput, createKey, createKeys, type Key } from "../packages/server/src/modules/keys/index.ts";
import { ACTING, type BulkStage, openStage } from "./bulk-stage.ts";
import { diskLines } from "./disk.ts";
import { type Line, line } from "./goals.ts";
import { spreadOf } from "./measure.ts";
import { machine, printSection, type Section } from "./report.ts";

const DAY_MS = 86_400_000;
const HISTORY_MS = 730 * DAY_MS;
const ACCOUNTS = 1_000;
const CHUNK = 1_000;
/** Acts under way at once: while the database writes one, the next is made. */
const LANES = 2;
const ALONE = 300;
/** Seconds for a million. */
const GOAL_S = 180;
const GOAL_MS = 50;
const ROUNDS = 15;
const SCOPES = ["contacts:read", "contacts:write", "invoices:read", "invoices:write", "reports:read", "billing:manage"];
const WORDS = [
  ...["nightly", "report", "sync", "export", "billing", "import", "warehouse", "contact", "webhook", "monitor"],
  ...["dashboard", "mobile", "partner", "staging", "backup", "ledger", "audit", "search", "index", "mailer"],
];
const AUTHORITY = { keyId: "key_bench", scopes: new Set<string>(), expiresAt: null };

/** A number that looks random and is the same in every run. */
function mixed(index: number, salt: number): number {
  let state = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(salt + 1, 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 15), state | 1);
  return (state ^ (state >>> 14)) >>> 0;
}

/** One account has a tenth of all keys, and one scope is held by one key in ten thousand. */
function inputOf(index: number, account: string): CreateKeyInput {
  const word = (salt: number): string => WORDS[mixed(index, salt) % WORDS.length] ?? "";
  const team = mixed(index, 4) % 50;
  return {
    ...{ account, environment: index % 3 === 0 ? "test" : "live", label: `${word(1)} ${word(2)} ${index}` },
    scopes: [SCOPES[mixed(index, 3) % 5] ?? "", ...(index % 10_000 === 0 ? ["billing:manage"] : [])],
    purpose: index % 2 === 0 ? null : `Pulls the ${word(5)} every hour`,
    owner: index % 4 === 0 ? null : `team:t${team}`,
    expiresInDays: 1 + (mixed(index, 6) % 400),
  };
}

const accountOf = (chunk: number): string => `ext:a${chunk % 10 === 0 ? 0 : chunk % ACCOUNTS}`;

async function prepare(stage: BulkStage): Promise<void> {
  const scope = { description: "for a benchmark", tier: "write", sensitive: false, routes: [] } as const;
  for (const name of SCOPES) await putScope(stage.ports.act, ACTING, name, scope);
  for (let index = 0; index < ACCOUNTS; index += 1) {
    await putAccount(stage.ports, ACTING, `ext:a${index}`, { name: `Account ${index}` });
  }
}

interface Made {
  readonly lines: Line[];
  /** A key from the middle of the history. */
  readonly middle: Key;
}

async function make(stage: BulkStage, count: number): Promise<Made> {
  const start = stage.time.now;
  const one = performance.now();
  for (let index = 0; index < ALONE; index += 1) {
    await createKey(stage.ports, ACTING, AUTHORITY, inputOf(count + index, "ext:a1"));
  }
  const alone = ALONE / ((performance.now() - one) / 1000);
  const chunks = Math.ceil(count / CHUNK);
  const state: { next: number; middle: Key | null } = { next: 0, middle: null };
  const lane = async (): Promise<void> => {
    while (state.next < chunks) {
      const chunk = state.next;
      state.next += 1;
      stage.time.now = start - HISTORY_MS + (chunk / chunks) * HISTORY_MS;
      const size = Math.min(CHUNK, count - chunk * CHUNK);
      const inputs = Array.from({ length: size }, (_, place) => inputOf(chunk * CHUNK + place, accountOf(chunk)));
      const { value } = await createKeys(stage.ports, ACTING, AUTHORITY, inputs);
      if (chunk === Math.floor(chunks / 2)) state.middle = value?.[0]?.key ?? null;
    }
  };
  const used = process.cpuUsage();
  const begun = performance.now();
  await Promise.all(Array.from({ length: LANES }, lane));
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(used);
  stage.time.now = start;
  if (state.middle === null) throw new TypeError("no key was made");
  const rate = { min: count / seconds, median: count / seconds, max: count / seconds };
  const ratio = { min: rate.min / alone, median: rate.median / alone, max: rate.max / alone };
  const lines = [
    line("one at a time", "keys/s", alone),
    {
      ...{ name: `${CHUNK} in an act, ${LANES} acts at once`, figure: rate, unit: "keys/s", ratio, goal: null },
      against: "× the rate of one at a time",
    },
    line("all of them", "s", seconds, { atMost: GOAL_S * Math.max(1, count / 1e6) }),
    line("processor time of the service", "µs a key", (user + system) / count),
  ];
  return { lines, middle: state.middle };
}

/** One key in 32 is revoked, one in 300 suspended; and the statistics are as they are some minutes later. */
async function age(stage: BulkStage): Promise<void> {
  const ends = [
    ["revoked", "%A"],
    ["suspended", "%BX"],
    ["suspended", "%BY"],
    ["suspended", "%BZ"],
  ] as const;
  await stage.app.database.transaction(
    PLATFORM,
    async (tx) => {
      // The acts would take hours; that caches are told does not matter here, for there are none.
      await tx
        .selectNoFrom(({ fn, val }) =>
          fn("set_config", [val("claviger.change_seq"), val("bench"), val(true)]).as("told"),
        )
        .execute();
      for (const [state, like] of ends) {
        await tx
          .updateTable("api_key")
          .set(({ ref }) => ({ state, state_reason: "bench", state_at: ref("created_at") }))
          .where("kind", "=", "customer")
          .where("state", "=", "active")
          .where("id", "like", like)
          .execute();
      }
    },
    { statementTimeoutMs: 600_000 },
  );
  await stage.asOwner(["VACUUM ANALYZE api_key", "VACUUM ANALYZE key_version"]);
}

const SORTS = ["-createdAt", "createdAt", "label", "-label", "expiresAt", "-expiresAt"] as const;
const FILTERS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["without a filter", {}],
  ["of an ordinary account", { account: "ext:a17" }],
  ["of an account with a tenth of all keys", { account: "ext:a0" }],
  ["active", { status: "active" }],
  ["expiring", { status: "expiring" }],
  ["suspended", { status: "suspended" }],
  ["expired", { status: "expired" }],
  ["revoked", { status: "revoked" }],
  ["by a common scope", { scope: "contacts:read" }],
  ["by a scope of one key in 10 000", { scope: "billing:manage" }],
  ["by environment", { environment: "test" }],
  ["of a team", { owner: "team:t7" }],
  ["by a common word", { q: "warehouse" }],
  ["by a word that is nowhere", { q: "nowhere to be found" }],
  ["revoked, of the large account", { account: "ext:a0", status: "revoked" }],
  ["of a team, by a word", { owner: "team:t7", q: "mailer" }],
];

interface Page {
  readonly data: readonly unknown[];
  readonly nextCursor: string | null;
}

async function pages(stage: BulkStage, middle: Key): Promise<Line[]> {
  await stage.app.start();
  const get = async (query: Readonly<Record<string, string>>): Promise<{ page: Page; ms: number }> => {
    const url = `http://127.0.0.1/v1/keys?${new URLSearchParams(query)}`;
    const begun = performance.now();
    const headers = { authorization: `Bearer ${stage.managementKey}` };
    const answer = await stage.app.fetch(new Request(url, { headers }));
    const page = (await answer.json()) as Page;
    if (answer.status !== 200) throw new TypeError(`a list was refused: ${JSON.stringify(page)}`);
    return { page, ms: performance.now() - begun };
  };
  const lines: Line[] = [];
  for (const [name, filter] of FILTERS) {
    const medians: number[] = [];
    for (const sort of SORTS) {
      for (const place of [{}, { cursor: cursorAt(middle, sort) }]) {
        const times: number[] = [];
        for (let round = 0; round < ROUNDS; round += 1) times.push((await get({ ...filter, sort, ...place })).ms);
        medians.push(spreadOf(times).median);
      }
    }
    const figure = spreadOf(medians);
    const slowest = { min: figure.min, median: figure.max, max: figure.max };
    lines.push({ ...line(name, "ms", figure.max, { atMost: GOAL_MS }), figure: slowest });
  }
  lines.push(await searchToTheEnd(get));
  return lines;
}

function cursorAt(key: Key, sort: (typeof SORTS)[number]): string {
  const value = sort.endsWith("label")
    ? key.label
    : (sort.endsWith("createdAt") ? key.createdAt : key.expiresAt)?.toISOString();
  return writeCursor({ sort, values: [value ?? null, key.id] });
}

/** What it takes to be sure that something is nowhere. */
async function searchToTheEnd(
  get: (query: Record<string, string>) => Promise<{ page: Page; ms: number }>,
): Promise<Line> {
  let total = 0;
  let asked = 0;
  let cursor: string | null = null;
  do {
    const found: { page: Page; ms: number } = await get({
      q: "nowhere to be found",
      ...(cursor === null ? {} : { cursor }),
    });
    total += found.ms;
    asked += 1;
    cursor = found.page.nextCursor;
  } while (cursor !== null);
  return line(`a word that is nowhere, all ${asked} pages`, "ms", total);
}

/** Makes the keys, then asks for pages of them. Takes some minutes for a million. */
export async function bulkSections(count: number): Promise<Section[]> {
  const stage = await openStage();
  try {
    await prepare(stage);
    const { lines, middle } = await make(stage, count);
    await age(stage);
    const many = count.toLocaleString("en");
    return [
      { title: `Keys made in bulk, ${many}`, lines },
      { title: `On disk, indexes included, with ${many} keys`, lines: await diskLines(stage) },
      {
        title: `A page of 50 keys among ${many}, over the API: the slowest of six orders, first page and one in the middle`,
        lines: await pages(stage, middle),
      },
    ];
  } finally {
    await stage.end();
    await stage.remove();
  }
}

if (import.meta.main) {
  process.stdout.write(`${machine()}\n`);
  for (const section of await bulkSections(Number(process.argv[2] ?? 1_000_000))) printSection(section);
}
