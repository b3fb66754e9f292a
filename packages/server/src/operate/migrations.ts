import { readdir } from "node:fs/promises";

const FOLDER = new URL("../db/migrations/", import.meta.url);

export interface MigrationState {
  /** Known to this version of the software and not yet applied. */
  readonly pending: readonly string[];
  /** Applied and not known to this version: the database is newer than the software. */
  readonly unknown: readonly string[];
}

/** Compares what a database has with what this version of the software brings. */
export async function compareMigrations(applied: readonly string[]): Promise<MigrationState> {
  const known = (await readdir(FOLDER)).filter((name) => /^\d{4}_[a-z0-9-]+\.sql$/.test(name)).sort();
  return {
    pending: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}
