import { ClavigerError } from "@claviger/core";
import { type TestDatabase, testDatabase } from "@claviger/testkit";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM } from "../db/index.ts";
import { systemClock } from "./clock.ts";
import { watchDatabase } from "./database-metrics.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test("a transaction that was undone for an answer below 500 is no failed one; one that met an error, or answers 503, is", async () => {
  const { database, registry } = watchDatabase(db.database, systemClock, null);
  const counts = async (): Promise<Record<string, number>> => {
    const lines = (await registry.metrics()).matchAll(/transaction_seconds_count\{.*outcome="(\w+)".*\} (\d+)/g);
    return Object.fromEntries([...lines].map(([, outcome, count]) => [outcome, Number(count)]));
  };
  const failing = (work: () => Promise<unknown>) => expect(database.transaction(PLATFORM, work)).rejects.toThrow();
  await database.transaction(PLATFORM, async () => null);
  expect(await counts()).toEqual({ done: 1 });
  await failing(async () => {
    throw new ClavigerError("NOT_FOUND");
  });
  await expect(
    database.transaction(PLATFORM, (tx) => sql`SELECT ${"\u0000"}::text`.execute(tx)),
    "what cannot be stored is answered with 400",
  ).rejects.toThrow();
  expect(await counts()).toEqual({ done: 1, refused: 2 });
  await failing(async () => {
    throw new ClavigerError("UNAVAILABLE");
  });
  await failing(async () => {
    throw new TypeError("nobody foresaw it");
  });
  await expect(database.transaction(PLATFORM, (tx) => sql`SELECT * FROM nothing`.execute(tx))).rejects.toThrow();
  expect(await counts()).toEqual({ done: 1, refused: 2, failed: 3 });
});
