import { ClavigerError } from "@claviger/core";
import { type Database, isHeldUp, PLATFORM, type Tx } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/log.ts";
import { insertEvents } from "../../kernel/outbox.ts";
import { findKey } from "../keys/index.ts";
import { type DueView, noteRows, takeDueView } from "./queries.ts";
import type { SavedFilter } from "./saved-view.ts";

export interface WatchViewsPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  /** Ids of the keys that a filter lets through, newest first, `most` at most. Throws what a list does. The inventory's. */
  select(tx: Tx, keeper: string, filter: SavedFilter, now: Date, most: number): Promise<readonly string[]>;
}

/** Each view is looked at so often, by one node. */
const LOOK_MS = 900_000;
const AT_ONCE = 20;
/** Of a view that has more, the newest. */
const MOST_ROWS = 10_000;
/** That an event names. */
const MOST_NAMED = 20;

/**
 * Tells of views that have gained rows, those whose keepers wish so. A look, what it found and its event commit together, so that nothing is
 * told twice and nothing left out. One that takes too long keeps no other from its turn. pg errors pass through.
 */
export async function watchViews(ports: WatchViewsPorts): Promise<void> {
  const { database, logger } = ports;
  const passed: DueView[] = [];
  for (let looked = 0; looked < AT_ONCE; looked += 1) {
    let view: DueView | null = null;
    try {
      view = await database.transaction(PLATFORM, async (tx) => {
        const before = new Date(ports.clock.wall() - LOOK_MS);
        view = await takeDueView(tx, before, passed);
        if (view !== null) await watchOne(ports, tx, view);
        return view;
      });
      if (view === null) return;
    } catch (error) {
      if (view === null || !isHeldUp(error)) throw error;
      passed.push(view);
      logger.warn({ error }, "a view takes too long to be looked at, and will be tried again");
    }
  }
}

async function watchOne(ports: WatchViewsPorts, tx: Tx, view: DueView): Promise<void> {
  const { clock, ids } = ports;
  const now = new Date(clock.wall());
  const keys = await rowsOf(ports, tx, view, now);
  const gained = await noteRows(tx, view, keys, now);
  if (view.lookedAt === null || gained.length === 0) return;
  const { name, owner } = view;
  const payload = { view: name, owner, gained: gained.length, total: keys.length, keys: gained.slice(0, MOST_NAMED) };
  await insertEvents(tx, [{ id: ids.make("out"), type: "view.gained", account: null, createdAt: now, payload }]);
}

/** None where its keeper is gone, or may not ask that any more. */
async function rowsOf(
  { select, logger }: WatchViewsPorts,
  tx: Tx,
  view: DueView,
  now: Date,
): Promise<readonly string[]> {
  const keeper = await findKey(tx, view.owner);
  if (keeper?.state !== "active" || (keeper.expiresAt !== null && keeper.expiresAt <= now)) return [];
  try {
    return await select(tx, view.owner, view.filter, now, MOST_ROWS);
  } catch (error) {
    if (!(error instanceof ClavigerError)) throw error;
    logger.warn({ error }, `the view ${view.name} of ${view.owner} cannot be looked at`);
    return [];
  }
}
