import {
  type RedisServer,
  redisServer,
  seededRandom,
  spendAndCrash,
  type TestDatabase,
  testDatabase,
} from "@claviger/testkit";
import { afterEach, beforeEach, describe, test } from "vitest";

let db: TestDatabase;
let server: RedisServer;
beforeEach(async () => {
  db = await testDatabase();
});
afterEach(async () => {
  await server.stop();
  await db.drop();
});

describe("processes that are killed while they spend, and Redis with them (C6)", () => {
  test.for([
    ["nothing", {}],
    ["what it was told up to the last second", { append: "everysec" }],
    ["everything", { append: "always" }],
  ] as const)(
    "never let more through in any interval, with a Redis that keeps %s",
    { timeout: 120_000 },
    async ([, options], context) => {
      server = await redisServer(options);
      const random = seededRandom(context);
      await spendAndCrash(random, {
        ...{ database: db, redisUrl: server.url, kills: 5 },
        // Sometimes both at once.
        also: async () => {
          if (random.int(2) === 0) await server.restart();
        },
      });
    },
  );
});
