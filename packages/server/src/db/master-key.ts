import { chmod, mkdir, open, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Random } from "../kernel/random.ts";
import { DatabaseError } from "./errors.ts";

export const MASTER_KEY_FILE = "master-key";
const BYTES = 32;

/**
 * The master key of the data directory, made at the first start: 32 random bytes as base64 in a file that only its owner may read.
 * Throws `DatabaseError` MASTER_KEY_WRONG when the file holds something else; it is never overwritten.
 */
export async function masterKeyOf(dataDir: string, random: Random): Promise<Uint8Array> {
  const path = join(dataDir, MASTER_KEY_FILE);
  await mkdir(dataDir, { recursive: true });
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(`${Buffer.from(random.bytes(BYTES)).toString("base64")}\n`);
    await file.sync();
    await file.close();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  await chmod(path, 0o600);
  const key = Buffer.from((await readFile(path, "utf8")).trim(), "base64");
  if (key.length === BYTES) return key;
  throw new DatabaseError(
    "MASTER_KEY_WRONG",
    `${path} holds no master key of 32 bytes in base64; restore the file from your backup`,
  );
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
  const directory = await open(dataDir, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
