import {
  ClusterFaults,
  LentFaults,
  NO_FAULTS,
  type RedisCluster,
  RedisFaults,
  redisCluster,
  seededRandom,
  simulateLimits,
  useExactnessStage,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, test } from "vitest";

const stage = useExactnessStage();

const RUNS = Array.from({ length: 25 }, (_, index) => index);

describe("at length, against a log of every accepted request, with verifiers that spend, leave, vanish and come by other nodes (C6)", () => {
  test.for(RUNS)(
    "from PostgreSQL: never more than the amount in any interval, run %i",
    { timeout: 120_000 },
    (_, context) => {
      const random = seededRandom(context);
      return simulateLimits(random, 600, stage().db, new LentFaults(random, NO_FAULTS), 0.2);
    },
  );

  test.for(RUNS)(
    "from a Redis that loses what it has: never more than the amount in any interval, run %i",
    { timeout: 120_000 },
    (_, context) => {
      const random = seededRandom(context);
      const inner = new RedisFaults(stage().servers, { whenUnavailable: "refuse" });
      return simulateLimits(random, 600, stage().db, new LentFaults(random, inner), 0.05);
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
      return simulateLimits(
        random,
        300,
        stage().db,
        new LentFaults(random, new ClusterFaults(cluster, { parts: 16 })),
        0.05,
      );
    },
  );
});
