import type { Tx } from "../../db/index.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import type { EventQuery, EventStore, StoredEvent } from "./event-store.ts";

/** So many keys are looked up in all days at once. */
const FEW_KEYS = 4;

/**
 * The newest events of a query, `limit` at most. Of many keys one day after another, newest first, until there are enough:
 * each key costs a look into the index of each day.
 */
export async function listEvents(store: EventStore, tx: Tx, query: EventQuery): Promise<readonly StoredEvent[]> {
  if (query.keys === null || query.keys.length <= FEW_KEYS) return store.read(tx, query);
  const found: StoredEvent[] = [];
  const end = Math.min(query.to.getTime(), (query.before?.at.getTime() ?? Number.POSITIVE_INFINITY) + 1);
  for (let day = dayOf(end - 1); day + DAY_MS > query.from.getTime(); day -= DAY_MS) {
    const from = new Date(Math.max(day, query.from.getTime()));
    const to = new Date(Math.min(day + DAY_MS, query.to.getTime()));
    found.push(...(await store.read(tx, { ...query, from, to, limit: query.limit - found.length })));
    if (found.length >= query.limit) break;
  }
  return found;
}
