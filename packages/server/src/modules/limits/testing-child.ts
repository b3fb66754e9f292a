/** A node that spends without pause until it is killed, and writes down what was accepted and when. Started by crash.test.ts. */
import { writeSync } from "node:fs";
import type { AppliedLimit } from "@claviger/core";
import { type ConnectionConfig, openDatabase, type RoleNames } from "../../db/index.ts";
import { type Clock, systemClock } from "../../kernel/clock.ts";
import { decide, testLimiter } from "./testing.ts";

/** What the variable SPENDER holds as JSON. */
export interface SpenderSettings {
  readonly connection: ConnectionConfig;
  readonly roles: RoleNames;
  readonly termMs: number;
  readonly limits: readonly (readonly AppliedLimit[])[];
}

const { connection, roles, termMs, limits } = JSON.parse(process.env.SPENDER ?? "") as SpenderSettings;

/** The reading that the last decision was made with is the time at which it was accepted. */
let readAt = 0;
const clock: Clock = {
  wall: systemClock.wall,
  mono: () => {
    readAt = systemClock.mono();
    return readAt;
  },
};
/** From this process's monotonic clock to one that all processes share; the smallest of many was not interrupted. */
const origin = Math.min(...Array.from({ length: 100 }, () => -(systemClock.mono() - systemClock.wall())));

const database = openDatabase({ connection, roles, onIdleError: () => undefined });
await testLimiter(database, clock, { termMs, upkeepMs: termMs / 10 }).then(async ({ limiter }) => {
  for (;;) {
    for (const [index, each] of limits.entries()) {
      const { kind } = await decide(limiter, each, clock);
      if (kind === "accepted") writeSync(1, `${index} ${origin + readAt}\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
});
