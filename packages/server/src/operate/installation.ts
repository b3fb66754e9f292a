import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import {
  type ConnectionConfig,
  type Database,
  DatabaseError,
  type LiveKeyring,
  MASTER_KEY_FILE,
  masterKeyOf,
  openDatabase,
  openKeyring,
} from "../db/index.ts";
import { systemClock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/log.ts";
import { systemRandom } from "../kernel/random.ts";
import { compareMigrations } from "./migrations.ts";
import { openServer } from "./open-database.ts";
import { countKeyring, readRecords, withClient } from "./queries.ts";

/** An installation that was started before, opened for work beside the service. */
export interface Installation {
  readonly database: Database;
  readonly keyring: LiveKeyring;
  readonly masterKey: Uint8Array;
  /** Names of the migrations of the database, which are those of this version. */
  readonly migrations: readonly string[];
  /** As the service's role, not through a pooler. */
  readonly direct: ConnectionConfig;
  /** False where no service runs on the embedded database, so that nobody else writes to the data directory. */
  readonly wasRunning: boolean;
  close(): Promise<void>;
}

/**
 * Opens database and keyring, and changes neither. Throws EngineError or DatabaseError, each with one line that says what
 * to do: no database, another version's database, no or the wrong master key.
 */
export async function openExisting(config: Config, logger: Logger): Promise<Installation> {
  const server = await openServer(config, logger);
  try {
    const records = await withClient(server.owner, readRecords);
    if (records === null) throw neverStarted();
    await requireThisVersion(records.migrations);
    const connection = server.node;
    const database = openDatabase({ connection, roles: records.roles, poolSize: 2, onIdleError: () => undefined });
    try {
      const masterKey = await existingMasterKey(config);
      const keyring = await openExistingKeyring(config, database);
      const close = async (): Promise<void> => {
        await database.close();
        await server.stop();
      };
      const { direct, wasRunning } = server;
      return { database, keyring, masterKey, migrations: records.migrations, direct, wasRunning, close };
    } catch (error) {
      await database.close();
      throw error;
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Throws DatabaseError where the keyring is empty or the master key does not open it; makes neither. */
export async function openExistingKeyring(config: Config, database: Database): Promise<LiveKeyring> {
  const masterKey = await existingMasterKey(config);
  // Opening an empty keyring fills it.
  if ((await countKeyring(database)) === 0) throw neverStarted();
  return openKeyring(database, masterKey, systemClock, systemRandom);
}

/** That of the settings, else that of the data directory. Throws DatabaseError where there is none; makes none. */
export async function existingMasterKey({ masterKey, dataDir }: Config): Promise<Uint8Array> {
  if (masterKey !== null) return masterKey;
  const path = join(dataDir, MASTER_KEY_FILE);
  try {
    await access(path);
  } catch {
    throw new DatabaseError(
      "MASTER_KEY_WRONG",
      `CLAVIGER_MASTER_KEY: is not set and ${path} cannot be read; must be the key this installation was started with`,
    );
  }
  return masterKeyOf(dataDir, systemRandom);
}

async function requireThisVersion(applied: readonly string[]): Promise<void> {
  const { pending, unknown } = await compareMigrations(applied);
  if (unknown[0] !== undefined) {
    throw new DatabaseError(
      "DATABASE_NEWER",
      `the database has migration ${unknown[0]}, which this version of Claviger does not know; use the newer version`,
    );
  }
  if (pending[0] !== undefined) {
    throw new DatabaseError(
      "MIGRATION_FAILED",
      `the database lacks migration ${pending[0]} of this version of Claviger; use the version that runs on it, or start this one first`,
    );
  }
}

function neverStarted(): DatabaseError {
  return new DatabaseError(
    "MIGRATION_FAILED",
    "no Claviger was ever started on this database; check DATABASE_URL and CLAVIGER_DATA_DIR",
  );
}
