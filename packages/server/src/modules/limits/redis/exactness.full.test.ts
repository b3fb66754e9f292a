import {
  RedisFaults,
  type RedisServer,
  redisServer,
  seededRandom,
  simulateLimits,
  type TestDatabase,
  testDatabase,
} from "@claviger/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, test } from "vitest";

let db: TestDatabase;
let servers: RedisServer[];
beforeAll(async () => {
  servers = await Promise.all([redisServer(), redisServer()]);
});
afterAll(() => Promise.all(servers.map((server) => server.stop())));
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(() => db.drop());

const RUNS = Array.from({ length: 25 }, (_, index) => index);

describe("at length, against a log of every accepted request, with Redis that loses what it has, or is lost itself (C6)", () => {
  test.for(RUNS)(
    "what is not known to be there is refused: never more than the amount in any interval, run %i",
    { timeout: 120_000 },
    (_, context) =>
      simulateLimits(seededRandom(context), 600, db, new RedisFaults(servers, { whenUnavailable: "refuse" }), 0.1),
  );

  test.for(RUNS)(
    "going over to PostgreSQL and back: never more than the amount in any interval, run %i",
    { timeout: 120_000 },
    (_, context) =>
      simulateLimits(seededRandom(context), 600, db, new RedisFaults(servers, { whenUnavailable: "postgresql" }), 0.1),
  );
});
