import { sql } from "kysely";
import { type Database, PLATFORM } from "../../../db/index.ts";

/** Makes room for these UTC days where there is none. pg errors pass through; a day too far off is error CV003. */
export async function makePartitions(database: Database, days: readonly number[]): Promise<void> {
  await database.transaction(PLATFORM, async (tx) => {
    for (const day of days) await sql`SELECT make_usage_partitions(${dateOf(day)}::date)`.execute(tx);
  });
}

/** Drops one partition that ends before its time; returns its name, null where there is none. Milliseconds since the epoch. */
export async function dropPartition(
  database: Database,
  { eventsBefore, countsBefore }: { readonly eventsBefore: number; readonly countsBefore: number },
): Promise<string | null> {
  return database.transaction(PLATFORM, async (tx) => {
    const { rows } = await sql<{ name: string | null }>`
      SELECT drop_usage_partition(${dateOf(eventsBefore)}::date, ${dateOf(countsBefore)}::date) AS name`.execute(tx);
    return rows[0]?.name ?? null;
  });
}

function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
