import type pg from "pg";
import type { Database } from "../../server/src/db/index.ts";
import { type Clock, systemClock } from "../../server/src/kernel/clock.ts";
import { type Random, systemRandom } from "../../server/src/kernel/random.ts";
import { type Coherence, createCoherence, type LentLeases } from "../../server/src/modules/coherence/index.ts";
import { silentLogger } from "./logger.ts";

/** A node that remembers what it was told to forget. */
export interface TestNode {
  readonly coherence: Coherence;
  readonly invalidated: readonly { readonly seq: number; readonly subjects: readonly string[] }[];
  /** How often everything was dropped. */
  drops(): number;
}

export interface TestNodeOptions {
  readonly database: Database;
  readonly connection: pg.ClientConfig;
  readonly name?: string;
  /** Milliseconds; default 1 000. */
  readonly termMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Run at each invalidation, after it was remembered. */
  readonly onInvalidate?: () => void;
  readonly lent?: LentLeases;
}

const TERM_MS = 1_000;

export function testNode(options: TestNodeOptions): TestNode {
  const invalidated: { seq: number; subjects: readonly string[] }[] = [];
  let drops = 0;
  const coherence = createCoherence({
    database: options.database,
    listenConnection: options.connection,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    logger: silentLogger,
    termMs: options.termMs ?? TERM_MS,
    name: options.name ?? "node",
    software: "test",
    onInvalidate: (subjects, seq) => {
      invalidated.push({ seq, subjects });
      options.onInvalidate?.();
    },
    onDropEverything: () => {
      drops += 1;
    },
    ...(options.lent === undefined ? {} : { lent: options.lent }),
  });
  return { coherence, invalidated, drops: () => drops };
}
