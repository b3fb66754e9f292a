import { sql } from "kysely";
import type { Tx } from "./database.ts";

/** Tells these locks from those for other purposes. */
const TURNS = 7_164_003;

/**
 * Waits until no other act of this process is about to take the heads of trail and log, which all acts of all nodes need. The database
 * does the waiting: a process that is frozen with many acts under way then holds a head once, until the server ends that one
 * transaction. The next of its acts gets its turn, and no more. To be sent by itself, right before a head is locked. `holder` is
 * this process, by a name that no other has.
 */
export async function takeTurn(tx: Tx, holder: string): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${TURNS}, hashtext(${holder}))`.execute(tx);
}
