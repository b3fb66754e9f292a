import {
  ClusterFaults,
  LentFaults,
  NO_FAULTS,
  type RedisCluster,
  RedisFaults,
  type RedisServer,
  redisCluster,
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

describe("at length, against a log of every accepted request, with verifiers that spend, leave, vanish and come by other nodes (C6)", () => {
  test.for(RUNS)(
    "from PostgreSQL: never more than the amount in any interval, run %i",
    { timeout: 120_000 },
    (_, context) => {
      const random = seededRandom(context);
      return simulateLimits(random, 600, db, new LentFaults(random, NO_FAULTS), 0.2);
    },
  );

  test.for(RUNS)(
    "from a Redis that loses what it has: never more than the amount in any interval, run %i",
    { timeout: 120_000 },
    (_, context) => {
      const random = seededRandom(context);
      const inner = new RedisFaults(servers, { whenUnavailable: "refuse" });
      return simulateLimits(random, 600, db, new LentFaults(random, inner), 0.05);
    },
  );
});

describe("from three masters that lose what they have", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await redisCluster();
  }, 60_000);
  afterAll(() => cluster.stop());

  test.for(RUNS.slice(0, 5))(
    "never more than the amount in any interval, run %i",
    { timeout: 120_000 },
    (_, context) => {
      const random = seededRandom(context);
      return simulateLimits(random, 300, db, new LentFaults(random, new ClusterFaults(cluster, { parts: 16 })), 0.05);
    },
  );
});
