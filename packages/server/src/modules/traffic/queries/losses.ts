/** Uses that are missing in all counts. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import { HOUR_MS, MOST_COUNTED } from "../bounds.ts";

/**
 * Where they were lost: where a verifier or a node counts, because there was no room or a batch was given up; or before the database, which
 * cannot take what was sent.
 */
export interface Loss {
  readonly path: "verifier" | "node" | "unwritable";
  readonly requests: number;
}

/** Notes losses in the hour of `at`, in one order everywhere. */
export async function addLosses(tx: Tx, losses: readonly Loss[], at: Date): Promise<void> {
  const hour = new Date(Math.floor(at.getTime() / HOUR_MS) * HOUR_MS);
  const paths = Map.groupBy(losses, ({ path }) => path);
  for (const [path, those] of [...paths].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const requests = Math.min(
      those.reduce((sum, loss) => sum + loss.requests, 0),
      MOST_COUNTED,
    );
    await sql`INSERT INTO usage_loss AS l (starts_at, path, requests, times, first_at, last_at)
      VALUES (${hour}, ${path}, ${requests}, ${those.length}, ${at}, ${at})
      ON CONFLICT (starts_at, path) DO UPDATE SET requests = least(l.requests + excluded.requests, ${MOST_COUNTED}),
        times = l.times + excluded.times, first_at = least(l.first_at, excluded.first_at), last_at = greatest(l.last_at, excluded.last_at)`.execute(
      tx,
    );
  }
}
