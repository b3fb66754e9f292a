import type { Tx } from "../../db/index.ts";
import { DAY_MS, HOUR_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import type { EventQuery, EventStore, StoredEvent } from "./event-store.ts";
import { selectActiveHour, selectActiveKeys } from "./queries/active-hours.ts";

/** So many keys are looked up in all days at once. */
const FEW_KEYS = 4;

/** Keys of one hour that are looked up each by itself; where more were in use, events of all are looked through by time. */
const MOST_KEYS = 500;

/**
 * The newest events of a query, `limit` at most. Of many keys one day after another, newest first, until there are enough:
 * each key costs a look into the index of each day. Of an account whose keys are not named, one hour after another, those alone in
 * which it has counts, and of each hour its keys of that hour.
 */
export async function listEvents(
  store: EventStore,
  tx: Tx,
  query: EventQuery,
  mostKeys = MOST_KEYS,
): Promise<readonly StoredEvent[]> {
  const { account, keys } = query;
  if (keys === null && account !== null) return byHours(store, tx, query, account, mostKeys);
  if (keys === null || keys.length <= FEW_KEYS) return store.read(tx, query);
  const found: StoredEvent[] = [];
  for (let day = dayOf(endOf(query) - 1); day + DAY_MS > query.from.getTime(); day -= DAY_MS) {
    found.push(...(await store.read(tx, within(query, day, day + DAY_MS, found.length))));
    if (found.length >= query.limit) break;
  }
  return found;
}

async function byHours(
  store: EventStore,
  tx: Tx,
  query: EventQuery,
  account: string,
  mostKeys: number,
): Promise<readonly StoredEvent[]> {
  const found: StoredEvent[] = [];
  const first = new Date(Math.floor(query.from.getTime() / HOUR_MS) * HOUR_MS);
  let before = new Date(endOf(query));
  while (found.length < query.limit) {
    const hour = await selectActiveHour(tx, account, query.codes, first, before);
    if (hour === null) break;
    const keys = await selectActiveKeys(tx, account, query.codes, hour, mostKeys + 1);
    const part = within(query, hour.getTime(), hour.getTime() + HOUR_MS, found.length);
    found.push(...(await store.read(tx, keys.length > mostKeys ? part : { ...part, keys })));
    before = hour;
  }
  return found;
}

/** Events at this time and later are not asked for. */
function endOf({ to, before }: EventQuery): number {
  return Math.min(to.getTime(), (before?.at.getTime() ?? Number.POSITIVE_INFINITY) + 1);
}

function within(query: EventQuery, from: number, to: number, found: number): EventQuery {
  return {
    ...query,
    from: new Date(Math.max(from, query.from.getTime())),
    to: new Date(Math.min(to, query.to.getTime())),
    limit: query.limit - found,
  };
}
