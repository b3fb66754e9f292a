import type { UseCell } from "@claviger/core";
import { type Database, PLATFORM } from "../../db/index.ts";
import { beginMetering } from "../metering/index.ts";
import { CountFold } from "./count-fold.ts";
import { TABLES } from "./count-table.ts";
import { countCell } from "./counted-cell.ts";
import { KnownValues } from "./known-values.ts";
import { addCounts } from "./queries/counts.ts";
import { makePartitions } from "./queries/partitions.ts";
import { createReadings } from "./readings.ts";

/**
 * Counts uses of long ago, each in its own hour: what is left of them once single verifications and sources are too old to be kept. Nothing is
 * metered, so it is for months before metering began. All or nothing. pg errors pass through.
 */
export async function writePast(database: Database, cells: readonly UseCell[]): Promise<void> {
  const readings = createReadings(() => null);
  const counted = cells.flatMap((cell) => countCell(cell, [], cell, readings, cell.lastAt) ?? []);
  const fold = new CountFold();
  await fold.add({ cells: counted, uses: new Map(), strangers: [], now: 0 });
  const { rows } = await fold.finish();
  const known = new KnownValues().begin();
  await database.transaction(PLATFORM, async (tx) => {
    await beginMetering(tx);
    for (const name of ["hour", "day", "outcome", "endpoint", "total"] as const) {
      await addCounts(tx, TABLES[name], rows[name], known);
    }
  });
}

/** Makes room for counts of the months from that of `from` to that of `to`, in milliseconds since the epoch. */
export async function makePastMonths(database: Database, from: number, to: number): Promise<void> {
  const months: number[] = [];
  const date = new Date(from);
  for (let month = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1); month <= to; ) {
    months.push(month);
    const next = new Date(month);
    month = Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 1);
  }
  await makePartitions(database, months);
}
