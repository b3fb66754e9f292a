/** Budgets: passing half, four fifths and all of one is recorded once, whoever looks and whatever is set meanwhile. */
import {
  type MeteringStage,
  openMeteringStage,
  seededRandom,
  silentLogger,
  testBatch,
  testCell,
} from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import type { Measure } from "./budget.ts";
import { createBudgetWatch } from "./index.ts";
import { putBudget } from "./put-budget.ts";

const HOUR = 3_600_000;
const ACTING = {
  actor: { type: "management-key", id: "key_staff" },
  source: { via: "api", ip: null, userAgent: null, requestId: null },
} as const;

async function stageOf(): Promise<MeteringStage> {
  const stage = await openMeteringStage();
  onTestFinished(() => stage.drop());
  return stage;
}

/** As another node has one, from its start. */
const nodeOf = ({ ports, home, clock }: MeteringStage) =>
  createBudgetWatch({ act: ports.act, database: home.database, clock, logger: silentLogger });

const put = (stage: MeteringStage, subject: string, measure: Measure, amount: number) =>
  putBudget(stage.ports.act, ACTING, subject, measure, amount);

/** As `<subject> <measure> <month> <percent>: <spent> of <amount>`. */
function crossings(stage: MeteringStage): Promise<string[]> {
  return stage.home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ line: string }>`
      SELECT concat(subject, ' ', measure, ' ', to_char(period, 'YYYY-MM'), ' ', percent, ': ', spent, ' of ', amount) AS line
      FROM budget_crossing ORDER BY subject, measure, period, percent`.execute(tx);
    return rows.map(({ line }) => line);
  });
}

/** Of the audit trail: who, and what of which budget. */
function audited(stage: MeteringStage): Promise<string[]> {
  return stage.home.database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ line: string }>`
      SELECT concat(actor_id, ' ', target_id, ' ', payload::jsonb #>> '{after,period}', ' ', payload::jsonb #>> '{after,percent}') AS line
      FROM audit_event WHERE action = 'budget.crossed' ORDER BY seq`.execute(tx);
    return rows.map(({ line }) => line);
  });
}

test("one flush that passes several percentages records each, once over all nodes, with an audit event of the service itself", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount("pro");
  const key = await stage.newKey(account);
  await put(stage, account, "requests", 100);
  const nodes = [nodeOf(stage), nodeOf(stage), nodeOf(stage)];
  await stage.use(key, { requests: 49, cost: 1 });
  await stage.use(key, { requests: 500, cost: 0, code: "QUOTA_EXCEEDED" });
  await Promise.all(nodes.map((watch) => watch()));
  expect(await crossings(stage)).toEqual([]);
  await stage.use(key, { requests: 60, cost: 1 });
  await Promise.all(nodes.map((watch) => watch()));
  await stage.use(key, { requests: 1, cost: 1 });
  await Promise.all([...nodes, nodeOf(stage)].map((watch) => watch()));
  const month = stage.names[0];
  expect(await crossings(stage)).toEqual(
    [
      `${account} requests ${month} 100: 109 of 100`,
      `${account} requests ${month} 50: 109 of 100`,
      `${account} requests ${month} 80: 109 of 100`,
    ].sort((a, b) => percentOf(a) - percentOf(b)),
  );
  expect(await audited(stage)).toEqual(
    [50, 80, 100].map((percent) => `budgets ${account}/requests ${month} ${percent}`),
  );
});

const percentOf = (line: string): number => Number(/ (\d+):/.exec(line)?.[1]);

test("a budget of an account is spent by all its keys, one of a key by that key; cost is counted beside requests", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount(null);
  const [first, second] = [await stage.newKey(account), await stage.newKey(account)];
  const stranger = await stage.newKey(await stage.newAccount(null));
  await put(stage, account, "cost", 100);
  await put(stage, first, "requests", 10);
  await stage.use(first, { requests: 6, cost: 40 });
  await stage.use(second, { requests: 900, cost: 39 });
  await stage.use(stranger, { requests: 900, cost: 900 });
  await nodeOf(stage)();
  const month = stage.names[0];
  expect(await crossings(stage)).toEqual(
    [`${account} cost ${month} 50: 79 of 100`, `${first} requests ${month} 50: 6 of 10`].sort(),
  );
});

test("lowered, it has passed what it now has passed; raised, what was passed stays, and is not passed again", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  const watch = nodeOf(stage);
  await put(stage, key, "requests", 1_000);
  await stage.use(key, { requests: 85 });
  await watch();
  expect(await crossings(stage)).toEqual([]);
  await put(stage, key, "requests", 100);
  await watch();
  const month = stage.names[0];
  const passed = [`${key} requests ${month} 50: 85 of 100`, `${key} requests ${month} 80: 85 of 100`];
  expect(await crossings(stage)).toEqual(passed);
  await put(stage, key, "requests", 200);
  await stage.use(key, { requests: 20 });
  await watch();
  expect(await crossings(stage)).toEqual(passed);
  await stage.use(key, { requests: 95 });
  await watch();
  expect((await crossings(stage)).toSorted((a, b) => percentOf(a) - percentOf(b))).toEqual([
    ...passed,
    `${key} requests ${month} 100: 200 of 200`,
  ]);
});

test("each month begins anew; what comes late is spent in the month that is billed for it", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  const watch = nodeOf(stage);
  await put(stage, key, "requests", 10);
  await stage.use(key, { requests: 5 });
  await watch();
  const late = (stage.months[1] ?? 0) - HOUR;
  // The old month is still open.
  stage.at(1, 24 * HOUR);
  await stage.use(key, { requests: 3, firstAt: late, lastAt: late });
  await watch();
  stage.at(1, 48 * HOUR);
  await stage.close();
  await stage.use(key, { requests: 6, firstAt: late, lastAt: late });
  await watch();
  const [june, july] = stage.names;
  expect(await crossings(stage)).toEqual([
    `${key} requests ${june} 50: 5 of 10`,
    `${key} requests ${june} 80: 8 of 10`,
    `${key} requests ${july} 50: 6 of 10`,
  ]);
});

test("what no flush told of, and what a node was about to look at when it ended, is found by the next look at all budgets", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  await put(stage, key, "cost", 10);
  await stage.use(key, { requests: 1, cost: 5 });
  await stage.home.database.transaction(PLATFORM, (tx) => sql`DELETE FROM budget_due`.execute(tx));
  await nodeOf(stage)();
  expect(await crossings(stage)).toEqual([`${key} cost ${stage.names[0]} 50: 5 of 10`]);
});

test("a month that was over before a budget was set or changed has passed nothing of it; one that closed before anybody looked has", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount(null);
  const [early, changed, late] = [
    await stage.newKey(account),
    await stage.newKey(account),
    await stage.newKey(account),
  ];
  const watch = nodeOf(stage);
  for (const key of [early, changed]) await put(stage, key, "requests", 10);
  for (const key of [early, changed, late]) await stage.use(key, { requests: 8 });
  // June is over, and still open: what is set now is not for June.
  stage.at(1, HOUR);
  await put(stage, changed, "requests", 5);
  await put(stage, late, "requests", 10);
  stage.at(1, 48 * HOUR);
  await stage.close();
  await watch();
  const [june] = stage.names;
  expect(await crossings(stage)).toEqual([
    `${early} requests ${june} 50: 8 of 10`,
    `${early} requests ${june} 80: 8 of 10`,
  ]);
});

test("a budget that cannot be recorded keeps none of the others from it, and is tried again until it can", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount(null);
  const keys: string[] = [];
  for (let n = 0; n < 45; n += 1) keys.push(await stage.newKey(account));
  const [stuck = ""] = keys.toSorted();
  const owner = new pg.Client(stage.home.owner);
  await owner.connect();
  onTestFinished(() => owner.end());
  await owner.query(`SET search_path = claviger;
    CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$;
    CREATE TRIGGER stuck BEFORE INSERT ON budget_crossing FOR EACH ROW WHEN (NEW.subject = '${stuck}') EXECUTE FUNCTION stuck()`);
  for (const key of keys) {
    await put(stage, key, "requests", 10);
    await stage.use(key, { requests: 5 });
  }
  const watch = nodeOf(stage);
  const due = async () =>
    (
      await stage.home.database.transaction(PLATFORM, (tx) =>
        sql<{ subject: string }>`SELECT DISTINCT subject FROM budget_due`.execute(tx),
      )
    ).rows.map(({ subject }) => subject);
  for (let round = 0; round < 2; round += 1) {
    await watch();
    expect((await crossings(stage)).map((line) => line.split(" ")[0])).toEqual(keys.toSorted().slice(1));
    expect(await due()).toEqual([stuck]);
  }
  await owner.query("DROP TRIGGER stuck ON budget_crossing");
  await watch();
  expect(await crossings(stage)).toHaveLength(keys.length);
  expect(await due()).toEqual([]);
});

test("under flushes by two nodes and looks by three, everything that was passed is recorded once, and nothing else", async (context) => {
  const stage = await stageOf();
  const random = seededRandom(context);
  const accounts = [await stage.newAccount(null), await stage.newAccount(null)];
  const keys: string[] = [];
  for (const account of accounts) for (let n = 0; n < 3; n += 1) keys.push(await stage.newKey(account));
  const subjects = [...accounts, ...keys];
  const amounts = new Map<string, number>();
  for (const subject of subjects) {
    amounts.set(subject, 1 + random.int(300));
    await put(stage, subject, "requests", amounts.get(subject) ?? 0);
  }
  const writers = [stage.writer(), stage.writer()];
  const nodes = [nodeOf(stage), nodeOf(stage), nodeOf(stage)];
  const at = stage.clock.wall();
  const spent = new Map<string, number>(subjects.map((subject) => [subject, 0]));
  const add = (subject: string, requests: number) => void spent.set(subject, (spent.get(subject) ?? 0) + requests);
  for (let round = 0; round < 12; round += 1) {
    const writes = Array.from({ length: 4 }, (_, n) => {
      const place = random.int(keys.length);
      const requests = 1 + random.int(30);
      add(keys[place] ?? "", requests);
      add(accounts[Math.floor(place / 3)] ?? "", requests);
      const cell = testCell(keys[place] ?? "", { requests, firstAt: at, lastAt: at });
      return random.pick(writers).write(`batch-${round}-${n}`, testBatch([cell]));
    });
    await Promise.all([...writes, ...nodes.map((watch) => watch())]);
  }
  await Promise.all(nodes.map((watch) => watch()));
  const passed = subjects.flatMap((subject) =>
    [50, 80, 100]
      .filter((percent) => (spent.get(subject) ?? 0) * 100 >= (amounts.get(subject) ?? 0) * percent)
      .map((percent) => `${subject} requests ${stage.names[0]} ${percent}`),
  );
  expect((await crossings(stage)).map((line) => line.split(":")[0]).sort()).toEqual(passed.sort());
  expect(await audited(stage)).toHaveLength(passed.length);
});
