/** Exports hold no more than a few pages, and end: read, given up, or broken off with a line in the log. */
import type { Timers } from "@claviger/core";
import { type MeteringStage, openMeteringStage, silentLogger, waitFor } from "@claviger/testkit";
import { sql } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import type { Logger } from "../../kernel/log.ts";
import { MeteringExports } from "./export-metering.ts";
import type { ShownPeriod } from "./list-metering.ts";

interface Stage extends MeteringStage {
  readonly exports: MeteringExports;
  readonly said: object[];
  /** Waits until so many wait to be read, and lets their minute go by. */
  waited(count: number): Promise<void>;
  start(): ReadableStreamDefaultReader<Uint8Array>;
}

const ROWS = 30_000;

async function stageOf(): Promise<Stage> {
  const stage = await openMeteringStage();
  onTestFinished(() => stage.drop());
  const said: object[] = [];
  const note = (fields: object) => void said.push(fields);
  const logger: Logger = { ...silentLogger, warn: note, error: note };
  const waiting = new Set<() => void>();
  const timers: Timers = {
    after: (ms, work) => {
      expect(ms).toBe(60_000);
      waiting.add(work);
      return () => void waiting.delete(work);
    },
  };
  const [from = 0, to = 0] = stage.months;
  const name = stage.names[0] ?? "";
  const period: ShownPeriod = {
    ...{ period: name, from: new Date(from), to: new Date(to), closesAt: new Date(to), closedAt: null, sums: null },
  };
  const filter = { period: name, by: "key", account: null, key: null, plan: null, environment: null } as const;
  await stage.home.database.transaction(PLATFORM, (tx) =>
    sql`INSERT INTO metering SELECT ${`${name}-01`}::date, 'key_' || n, '', ${`${name}-01`}::date, ${`${name}-01`}::date, 'acc_x', 'live', n, 0, n
      FROM generate_series(1, ${ROWS}) n`.execute(tx),
  );
  const exports = new MeteringExports({ database: stage.home.database, logger, timers });
  return {
    ...{ ...stage, exports, said },
    waited: async (count) => {
      await waitFor(() => waiting.size === count);
      for (const work of [...waiting]) work();
    },
    start: () => exports.start({ period, filter, requestId: "req_1" }).getReader(),
  };
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<number> {
  let lines = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read())
    lines += Buffer.from(piece.value).toString().split("\r\n").length - 1;
  return lines;
}

test("four are under way at most; a fifth is refused as UNAVAILABLE until one was read, was left by its reader, or broke off", async () => {
  const { start } = await stageOf();
  const readers = [start(), start(), start(), start()];
  expect(start).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  expect(await readAll(readers[0] as (typeof readers)[0])).toBe(ROWS + 1);
  readers[0] = start();
  expect(start).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  await readers[1]?.cancel();
  // Twice over frees one place, not two.
  await readers[1]?.cancel();
  readers[1] = start();
  expect(start).toThrow(expect.objectContaining({ code: "UNAVAILABLE" }));
  for (const reader of readers) await reader.cancel();
});

test("one that nobody reads for a minute is given up and logged, and its place is free", async () => {
  const { start, waited, said } = await stageOf();
  const readers = [start(), start(), start(), start()];
  for (const reader of readers) await reader.read();
  await waited(readers.length);
  for (const reader of readers) await expect(readAll(reader)).rejects.toThrow("nobody reads");
  expect(said).toHaveLength(4);
  expect(said[0]).toMatchObject({ operation: "metering.export", requestId: "req_1" });
  expect(await readAll(start())).toBe(ROWS + 1);
});

test("one whose rows cannot be read breaks off, is logged with its request, and its place is free", async () => {
  const { start, said, home } = await stageOf();
  const owner = new pg.Client(home.owner);
  await owner.connect();
  onTestFinished(() => owner.end());
  const platform = pg.escapeIdentifier(home.roles.platform);
  await owner.query(`REVOKE SELECT ON claviger.metering FROM ${platform}`);
  for (let n = 1; n <= 6; n += 1) {
    await expect(readAll(start())).rejects.toThrow("permission denied");
    expect(said).toHaveLength(n);
  }
  expect(said[0]).toMatchObject({ operation: "metering.export", requestId: "req_1" });
  await owner.query(`GRANT SELECT ON claviger.metering TO ${platform}`);
  expect(await readAll(start())).toBe(ROWS + 1);
});
