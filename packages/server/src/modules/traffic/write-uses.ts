import type { KeyUse } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import { mergeUses } from "./merge-uses.ts";
import { addUses } from "./traffic.store.ts";

/** Adds uses of keys, told once or several times, to what is stored, all or none; `at` says to which day. pg errors pass through. */
export async function writeUses(database: Database, uses: readonly KeyUse[], at: Date): Promise<void> {
  if (uses.length > 0) await database.transaction(PLATFORM, (tx) => addMergedUses(tx, uses, at));
}

/** The same in a transaction that is under way. */
export async function addMergedUses(tx: Tx, uses: readonly KeyUse[], at: Date): Promise<void> {
  if (uses.length > 0) await addUses(tx, mergeUses(uses), at);
}
