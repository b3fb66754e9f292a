import { seededRandom, spendAndCrash, type TestDatabase, testDatabase } from "@claviger/testkit";
import { afterAll, beforeAll, test } from "vitest";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test("processes that are killed while they spend never let more through, alone or together, in any interval (C6)", async (context) => {
  const options = { database: db, redisUrl: null, kills: 8, also: async () => undefined };
  await spendAndCrash(seededRandom(context), options);
}, 120_000);
