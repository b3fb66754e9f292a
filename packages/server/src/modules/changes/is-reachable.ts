import { type Database, type LiveKeyring, PLATFORM } from "../../db/index.ts";
import { currentSeq } from "./changes.store.ts";

/** Whether the database answers, and what is in the keyring can be read. */
export async function isReachable(database: Database, keyring: LiveKeyring): Promise<boolean> {
  try {
    await database.transaction(PLATFORM, (tx) => currentSeq(tx), { statementTimeoutMs: 2_000 });
    await keyring.refresh();
    return true;
  } catch {
    return false;
  }
}
