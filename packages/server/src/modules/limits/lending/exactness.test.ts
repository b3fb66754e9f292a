import { LentFaults, NO_FAULTS, RedisFaults, seededRandom, simulateLimits, useExactnessStage } from "@claviger/testkit";
import { describe, expect, test } from "vitest";

const stage = useExactnessStage();

const RUNS = Array.from({ length: 3 }, (_, index) => index);

describe("against a log of every accepted request, with verifiers that spend, leave, vanish and come by other nodes (C6)", () => {
  test.for(RUNS)(
    "from PostgreSQL: never more than the amount in any interval, run %i",
    { timeout: 60_000 },
    async (_, context) => {
      const random = seededRandom(context);
      const faults = new LentFaults(random, NO_FAULTS);
      await simulateLimits(random, 300, stage().db, faults, 0.3);
      expect(faults.delivered, "questions carried out late").toBeGreaterThan(0);
    },
  );

  test.for(RUNS)(
    "from a Redis that loses what it has: never more than the amount in any interval, run %i",
    { timeout: 60_000 },
    (_, context) => {
      const random = seededRandom(context);
      const inner = new RedisFaults(stage().servers, { whenUnavailable: "postgresql" });
      return simulateLimits(random, 300, stage().db, new LentFaults(random, inner), 0.1);
    },
  );
});
