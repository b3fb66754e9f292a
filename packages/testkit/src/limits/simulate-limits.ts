/** Nodes in one process, each with clocks of its own, to which things happen by lot; and the log of what they accepted. */
import type { AppliedLimit } from "@claviger/core";
import { expect } from "vitest";
import { type Database, openDatabase, PLATFORM } from "../../../server/src/db/index.ts";
import {
  limitsOf,
  type MakeShares,
  type MakeStores,
  postgresShares,
  type TestLimiter,
  testLimiter,
} from "../../../server/src/modules/limits/testing.ts";
import { type FakeClock, fakeClock } from "../clock.ts";
import type { TestDatabase } from "../database.ts";
import { type FaultyProxy, proxyTo } from "../proxy.ts";
import type { SeededRandom } from "../random.ts";
import { waitFor } from "../wait.ts";

const TERM_MS = 1_000;
const WINDOW_MS: Partial<Record<AppliedLimit["per"], number>> = { second: 1_000, minute: 60_000 };

/** What may happen beside what happens to nodes anyhow. */
export interface Faults {
  /** Shares of another node. */
  readonly makeShares: MakeShares;
  /** In its place, where not only nodes spend. */
  readonly makeStores?: MakeStores;
  /** Told of the keys whose limits will be spent. */
  knows?(keys: readonly TestKey[]): void;
  /** Something goes wrong with the store, or is well again. `work` may be under way meanwhile. */
  happen(random: SeededRandom, work: Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Nothing more: shares in PostgreSQL. */
export const NO_FAULTS: Faults = {
  makeShares: postgresShares,
  happen: (_, work) => work,
  close: async () => undefined,
};

/** A key whose amounts may be changed, for all nodes at once, as a narrowing act does when it has returned. */
export interface TestKey {
  readonly made: readonly AppliedLimit[];
  limits: readonly AppliedLimit[];
}

interface Accepted {
  readonly at: number;
  readonly units: number;
  /** Requests of one burst are in no order among themselves. */
  readonly burst: number;
  /** The limit's amount when it was accepted. */
  readonly amount: number;
}

/** Nodes over one database, each with clocks of its own that run alike, and the log of everything that was accepted. */
class Cluster {
  readonly #random: SeededRandom;
  readonly #network: FaultyProxy;
  readonly #database: Database;
  readonly #faults: Faults;
  readonly nodes: TestLimiter<FakeClock>[] = [];
  readonly log = new Map<string, Accepted[]>();
  #now = 0;
  #bursts = 0;

  constructor(random: SeededRandom, network: FaultyProxy, db: TestDatabase, faults: Faults) {
    this.#random = random;
    this.#network = network;
    this.#faults = faults;
    this.#database = openDatabase({ connection: network.connection, roles: db.roles });
  }

  async join(): Promise<void> {
    const clock = fakeClock();
    clock.advance(this.#random.int(1e6));
    const { makeShares, makeStores } = this.#faults;
    const made = makeStores === undefined ? { makeShares } : { makeStores };
    this.nodes.push(await testLimiter(this.#database, clock, { termMs: TERM_MS, random: this.#random, ...made }));
  }

  advance(ms: number): void {
    this.#now += ms;
    for (const { clock } of this.nodes) clock.advance(ms);
  }

  /** Many at once, on nodes drawn by lot. */
  async burst({ limits }: TestKey, count: number, mostCost: number): Promise<void> {
    this.#bursts += 1;
    const burst = this.#bursts;
    const one = async (): Promise<void> => {
      const units = 1 + this.#random.int(mostCost);
      const { kind } = await this.#random.pick(this.nodes).ask(limits, units);
      if (kind !== "accepted") return;
      for (const { counter, amount } of limits) {
        const accepted = this.log.get(counter) ?? [];
        this.log.set(counter, accepted);
        accepted.push({ at: this.#now, units, burst, amount });
      }
    };
    await Promise.all(Array.from({ length: count }, one));
  }

  /** All connections break at some moment of a burst, so that nobody knows what was committed. */
  async breakDuring(burst: Promise<void>): Promise<void> {
    for (let turns = this.#random.int(40); turns > 0; turns -= 1) await new Promise((resolve) => setImmediate(resolve));
    this.#network.cut();
    this.#network.heal();
    await burst;
    this.advance(this.#random.int(600));
    // The pool finds out which of its connections are dead.
    const reached = (): Promise<boolean> => this.#database.transaction(PLATFORM, async () => true).catch(() => false);
    await waitFor(reached, { what: "a connection" });
  }

  /** Something happens to the store, perhaps while requests wait for it. */
  async fault(burst: Promise<void>): Promise<void> {
    await this.#faults.happen(this.#random, burst);
    await burst;
    this.advance(this.#random.int(600));
  }

  /** Some do, some are late: a node that stands still must not be taken for one that is gone, nor spend what it lost. */
  async upkeep(): Promise<void> {
    const inTime = this.nodes.filter(() => this.#random.int(2) === 0);
    await Promise.all(inTime.map(({ limiter }) => limiter.upkeep()));
  }

  /** A node goes without a word; what it has under way in the database may still happen. */
  crash(): void {
    this.nodes.splice(this.#random.int(this.nodes.length), 1);
  }

  async leave(): Promise<void> {
    const [gone] = this.nodes.splice(this.#random.int(this.nodes.length), 1);
    await gone?.limiter.stop();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map(({ limiter }) => limiter.stop()));
    await this.#faults.close();
    await this.#database.close();
    await this.#network.close();
  }
}

/** One thing that may happen, drawn by lot; mostly requests and the passing of time. */
async function happen(cluster: Cluster, random: SeededRandom, keys: readonly TestKey[]): Promise<void> {
  const lot = random.int(100);
  if (lot < 4) await cluster.fault(cluster.burst(random.pick(keys), 1 + random.int(12), 3));
  else if (lot < 39) await cluster.burst(random.pick(keys), 1 + random.int(12), 3);
  else if (lot < 42) await cluster.breakDuring(cluster.burst(random.pick(keys), 1 + random.int(12), 3));
  else if (lot < 55) cluster.advance(random.int(30));
  else if (lot < 67) cluster.advance(random.int(700));
  else if (lot < 71) cluster.advance(random.int(20_000));
  else if (lot < 86) await cluster.upkeep();
  else if (lot < 88) random.pick(cluster.nodes).clock.stepWall(random.int(7_200_000) - 3_600_000);
  else if (lot < 94) await change(cluster, random, random.pick(keys));
  else if (lot < 96) await cluster.join();
  else {
    if (lot < 98) cluster.crash();
    else await cluster.leave();
    if (cluster.nodes.length === 0) await cluster.join();
  }
}

/** Another amount, and at once more requests than it allows. */
async function change(cluster: Cluster, random: SeededRandom, key: TestKey): Promise<void> {
  key.limits = key.made.map((limit) => ({ ...limit, amount: Math.ceil(limit.amount * random.pick([0.1, 0.3, 1, 2])) }));
  await cluster.burst(key, 40, 3);
}

/** Every request found room: with it, no more than the amount of that moment was in the interval that ends there. */
function expectWithin(cluster: Cluster, keys: readonly TestKey[]): number {
  let count = 0;
  for (const { counter, per } of keys.flatMap(({ limits }) => limits)) {
    const log = cluster.log.get(counter) ?? [];
    const windowMs = WINDOW_MS[per] ?? Number.POSITIVE_INFINITY;
    for (const { at, burst, amount } of log) {
      const within = log.filter((other) => other.at > at - windowMs && other.burst <= burst);
      const sum = within.reduce((total, { units }) => total + units, 0);
      if (sum > amount) expect.fail(`${counter}: ${sum} of ${amount} at ${at}`);
    }
    count += log.length;
  }
  return count;
}

const of = (amount: number, per: AppliedLimit["per"]) => ({ name: per, amount, per });

/**
 * Lets `steps` things happen, and fails where more was let through than the amount in any interval, or hardly anything was.
 * @param least requests that must have been accepted, as a share of the steps
 */
export async function simulateLimits(
  random: SeededRandom,
  steps: number,
  db: TestDatabase,
  faults: Faults,
  least: number,
): Promise<void> {
  const cluster = new Cluster(random, await proxyTo(db.node), db, faults);
  const keys: TestKey[] = [
    [of(1, "second")],
    [of(9, "second")],
    [of(40, "minute")],
    [of(300, "lifetime")],
    [of(60, "second"), of(700, "minute"), of(3_000, "lifetime")],
  ].map((each) => {
    const made = limitsOf(...each);
    return { made, limits: made };
  });
  faults.knows?.(keys);
  try {
    for (let node = 0; node < 1 + random.int(3); node += 1) await cluster.join();
    for (let step = 0; step < steps; step += 1) await happen(cluster, random, keys);
    expect(expectWithin(cluster, keys)).toBeGreaterThan(steps * least);
  } catch (error) {
    process.stdout.write(`CLAVIGER_TEST_SEED=${random.seed}\n`);
    throw error;
  } finally {
    await cluster.stop();
  }
}
