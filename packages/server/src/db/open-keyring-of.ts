import type { Clock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/log.ts";
import type { Random } from "../kernel/random.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import { type LiveKeyring, openKeyring } from "./keyring.ts";

export interface KeyringHouse {
  readonly masterKey: Uint8Array;
  readonly masterKeyNow?: (() => Promise<Uint8Array>) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The keyring of a node, which tells the log where it does not open later. Closes the database where it does not open now. */
export function openKeyringOf(
  database: Database,
  { masterKey, masterKeyNow, clock, random, logger }: KeyringHouse,
): Promise<LiveKeyring> {
  return openKeyring(database, masterKey, clock, random, {
    masterKeyNow,
    onUnreadable: (error) => {
      // An outage is told of by those who meet it, and passes.
      if (error instanceof DatabaseError)
        logger.error({ error }, "the keyring does not open; restart with its master key");
    },
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
}
