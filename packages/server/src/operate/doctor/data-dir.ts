import { access, constants, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { MASTER_KEY_FILE } from "../../db/index.ts";
import { type Check, fail, messageOf, ok, warn } from "./check.ts";

const MIB = 1024 * 1024;
const LEAST_BYTES = 100 * MIB;
const FEW_BYTES = 1024 * MIB;

/**
 * The data directory: there, writable, closed to others, with room. `holdsMasterKey`: whether the master key is expected in it.
 * A directory that does not exist yet is made by the first start.
 */
export async function checkDataDir(dataDir: string, holdsMasterKey: boolean): Promise<Check[]> {
  const found = await stat(dataDir).catch((error: unknown) => messageOf(error));
  if (typeof found === "string") {
    return [
      /ENOENT/.test(found)
        ? warn(
            "data-directory",
            `${dataDir} does not exist`,
            "nothing, if the service was never started: its first start makes it; else set CLAVIGER_DATA_DIR",
          )
        : fail("data-directory", found, "set CLAVIGER_DATA_DIR to a directory of the user that runs the service"),
    ];
  }
  if (!found.isDirectory())
    return [fail("data-directory", `${dataDir} is no directory`, "set CLAVIGER_DATA_DIR to one")];
  return [
    await checkAccess(dataDir, found.mode),
    ...(holdsMasterKey ? [await checkMasterKeyFile(dataDir)] : []),
    await checkDisk(dataDir),
  ];
}

async function checkAccess(dataDir: string, mode: number): Promise<Check> {
  try {
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return fail("data-directory", `${dataDir} is not writable`, "give it to the user that runs the service");
  }
  // As root, PostgreSQL's own user must pass through it: 0711.
  return (mode & 0o066) === 0
    ? ok("data-directory", `${dataDir} is writable and closed to others (${octal(mode)})`)
    : warn("data-directory", `${dataDir} is open to others (${octal(mode)})`, `chmod go-rw ${dataDir}`);
}

async function checkMasterKeyFile(dataDir: string): Promise<Check> {
  const path = join(dataDir, MASTER_KEY_FILE);
  const found = await stat(path).catch(() => null);
  if (found === null) {
    return warn(
      "master-key-file",
      `${path} does not exist`,
      "nothing, if the service was never started; else restore it from a backup, or set CLAVIGER_MASTER_KEY",
    );
  }
  return (found.mode & 0o077) === 0
    ? ok("master-key-file", `${path} is its owner's alone (${octal(found.mode)})`)
    : fail(
        "master-key-file",
        `${path} is open to others (${octal(found.mode)})`,
        `chmod 600 ${path}, and think about who may have read it`,
      );
}

async function checkDisk(dataDir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(dataDir);
  const free = bavail * bsize;
  const detail = `${Math.floor(free / MIB)} MiB free`;
  if (free < LEAST_BYTES) return fail("disk", detail, "free some space: the database stops when there is none");
  return free < FEW_BYTES ? warn("disk", detail, "free some space before it runs out") : ok("disk", detail);
}

const octal = (mode: number): string => (mode & 0o7777).toString(8).padStart(4, "0");
