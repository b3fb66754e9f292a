import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import { deleteEvents } from "../../kernel/outbox.ts";
import { deleteDeliveries } from "./queries/deliveries.ts";
import { deleteWarnings } from "./queries/expiry-walk.ts";
import { deleteMails } from "./queries/mails.ts";
import { selectForgotten } from "./queries/outbox.ts";

const DAY_MS = 86_400_000;
const AT_ONCE = 1_000;

/** Forgets what ended, and events, that are older than they are to be kept, a piece at a time. pg errors pass through. */
export async function forgetDeliveries(database: Database, clock: Clock, keptDays: number): Promise<void> {
  const before = new Date(clock.wall() - keptDays * DAY_MS);
  for (const forget of [deleteDeliveries, deleteMails, deleteWarnings, forgetEvents]) {
    let count = AT_ONCE;
    while (count === AT_ONCE) count = await database.transaction(PLATFORM, (tx) => forget(tx, before, AT_ONCE));
  }
}

async function forgetEvents(tx: Tx, before: Date, count: number): Promise<number> {
  const ids = await selectForgotten(tx, before, count);
  await deleteEvents(tx, ids);
  return ids.length;
}
