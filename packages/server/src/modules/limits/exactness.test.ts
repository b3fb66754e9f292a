import { NO_FAULTS, seededRandom, simulateLimits, type TestDatabase, testDatabase } from "@claviger/testkit";
import { afterAll, beforeAll, describe, test } from "vitest";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

describe("against a log of every accepted request (C6)", () => {
  test.for(Array.from({ length: 8 }, (_, index) => index))(
    "nodes that come, go, crash and have their clocks and limits set never let more through in any interval [t, t + window), run %i",
    { timeout: 60_000 },
    (_, context) => simulateLimits(seededRandom(context), 300, db, NO_FAULTS, 0.25),
  );
});
