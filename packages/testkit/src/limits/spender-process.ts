/** A node that spends without pause until it is killed, and writes down what was accepted and when. Started by spend-and-crash.ts. */
import { writeSync } from "node:fs";
import type { AppliedLimit } from "@claviger/core";
import { type ConnectionConfig, openDatabase, type RoleNames } from "../../../server/src/db/index.ts";
import { type Clock, systemClock } from "../../../server/src/kernel/clock.ts";
import { decideAt, type MakeShares, postgresShares, testLimiter } from "../../../server/src/modules/limits/testing.ts";
import { sharesInRedis, testRedisClient } from "./redis-shares.ts";

/** What the variable SPENDER holds as JSON. */
export interface SpenderSettings {
  readonly connection: ConnectionConfig;
  readonly roles: RoleNames;
  readonly termMs: number;
  readonly limits: readonly (readonly AppliedLimit[])[];
  readonly redisUrl: string | null;
}

const { connection, roles, termMs, limits, redisUrl } = JSON.parse(process.env.SPENDER ?? "") as SpenderSettings;

const clock: Clock = {
  wall: systemClock.wall,
  // One for all processes of a machine, so that their logs can be compared.
  mono: () => Number(process.hrtime.bigint()) / 1e6,
};

const database = openDatabase({ connection, roles, onIdleError: () => undefined });
const client = redisUrl === null ? null : await testRedisClient(redisUrl);
const makeShares: MakeShares = client === null ? postgresShares : (...of) => sharesInRedis(client, ...of);
await testLimiter(database, clock, { termMs, upkeepMs: termMs / 10, makeShares }).then(async ({ limiter }) => {
  for (;;) {
    for (const [index, each] of limits.entries()) {
      const { kind, at } = await decideAt(limiter, each, clock);
      if (kind === "accepted") writeSync(1, `${index} ${at}\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
});
