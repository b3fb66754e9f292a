import { chmod, link, lstat, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Random } from "../kernel/random.ts";
import { DatabaseError } from "./errors.ts";

export const MASTER_KEY_FILE = "master-key";
const BYTES = 32;

/**
 * The master key of the data directory, made at the first start: 32 random bytes as base64 in a file that only its owner may read.
 * A kill or a power loss at any moment leaves no such file or a whole one that lasts: everything that the database holds
 * is lost with it. Throws `DatabaseError` MASTER_KEY_WRONG when the file holds something else; it is never overwritten.
 */
export async function masterKeyOf(dataDir: string, random: Random): Promise<Uint8Array> {
  const path = join(dataDir, MASTER_KEY_FILE);
  await mkdir(dataDir, { recursive: true });
  if (!(await isThere(path))) await makeMasterKey(dataDir, random);
  await chmod(path, 0o600);
  const key = Buffer.from((await readFile(path, "utf8")).trim(), "base64");
  if (key.length === BYTES) return key;
  throw new DatabaseError(
    "MASTER_KEY_WRONG",
    `${path} holds no master key of 32 bytes in base64; restore the file from your backup`,
  );
}

/** Written under a name of its own and linked, which unlike a rename takes nobody's place. */
async function makeMasterKey(dataDir: string, random: Random): Promise<void> {
  const path = join(dataDir, MASTER_KEY_FILE);
  const draft = `${path}.new-${Buffer.from(random.bytes(4)).toString("hex")}`;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      await file.writeFile(`${Buffer.from(random.bytes(BYTES)).toString("base64")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(draft, path);
  } catch (error) {
    if (!isCode(error, "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncDirectory(dataDir);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isCode(error, "ENOENT")) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/**
 * Puts another master key in the place of the one in the data directory, for the same owner. A reader, also after a power
 * loss, sees the old one or the new one. Errors of the file system pass through.
 */
export async function replaceMasterKey(dataDir: string, key: Uint8Array): Promise<void> {
  const path = join(dataDir, MASTER_KEY_FILE);
  const draft = `${path}.new`;
  const { uid, gid } = await stat(path);
  const file = await open(draft, "w", 0o600);
  try {
    await file.chmod(0o600);
    // Only root can give files away, and only root needs to: the service runs as somebody else then.
    if (process.getuid?.() === 0) await file.chown(uid, gid);
    await file.writeFile(`${Buffer.from(key).toString("base64")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncDirectory(dataDir);
}
