import { sql } from "kysely";
import { type Database, PLATFORM, type Tx } from "../../../db/index.ts";

/** A batch as it is named: by its sender, within what its credential sent. */
export interface NamedBatch {
  readonly credential: string;
  readonly batch: string;
}

/** Notes that these are counted; returns those that were not yet, each name once. */
export async function noteBatches<T extends NamedBatch>(tx: Tx, batches: readonly T[], at: Date): Promise<Set<T>> {
  const named = new Map(batches.map((each) => [nameOf(each), each]));
  // In one order everywhere, so that two nodes never wait for each other in a circle.
  const sorted = [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
  const { rows } = await sql<NamedBatch>`
    INSERT INTO usage_batch (credential, batch, counted_at)
    SELECT credential, batch, ${at}
    FROM unnest(${sorted.map(({ credential }) => credential)}::text[], ${sorted.map(({ batch }) => batch)}::text[])
      WITH ORDINALITY AS n (credential, batch, place) ORDER BY place
    ON CONFLICT DO NOTHING RETURNING credential, batch`.execute(tx);
  return new Set(rows.flatMap((row) => named.get(nameOf(row)) ?? []));
}

function nameOf({ credential, batch }: NamedBatch): string {
  return `${credential} ${batch}`;
}

const FORGOTTEN_AT_ONCE = 10_000;

/** Forgets batches counted before `before`, which nobody sends any more; returns whether there may be more. */
export async function forgetBatches(database: Database, before: Date): Promise<boolean> {
  return database.transaction(PLATFORM, async (tx) => {
    const { numAffectedRows } = await sql`DELETE FROM usage_batch WHERE (credential, batch) IN
      (SELECT credential, batch FROM usage_batch WHERE counted_at < ${before} LIMIT ${FORGOTTEN_AT_ONCE})`.execute(tx);
    return Number(numAffectedRows ?? 0n) === FORGOTTEN_AT_ONCE;
  });
}
