import { createLimiter, type Limiter } from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import { systemTimers } from "../../kernel/timers.ts";
import { createPostgresStores } from "./limits.store.ts";

export interface NodeLimiterOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** See `LimiterOptions`. */
  readonly termMs: number;
}

/** The limiter of a node, whose budgets are in PostgreSQL. */
export function createNodeLimiter({ database, termMs, ...platform }: NodeLimiterOptions): Limiter {
  return createLimiter({
    ...{ stores: createPostgresStores(database), platform: { ...platform, timers: systemTimers }, termMs },
  });
}
