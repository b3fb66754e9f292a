import { createLimiter, type Limiter } from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import type { RedisAddress } from "../../kernel/redis-address.ts";
import { systemTimers } from "../../kernel/timers.ts";
import { createBlocks } from "./blocks.ts";
import { countErrors, type StoreErrors } from "./count-errors.ts";
import { Lending } from "./lending/lending.ts";
import { NodeShares, type RedisUnavailable } from "./node-shares.ts";
import { createRedisClient, type RedisClient } from "./redis/redis-client.ts";
import { RedisShares } from "./redis/redis-shares.ts";
import type { Registry } from "./registry.ts";

export interface NodeLimitsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** See `LimiterOptions`. */
  readonly termMs: number;
  /** Null: windows are divided in PostgreSQL. */
  readonly redis: RedisAddress | null;
  readonly whenRedisUnavailable: RedisUnavailable;
}

/** For metrics; numbers of what happened are since the start. */
export interface LimitReadings {
  /** Name of the store in which windows are divided. */
  readonly store: string;
  /** Parts of Redis that gave no answer when they were asked last. */
  readonly silentParts: number;
  /** False while something may be missing in the store, so that nobody is given more. */
  readonly settled: boolean;
  /** Records in Redis that this node found to be gone. */
  readonly lostRecords: number;
  /** `lent`: exchanges with verifiers that could not be answered. */
  readonly errors: StoreErrors & { readonly lent: number };
  /** Verifiers that have asked to be lent of limits lately. */
  readonly borrowers: number;
}

export interface NodeLimits {
  readonly limiter: Limiter;
  /** For verifiers that spend limits themselves. */
  readonly lending: Lending;
  /** Connects and joins. Rejects where no holder can be begun; Redis may be out of reach. */
  start(): Promise<void>;
  /** Gives back what is not spent, leaves and disconnects. Never rejects. */
  stop(): Promise<void>;
  readings(): LimitReadings;
}

/** Parts in a cluster: enough that each master has some, so that an outage of one concerns those alone. */
const CLUSTER_PARTS = 16;
/** How long the start waits for Redis. */
const CONNECT_MS = 1_000;
const WARN_EVERY_MS = 60_000;

/** Limits as a node spends them, from budgets in PostgreSQL, or, those of windows, in Redis. */
export function createNodeLimits(options: NodeLimitsOptions): NodeLimits {
  const { database, termMs, redis, whenRedisUnavailable, ...rest } = options;
  const timers = systemTimers;
  const client = redis === null ? null : createRedisClient(redis, rest.logger);
  let lostRecords = 0;
  const inRedis = (registry: Registry, connected: RedisClient): RedisShares =>
    new RedisShares({
      ...{ ...rest, timers, client: connected, registry, parts: redis?.cluster === true ? CLUSTER_PARTS : 1 },
      lost: () => {
        lostRecords += 1;
      },
    });
  const shares = new NodeShares({
    ...{ database, clock: rest.clock, whenUnavailable: whenRedisUnavailable },
    redis: client === null ? null : (registry) => inRedis(registry, client),
  });
  const { stores, errors } = countErrors({ shares, blocks: createBlocks(database) });
  const alone = whenRedisUnavailable === "allow" ? warnedOf(options, () => shares.isInRedis) : () => false;
  const limiter = createLimiter({ stores, platform: { ...rest, timers }, termMs, alone });
  const { clock, random } = rest;
  const lending = new Lending({ shares: shares.lent, blocks: stores.blocks, clock, random });
  return {
    ...{ limiter, lending },
    start: async () => {
      await client?.connect(CONNECT_MS);
      await limiter.start();
    },
    stop: async () => {
      await limiter.stop();
      client?.close();
    },
    readings: () => ({
      ...{ ...shares.readings(), lostRecords, borrowers: lending.borrowers },
      errors: { ...errors(), lent: lending.failed },
    }),
  };
}

/** Says now and then that more may be let through than the amount. */
function warnedOf({ clock, logger }: NodeLimitsOptions, isAlone: () => boolean): () => boolean {
  let warnedAt = Number.NEGATIVE_INFINITY;
  return () => {
    if (!isAlone()) return false;
    const now = clock.mono();
    if (now - warnedAt >= WARN_EVERY_MS) {
      logger.warn({}, ALONE);
      warnedAt = now;
    }
    return true;
  };
}

const ALONE =
  "Redis does not divide limits now, and CLAVIGER_REDIS_UNAVAILABLE is allow: each node keeps to the whole amount by itself, " +
  "so all together may let more through";
