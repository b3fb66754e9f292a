import { RedisFaults, seededRandom, simulateLimits, useExactnessStage } from "@claviger/testkit";
import { describe, test } from "vitest";

const stage = useExactnessStage();

const RUNS = Array.from({ length: 3 }, (_, index) => index);

describe("against a log of every accepted request, with Redis that loses what it has, or is lost itself (C6)", () => {
  test.for(RUNS)(
    "what is not known to be there is refused: never more than the amount in any interval, run %i",
    { timeout: 60_000 },
    (_, context) =>
      simulateLimits(
        seededRandom(context),
        300,
        stage().db,
        new RedisFaults(stage().servers, { whenUnavailable: "refuse" }),
        0.1,
      ),
  );

  test.for(RUNS)(
    "going over to PostgreSQL and back: never more than the amount in any interval, run %i",
    { timeout: 60_000 },
    (_, context) =>
      simulateLimits(
        seededRandom(context),
        300,
        stage().db,
        new RedisFaults(stage().servers, { whenUnavailable: "postgresql" }),
        0.1,
      ),
  );
});
