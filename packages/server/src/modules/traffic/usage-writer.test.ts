/** Uses in PostgreSQL: counted once, exactly, for whom they are, within bounds whatever callers send. */
import type { UseBatch, UseCell, UseDetail } from "@claviger/core";
import {
  issueKey,
  type MadeKey,
  openPlatform,
  type Platform,
  type SeededRandom,
  seededRandom,
} from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { DAY_MS, HOUR_MS } from "./bounds.ts";
import { testBatch, testCell, testWriter } from "./testing.ts";

let platform: Platform;
beforeAll(async () => {
  platform = await openPlatform();
});
afterAll(() => platform.app.stop());

const database = () => platform.app.database.database;
const newKey = (fields: object = {}): Promise<MadeKey> => issueKey(platform.root, platform.account.id, { ...fields });

/** Rows as the platform sees them. */
function rowsOf<T = Record<string, unknown>>(text: string, keys: readonly string[] = []): Promise<T[]> {
  return database().transaction(PLATFORM, async (tx) => {
    const [before = "", after = ""] = text.split("$keys");
    const query = text.includes("$keys")
      ? sql<T>`${sql.raw(before)}${[...keys]}::text[]${sql.raw(after)}`
      : sql<T>`${sql.raw(text)}`;
    return (await query.execute(tx)).rows;
  });
}

interface One {
  readonly cell: UseCell;
  readonly detail: Omit<UseDetail, "cell">;
}

const CODES = ["VALID", "VALID", "VALID", "EXPIRED", "RATE_LIMITED", "INSUFFICIENT_SCOPE"] as const;
const AGENTS = ["curl/8.5", "python-requests/2.31", "Mozilla/5.0 (X11) Firefox/127.0", null] as const;

function randomUse(random: SeededRandom, keys: readonly MadeKey[], from: number): One {
  const at = from + random.int(3 * HOUR_MS);
  const mapped = random.int(3) > 0;
  const [status, cost, durationMs] = [random.pick([200, 302, 404, 500]), random.int(4), random.int(500)];
  const statuses = [200, 302, 404, 500].map((each) => (each === status ? 1 : 0)) as [number, number, number, number];
  const cell = testCell(random.pick([...keys]).id, {
    ...{ code: random.pick([...CODES]), method: random.pick(["GET", "POST", "BREW", null]), cost },
    ...(mapped ? { route: `/r${random.int(3)}` } : { route: null, path: random.pick([`/p${random.int(3)}`, null]) }),
    ...{
      ip: random.pick(["203.0.113.7", "203.0.113.9", "2001:db8::5", "bogus", null]),
      agent: random.pick([...AGENTS]),
    },
    ...{ service: random.pick(["api", "batch", null]), firstAt: at, lastAt: at, statuses },
    durations: { count: 1, totalMs: durationMs, maxMs: durationMs },
  });
  return { cell, detail: { at, cost, requestId: `req-${random.int(1e6)}`, status, durationMs } };
}

/** Some of the uses as one cell each, some added up with their likes, with details of some. */
function randomBatch(random: SeededRandom, uses: readonly One[]): UseBatch {
  const cells: UseCell[] = [];
  const details: UseDetail[] = [];
  const places = new Map<string, number>();
  for (const { cell, detail } of uses) {
    const { requests, cost, firstAt, lastAt, statuses, durations, ...alike } = cell;
    const name = `${JSON.stringify(alike)} ${Math.floor(lastAt / HOUR_MS)}`;
    const place = random.int(4) === 0 ? undefined : places.get(name);
    if (place === undefined) {
      places.set(name, cells.length);
      cells.push(cell);
    } else cells[place] = added(cells[place] as UseCell, cell);
    if (random.int(3) > 0) details.push({ ...detail, cell: place ?? cells.length - 1 });
  }
  return testBatch(cells, { details, sampledOut: uses.length - details.length });
}

function added(a: UseCell, b: UseCell): UseCell {
  const [sa, sb] = [a.statuses ?? [0, 0, 0, 0], b.statuses ?? [0, 0, 0, 0]];
  const [da, db] = [
    a.durations ?? { count: 0, totalMs: 0, maxMs: 0 },
    b.durations ?? { count: 0, totalMs: 0, maxMs: 0 },
  ];
  return {
    ...a,
    ...{ requests: a.requests + b.requests, cost: a.cost + b.cost },
    ...{ firstAt: Math.min(a.firstAt, b.firstAt), lastAt: Math.max(a.lastAt, b.lastAt) },
    statuses: [sa[0] + sb[0], sa[1] + sb[1], sa[2] + sb[2], sa[3] + sb[3]],
    durations: { count: da.count + db.count, totalMs: da.totalMs + db.totalMs, maxMs: Math.max(da.maxMs, db.maxMs) },
  };
}

/** Sums by name, sorted, as the model has them. */
function sumsBy(uses: readonly One[], nameOf: (cell: UseCell) => string | null): string[] {
  const sums = new Map<string, number>();
  for (const { cell } of uses) {
    const name = nameOf(cell);
    if (name !== null) sums.set(name, (sums.get(name) ?? 0) + 1);
  }
  return [...sums].map(([name, count]) => `${name} ${count}`).sort();
}

const stamp = (at: number): string => new Date(at).toISOString();
const METHODS = new Map<string | null, string>([
  ["BREW", "OTHER"],
  [null, ""],
]);
const methodOf = ({ method }: UseCell): string => METHODS.get(method) ?? (method as string);
const routeOf = ({ route, path }: UseCell): string => `${route ?? path ?? ""} ${route !== null}`;
const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** The uses in batches, each sent once to three times, in any order and to any of the nodes, one of which logs all that it counts. */
async function sendAll(random: SeededRandom, uses: readonly One[]): Promise<void> {
  const writers = [testWriter(database()), testWriter(database(), { loggedFrom: 1 })];
  const batches: { name: string; batch: UseBatch }[] = [];
  for (let at = 0; at < uses.length; ) {
    const count = 1 + random.int(60);
    batches.push({ name: `batch-${random.uuid()}`, batch: randomBatch(random, uses.slice(at, at + count)) });
    at += count;
  }
  const sent = batches.flatMap((each) => Array.from({ length: 1 + random.int(3) }, () => each));
  const shuffled = sent.map((each) => ({ each, place: random.int(1_000) })).sort((a, b) => a.place - b.place);
  await Promise.all(shuffled.map(({ each }) => random.pick(writers).write(each.name, each.batch)));
}

type Shown = (text: string) => Promise<string[]>;

async function expectCounts(shown: Shown, uses: readonly One[]): Promise<void> {
  const tables = [["usage_hour", HOUR_MS] as const, ["usage_day", DAY_MS] as const];
  for (const [table, size] of tables) {
    const found = await shown(
      `SELECT concat_ws(' ', key_id, ${ISO("starts_at")}, route, mapped::text, method, code, requests) AS line FROM ${table} WHERE key_id = ANY ($keys)`,
    );
    const model = sumsBy(uses, (cell) =>
      [cell.key, stamp(Math.floor(cell.lastAt / size) * size), routeOf(cell), methodOf(cell), cell.code].join(" "),
    );
    expect(found, table).toEqual(model);
  }
}

async function expectSums(keys: readonly string[], uses: readonly One[]): Promise<void> {
  const total = (read: (one: One) => number): number => uses.reduce((sum, one) => sum + read(one), 0);
  const [sums] = await rowsOf(
    "SELECT sum(cost)::int AS cost, sum(status_2xx)::int AS ok, sum(status_5xx)::int AS failed, sum(durations)::int AS told, sum(duration_ms)::int AS ms, max(duration_max_ms)::int AS most FROM usage_hour WHERE key_id = ANY ($keys)",
    keys,
  );
  expect(sums).toEqual({
    cost: total(({ cell }) => cell.cost),
    ok: total(({ cell }) => cell.statuses?.[0] ?? 0),
    failed: total(({ cell }) => cell.statuses?.[3] ?? 0),
    told: uses.length,
    ms: total(({ cell }) => cell.durations?.totalMs ?? 0),
    most: Math.max(...uses.map(({ cell }) => cell.durations?.maxMs ?? 0)),
  });
  const [raw] = await rowsOf("SELECT sum(cost)::int AS cost FROM usage_event WHERE key_id = ANY ($keys)", keys);
  expect(raw).toEqual({ cost: total(({ cell }) => cell.cost) });
}

const NETWORKS = new Map([
  ["203.0.113.7", "203.0.113.0/24"],
  ["203.0.113.9", "203.0.113.0/24"],
  ["2001:db8::5", "2001:db8:0::/48"],
]);

async function expectSources(shown: Shown, uses: readonly One[]): Promise<void> {
  for (const table of ["usage_facet_hour", "usage_facet_day", "key_source"]) {
    const found = (kind: string): Promise<string[]> =>
      shown(
        `SELECT concat_ws(' ', key_id, value, sum(accepted + refused)) AS line FROM ${table} WHERE kind = '${kind}' AND key_id = ANY ($keys) GROUP BY key_id, value`,
      );
    const networks = sumsBy(uses, ({ key, ip }) =>
      NETWORKS.has(ip ?? "") ? `${key} ${NETWORKS.get(ip ?? "")}` : null,
    );
    expect(await found("network"), table).toEqual(networks);
    const browsers = sumsBy(uses, ({ key, agent }) => (agent?.startsWith("Mozilla") ? `${key} yes` : null));
    expect(await found("browser"), table).toEqual(browsers);
  }
}

async function expectOutcomes(shown: Shown, uses: readonly One[]): Promise<void> {
  const found = await shown(
    `SELECT concat_ws(' ', key_id, code, ${ISO("first_at")}, ${ISO("last_at")}, requests) AS line FROM key_outcome WHERE key_id = ANY ($keys)`,
  );
  const model = sumsBy(uses, ({ key, code }) => `${key} ${code}`).map((line) => {
    const [key, code, count] = line.split(" ");
    const times = uses.filter(({ cell }) => cell.key === key && cell.code === code).map(({ cell }) => cell.lastAt);
    return [key, code, stamp(Math.min(...times)), stamp(Math.max(...times)), count].join(" ");
  });
  expect(found).toEqual(model.sort());
}

/** Weighted by what they stand for, they add up to what is counted. */
async function expectEvents(shown: Shown, uses: readonly One[]): Promise<void> {
  const found = await shown(
    `SELECT concat_ws(' ', key_id, ${ISO("date_trunc('hour', at)")}, code, sum(stands_for)) AS line FROM usage_event WHERE key_id = ANY ($keys) GROUP BY key_id, date_trunc('hour', at), code`,
  );
  expect(found).toEqual(
    sumsBy(uses, ({ key, lastAt, code }) => `${key} ${stamp(Math.floor(lastAt / HOUR_MS) * HOUR_MS)} ${code}`),
  );
}

test("batches that come twice, in any order, in parts and through two nodes are counted as what was: a model tells", async (context) => {
  const random = seededRandom(context);
  const keys = [await newKey(), await newKey(), await newKey()];
  const ids = keys.map(({ id }) => id);
  const from = Math.floor(systemClock.wall() / HOUR_MS) * HOUR_MS - 4 * HOUR_MS;
  const uses = Array.from({ length: 600 }, () => randomUse(random, keys, from));
  await sendAll(random, uses);
  const shown: Shown = async (text) =>
    (await rowsOf<{ line: string }>(text, ids))
      .map(({ line }) => line.replace(/ t /, " true ").replace(/ f /, " false "))
      .sort();
  await expectCounts(shown, uses);
  await expectSums(ids, uses);
  await expectSources(shown, uses);
  await expectOutcomes(shown, uses);
  await expectEvents(shown, uses);
});

test("a batch that is handed over at any moment after the one before is written, and waits for no other", async () => {
  const { id } = await newKey();
  const { write } = testWriter(database());
  for (let turns = 0; turns < 12; turns += 1) {
    await write(null, testBatch([testCell(id)]));
    for (let turn = 0; turn < turns; turn += 1) await null;
    await write(null, testBatch([testCell(id)]));
  }
  const counted = await rowsOf("SELECT sum(requests)::int AS n FROM usage_hour WHERE key_id = ANY ($keys)", [id]);
  expect(counted).toEqual([{ n: 24 }]);
});
