/** What the tests of limits share: limiters over one database, a way to ask until there is an answer, and the judge of logs. */
import { createHash } from "node:crypto";
import {
  type AppliedLimit,
  createLimiter,
  type Limit,
  type Limiter,
  type LimiterOptions,
  type LimitRefusal,
  type LimitStores,
  limitsFrom,
  type Moment,
  resolveLimits,
} from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { type Random, systemRandom } from "../../kernel/random.ts";
import { systemTimers } from "../../kernel/timers.ts";
import { createBlocks } from "./blocks.ts";
import { NodeShares } from "./node-shares.ts";

export type Decided = { readonly kind: "accepted" } | LimitRefusal;

/** One reading of both clocks. */
export const moment = (clock: Clock): Moment => ({ mono: clock.mono(), wall: clock.wall() });

/** Asks as verification does: anew after each wait. `at` is the monotonic time at which it was decided. */
export async function decideAt(
  limiter: Limiter,
  limits: readonly AppliedLimit[],
  clock: Clock,
  cost = 1,
): Promise<Decided & { readonly at: number }> {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    // Never another reading: whatever ran since may have taken a while.
    const now = moment(clock);
    const outcome = limiter.check(limits, cost, now);
    if (outcome.kind !== "wait") return { ...outcome, at: now.mono };
    await outcome.ready;
  }
  throw new TypeError("asked eight times without an answer");
}

export interface TestLimiter<C extends Clock> {
  readonly limiter: Limiter;
  readonly clock: C;
  ask(limits: readonly AppliedLimit[], cost?: number): Promise<Decided>;
}

/** Makes the shares of one node. */
export type MakeShares = (database: Database, clock: Clock) => NodeShares | Promise<NodeShares>;

/** Makes all that one node, or verifier, spends from. */
export type MakeStores = (database: Database, clock: Clock) => Promise<LimitStores>;

interface TestLimiterOptions extends Partial<LimiterOptions> {
  readonly random?: Random;
  readonly makeShares?: MakeShares;
  /** In the place of `makeShares`. */
  readonly makeStores?: MakeStores;
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A limiter whose upkeep runs only when told to; started. */
export async function testLimiter<C extends Clock>(
  database: Database,
  clock: C,
  { random = systemRandom, makeShares = postgresShares, makeStores, ...options }: TestLimiterOptions = {},
): Promise<TestLimiter<C>> {
  const platform = { clock, random, timers: systemTimers, logger: silent };
  const stores =
    makeStores === undefined
      ? { shares: await makeShares(database, clock), blocks: createBlocks(database) }
      : await makeStores(database, clock);
  const limiter = createLimiter({
    ...{ stores, upkeepMs: null },
    ...options,
    platform,
  });
  await started(limiter);
  return { limiter, clock, ask: (limits, cost) => decideAt(limiter, limits, clock, cost) };
}

/** Again where a question or its answer was lost. */
async function started(limiter: Limiter, attempts = 5): Promise<void> {
  try {
    await limiter.start();
  } catch (error) {
    if (attempts === 1) throw error;
    await started(limiter, attempts - 1);
  }
}

/** Shares of one node, in PostgreSQL. */
export function postgresShares(database: Database, clock: Clock): NodeShares {
  return new NodeShares({ database, clock, redis: null, whenUnavailable: "refuse" });
}

let keys = 0;

/** The limits of a key that nobody else has, under its hash, as verifiers have them. */
export function limitsOf(...limits: Limit[]): readonly AppliedLimit[] {
  keys += 1;
  const key = `key_${keys}`;
  const hash = createHash("sha256").update(key).digest("base64url");
  const holders = { key: hash, account: `acct_${keys}`, environment: "live", planLimits: [], environmentLimits: [] };
  return limitsFrom(resolveLimits({ ...holders, keyLimits: limits }), undefined, 0);
}

export interface Spent {
  readonly at: number;
  readonly units: number;
}

/** The most units in any interval [t, t + windowMs). One that begins with a unit holds the most, so those are looked at. */
export function fullestWindow(spent: readonly Spent[], windowMs: number): number {
  const sorted = [...spent].sort((a, b) => a.at - b.at);
  let first = 0;
  let sum = 0;
  let most = 0;
  for (const { at, units } of sorted) {
    sum += units;
    for (let oldest = sorted[first]; oldest !== undefined && oldest.at + windowMs <= at; oldest = sorted[first]) {
      sum -= oldest.units;
      first += 1;
    }
    most = Math.max(most, sum);
  }
  return most;
}
