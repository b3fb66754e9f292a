/** A month closes when both clocks say so and nobody writes; what comes later is carried, however late and however much. */
import { type MeteringStage, openMeteringStage, silentLogger, tamper } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { systemClock } from "../../kernel/clock.ts";
import { addMetered, beginMetering, closePeriods, MeterFold } from "./index.ts";
import { sumPeriod } from "./metering.store.ts";

const HOUR = 3_600_000;
const MOST = Number.MAX_SAFE_INTEGER;

async function stageOf(): Promise<MeteringStage> {
  const stage = await openMeteringStage();
  onTestFinished(() => stage.drop());
  return stage;
}

test("a node whose clock is ahead of the database's closes no month before the hours that are set, by the database's", async () => {
  const stage = await stageOf();
  const closeHours = 20 * 366 * 24;
  stage.at(3, closeHours * HOUR + 400 * 24 * HOUR);
  const { ports, clock, home } = stage;
  await closePeriods({ act: ports.act, database: home.database, clock, logger: silentLogger, closeHours });
  expect(await stage.closed()).toEqual([]);
  await stage.close();
  const month = new Date(systemClock.wall()).toISOString().slice(0, 7);
  const closed = (await stage.closed()).map(({ period }) => period);
  expect(closed.slice(0, 3)).toEqual(stage.names.slice(0, 3));
  expect(closed.filter((period) => period >= month)).toEqual([]);
});

test("a closing that waits behind a writer for too long gives up, and is made once the writer is done", async () => {
  const stage = await stageOf();
  stage.at(1, 48 * HOUR);
  await stage.home.database.transaction(
    PLATFORM,
    async (tx) => {
      await beginMetering(tx);
      await stage.close();
      expect(await stage.closed()).toEqual([]);
    },
    { idleMs: 60_000 },
  );
  await stage.close();
  expect(await stage.closed()).toEqual([{ period: stage.names[0], accepted: 0, rows: 0 }]);
});

test("what comes more than twelve months late is told to be from twelve months ago, and billed now", async () => {
  const stage = await stageOf();
  const key = await stage.newKey(await stage.newAccount(null));
  await tamper(
    stage.home.owner,
    "metering_period",
    "UPDATE metering_period SET period = period - interval '20 months'",
  );
  stage.at(2, 48 * HOUR);
  await stage.close();
  const open = new Date(stage.months[2] ?? 0);
  const monthsAgo = (months: number) => Date.UTC(open.getUTCFullYear(), open.getUTCMonth() - months, 15);
  for (const [months, requests] of [
    [11, 1],
    [12, 2],
    [13, 4],
    [19, 8],
  ] as const)
    await stage.use(key, { firstAt: monthsAgo(months), lastAt: monthsAgo(months), requests });
  const name = (months: number) => new Date(monthsAgo(months)).toISOString().slice(0, 7);
  expect((await stage.rows()).map(({ period, happened, accepted }) => [period, happened, accepted])).toEqual([
    [stage.names[2], name(12), 14],
    [stage.names[2], name(11), 1],
  ]);
});

test("a write of more keys than one statement takes is metered whole", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount("pro");
  const many = 4_300;
  const fold = new MeterFold();
  const happenedAt = stage.clock.wall();
  for (let n = 0; n < many; n += 1) {
    const key = `key_${String(n).padStart(5, "0")}`;
    fold.add({ key, account, environment: "live", happenedAt, code: "VALID", requests: n, cost: 2 * n }, happenedAt);
  }
  await stage.home.database.transaction(PLATFORM, async (tx) => {
    await beginMetering(tx);
    await addMetered(tx, fold.sorted(), new Map([[account, "pro"]]));
  });
  const rows = await stage.rows();
  expect(rows).toHaveLength(many);
  expect(
    rows.every(
      ({ key, accepted, cost, plan }) =>
        `key_${String(accepted).padStart(5, "0")}` === key && cost === 2 * accepted && plan === "pro",
    ),
  ).toBe(true);
});

test("numbers beyond what a number holds stop at the largest one, and keep no month from closing", async () => {
  const stage = await stageOf();
  const account = await stage.newAccount(null);
  const keys = 1_100;
  for (let round = 0; round < 2; round += 1) {
    await stage.home.database.transaction(PLATFORM, async (tx) => {
      await beginMetering(tx);
      const fold = new MeterFold();
      const happenedAt = stage.clock.wall();
      const use = { account, environment: "live", happenedAt, code: "VALID", requests: MOST, cost: MOST } as const;
      for (let n = 0; n < keys; n += 1) fold.add({ key: `key_${n}`, ...use }, happenedAt);
      await addMetered(tx, fold.sorted(), new Map());
    });
  }
  expect(new Set((await stage.rows()).flatMap(({ accepted, cost }) => [accepted, cost]))).toEqual(new Set([MOST]));
  stage.at(1, 48 * HOUR);
  await stage.close();
  expect(await stage.closed()).toEqual([{ period: stage.names[0], accepted: MOST, rows: keys }]);
  const sums = await stage.home.database.transaction(PLATFORM, (tx) => sumPeriod(tx, stage.names[0] ?? ""));
  expect(sums).toEqual({ accepted: MOST, refused: 0, cost: MOST, rows: keys });
});
