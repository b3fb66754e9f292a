import { type Database, PLATFORM } from "../db/index.ts";
import type { Clock } from "../kernel/clock.ts";

/** How long an Idempotency-Key is remembered, in milliseconds: 24 hours. */
export const REMEMBERED_MS = 86_400_000;

/** Forgets what is older than a day. */
export async function forgetIdempotency(database: Database, clock: Clock): Promise<void> {
  const before = new Date(clock.wall() - REMEMBERED_MS);
  await database.transaction(PLATFORM, (tx) =>
    tx.deleteFrom("idempotency_record").where("created_at", "<", before).execute(),
  );
}
