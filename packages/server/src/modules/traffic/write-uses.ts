import type { KeyUse } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import { mergeUses } from "./merge-uses.ts";
import { addUses } from "./traffic.store.ts";

/** Versions of keys in one statement: what it takes to write it down is done in one turn of the event loop. */
const ROWS_AT_ONCE = 2_000;

/** Adds uses of keys, told once or several times, to what is stored, all or none; `at` says to which day. pg errors pass through. */
export async function writeUses(database: Database, uses: readonly KeyUse[], at: Date): Promise<void> {
  if (uses.length > 0) await database.transaction(PLATFORM, (tx) => addMergedUses(tx, uses, at));
}

/** The same in a transaction that is under way. */
export async function addMergedUses(tx: Tx, uses: readonly KeyUse[], at: Date): Promise<void> {
  const merged = mergeUses(uses);
  for (let from = 0; from < merged.length; from += ROWS_AT_ONCE) {
    await addUses(tx, merged.slice(from, from + ROWS_AT_ONCE), at);
  }
}
