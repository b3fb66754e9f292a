import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EngineError, storageError, WAY_OUT } from "./errors.ts";

export interface DirectoryLock {
  release(): void;
}

const SQLITE_BUSY = 5;
/**
 * SQLite reaches an exclusive lock in steps. Of two that start at the same moment, each may stand in the other's way for
 * an instant; without patience both would be refused and nobody would have the directory.
 */
const PATIENCE_MS = 500;

/**
 * Takes the data directory for this process. Throws DATA_DIR_IN_USE, naming the holder's pid, where another has it.
 *
 * The lock is the kernel's own, taken through SQLite, the one thing in Node that locks files: it ends with the process
 * however that ends, cannot be mistaken after a pid is used again, holds between containers that share a volume, and
 * the children do not inherit it. The file stays empty; `lock.pid` only tells people who holds it.
 */
export async function lockDirectory(dataDir: string): Promise<DirectoryLock> {
  const file = join(dataDir, "lock");
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: PATIENCE_MS });
    // Nothing is ever written, so no journal is wanted, which a kill would leave behind.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    database?.close();
    if (sqliteCode(error) === SQLITE_BUSY) throw await inUse(dataDir);
    throw new EngineError("DATA_DIR_NOT_WRITABLE", `Cannot lock ${file}: ${messageOf(error)}. ${WAY_OUT}.`, error);
  }
  const held = database;
  try {
    await writeFile(join(dataDir, "lock.pid"), `${process.pid}\n`);
  } catch (error) {
    held.close();
    throw storageError(error, dataDir);
  }
  return { release: () => held.close() };
}

async function inUse(dataDir: string): Promise<EngineError> {
  const holder = await readFile(join(dataDir, "lock.pid"), "utf8").catch(() => "");
  const who = /^\d+$/.test(holder.trim()) ? `process ${holder.trim()}` : "another process";
  return new EngineError("DATA_DIR_IN_USE", `${dataDir} is in use by ${who}. Stop it, or: ${WAY_OUT}.`);
}

function sqliteCode(error: unknown): number | undefined {
  const code = error instanceof Error && "errcode" in error ? error.errcode : undefined;
  return typeof code === "number" ? code & 0xff : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
