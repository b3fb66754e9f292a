/** What the tests of usage share: cells as a verifier would send them, and a writer over a database of theirs. */
import { USE_LIMITS, type UseBatch, type UseCell } from "@claviger/core";
import type { Database } from "../../db/index.ts";
import { type Clock, systemClock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { systemRandom } from "../../kernel/random.ts";
import { createCountries } from "./countries.ts";
import { postgresEvents } from "./queries/events.ts";
import { type UsageSender, UsageWriter, type UsageWriterPorts } from "./usage-writer.ts";

/** One accepted GET of the key, now, from nowhere in particular. */
export function testCell(key: string, change: Partial<UseCell> = {}): UseCell {
  const at = change.lastAt ?? systemClock.wall();
  return {
    ...{ key, version: 1, account: "not-asked", environment: "live", code: "VALID", method: "GET" },
    ...{
      route: "/contacts",
      path: null,
      scopes: null,
      ip: null,
      agent: null,
      browser: false,
      service: null,
      merged: false,
    },
    ...{ requests: 1, cost: 1, firstAt: at, lastAt: at, statuses: null, durations: null },
    ...change,
  };
}

export function testBatch(cells: readonly UseCell[], change: Partial<UseBatch> = {}): UseBatch {
  return { cells, details: [], sampledOut: 0, strangers: [], ...change };
}

export interface TestWriter {
  readonly writer: UsageWriter;
  /** What it told its metrics. */
  readonly told: {
    requests: number;
    events: number;
    cellsRefused: number;
    refused: number;
    leftOut: number;
    lost: number;
  };
  /** Messages that it logged as errors or warnings. */
  readonly lines: readonly string[];
  /** Resolves once the batch was counted. Throws where it was not taken. */
  write(batch: string | null, uses: UseBatch, sender?: Partial<UsageSender>): Promise<void>;
}

export function testWriter(
  database: Database,
  changes: Partial<Pick<UsageWriterPorts, "mostBytes" | "retryMs" | "loggedFrom">> & { readonly clock?: Clock } = {},
): TestWriter {
  const told = { requests: 0, events: 0, cellsRefused: 0, refused: 0, leftOut: 0, lost: 0 };
  const lines: string[] = [];
  const say = (_: object, message: string): void => void lines.push(message);
  const logger: Logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };
  const writer = new UsageWriter({
    ...{ database, clock: systemClock, random: systemRandom, logger, events: postgresEvents },
    countries: createCountries(logger),
    metrics: {
      written: (_, { requests, events, cellsRefused }) => {
        told.requests += requests;
        told.events += events;
        told.cellsRefused += cellsRefused;
      },
      refused: (batches) => {
        told.refused += batches;
      },
      leftOut: (details) => {
        told.leftOut += details;
      },
      lost: (_, uses) => {
        told.lost += uses;
      },
    },
    ...changes,
  });
  return {
    ...{ writer, told, lines },
    write: async (batch, uses, sender = {}) => {
      const by = { credential: "key_of-a-verifier", environment: "live", ...sender };
      await new Promise<void>((resolve, reject) => {
        if (!writer.add(by, { batch, rows: [], uses }, resolve)) reject(new TypeError("the batch was not taken"));
      });
      await writer.countLogged();
    },
  };
}

/** Sends as many cells of one key as are asked for, no two alike, each for one request. */
export async function floodWith(
  write: TestWriter["write"],
  { key, cells, clock }: { readonly key: string; readonly cells: number; readonly clock: Clock },
): Promise<void> {
  const hostile = (n: number): UseCell =>
    testCell(key, {
      ...{ route: null, path: `/hostile/${n}`, ip: `${10 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}.1` },
      ...{ agent: `agent${n}/1`, service: `service-${n}`, firstAt: clock.wall(), lastAt: clock.wall() },
    });
  for (let at = 0; at < cells; at += USE_LIMITS.cells) {
    const count = Math.min(USE_LIMITS.cells, cells - at);
    await write(null, testBatch(Array.from({ length: count }, (_, n) => hostile(at + n))));
  }
}
