import { createHash } from "node:crypto";
import { chmod, chown, lstat, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunAs } from "./account.ts";
import { PORT } from "./config.ts";
import { EngineError, systemCode } from "./errors.ts";

/** Bytes of a socket's path that the system takes: 108 on Linux and 104 on macOS, with the closing zero. */
const PATH_BYTES = process.platform === "linux" ? 107 : 103;

/**
 * Where the socket goes: below the data directory, or, where that path would be too long, in a directory of the system's
 * temporary one that is named by it.
 */
export function socketDirFor(dataDir: string): string {
  const near = join(dataDir, "run");
  if (fits(near)) return near;
  const name = `claviger-${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`;
  return [tmpdir(), "/tmp"].map((parent) => join(parent, name)).find(fits) ?? join("/tmp", name);
}

function fits(directory: string): boolean {
  return Buffer.byteLength(join(directory, `.s.PGSQL.${PORT}`)) <= PATH_BYTES;
}

/**
 * Makes the directory, for PostgreSQL's user alone, or verifies the one that is there: where anybody may write, somebody
 * else may have made it to stand between us. Throws SOCKET_DIR_UNSAFE.
 */
export async function ensureSocketDir(directory: string, runAs: RunAs): Promise<void> {
  try {
    await mkdir(directory);
    await chmod(directory, 0o700);
    if (runAs.kind === "other") await chown(directory, runAs.account.uid, runAs.account.gid);
    return;
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw error;
  }
  const found = await lstat(directory);
  const uid = runAs.kind === "other" ? runAs.account.uid : process.getuid?.();
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o7777) !== 0o700) {
    throw new EngineError(
      "SOCKET_DIR_UNSAFE",
      `${directory} must be a directory of mode 0700 that belongs to user id ${uid}. Remove it, or set CLAVIGER_DATA_DIR to a shorter path.`,
    );
  }
}

/** A server that was killed leaves its socket. Call it only when none runs on the data directory. */
export async function clearSocket(directory: string): Promise<void> {
  const socket = join(directory, `.s.PGSQL.${PORT}`);
  await Promise.all([rm(socket, { force: true }), rm(`${socket}.lock`, { force: true })]);
}
