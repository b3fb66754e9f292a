import { lstat, readFile, realpath } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { DATABASE, NODE, OWNER, PORT, parsePasswords } from "./config.ts";
import { EngineError, storageError, systemCode, WAY_OUT } from "./errors.ts";
import { exists } from "./files.ts";
import { startEmbedded } from "./index.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { socketDirFor } from "./sockets.ts";
import type { ConnectionSettings, EmbeddedOptions } from "./types.ts";
import { waitUntil } from "./wait.ts";

/** The embedded server for somebody who works beside the service. */
export interface AttachedPostgres {
  readonly ownerUrl: ConnectionSettings;
  readonly nodeUrl: ConnectionSettings;
  /** True where the service, or somebody else beside it, runs the server; false where this call started it. */
  readonly wasRunning: boolean;
  /** Ends the server where this call started it; does nothing to one that ran already. */
  stop(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
const WAIT_MS = 20_000;
const POLL_MS = 50;
/** The server is starting, or stopping; whoever does it holds the directory for a moment more. */
const IN_TRANSITION = new Set(["57P01", "57P02", "57P03"]);

type Attempt = Omit<AttachedPostgres, "wasRunning" | "stop">;

/**
 * Connects to the server that runs on the data directory, or starts it until `stop` where none does. Never makes a
 * cluster. Throws EngineError: CLUSTER_INCOMPLETE where the directory holds none, DATA_DIR_UNREACHABLE where this user
 * may not connect, SERVER_UNREACHABLE where the server refuses, and the codes of `startEmbedded`.
 */
export async function attachEmbedded(
  options: Pick<EmbeddedOptions, "dataDir" | "logger" | "onExit">,
): Promise<AttachedPostgres> {
  const layout = await requireCluster(options.dataDir);
  let found: AttachedPostgres | undefined;
  let inUse: EngineError | undefined;
  const attempt = async (): Promise<boolean> => {
    const running = await connect(layout);
    if (running !== undefined) {
      found = { ...running, wasRunning: true, stop: () => Promise.resolve() };
      return true;
    }
    try {
      const { ownerUrl, nodeUrl, stop } = await startEmbedded(options);
      found = { ownerUrl, nodeUrl, wasRunning: false, stop };
      return true;
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "DATA_DIR_IN_USE") throw error;
      inUse = error;
      return false;
    }
  };
  await waitUntil(attempt, { forMs: WAIT_MS, everyMs: POLL_MS });
  if (found !== undefined) return found;
  throw inUse ?? new TypeError("an attempt finds a server or says who is in its way");
}

async function requireCluster(path: string): Promise<Layout> {
  try {
    const layout = layoutOf(await realpath(path));
    if (await exists(layout.clusterDir)) return layout;
  } catch (error) {
    if (systemCode(error) !== "ENOENT") throw storageError(error, path);
  }
  throw new EngineError("CLUSTER_INCOMPLETE", `CLAVIGER_DATA_DIR: ${path} holds no database. ${WAY_OUT}.`);
}

/** The settings of a server that answers; undefined where none does. */
async function connect(layout: Layout): Promise<Attempt | undefined> {
  const host = socketDirFor(layout.dataDir);
  if (!(await isServers(host, layout.pgData))) return undefined;
  const passwords = parsePasswords(await readOwn(layout.passwordFile, layout.dataDir));
  if (passwords === undefined) {
    throw new EngineError("CLUSTER_INCOMPLETE", `${layout.passwordFile} is damaged. Restore it from a backup.`);
  }
  const base = { host, port: PORT, database: DATABASE };
  const nodeUrl = { ...base, user: NODE, password: passwords.node };
  const client = new pg.Client({ ...nodeUrl, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection that breaks while idle has nobody to tell.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return { ownerUrl: { ...base, user: OWNER, password: passwords.owner }, nodeUrl };
  } catch (error) {
    return refused(error, layout.dataDir);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function refused(error: unknown, dataDir: string): undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ENOENT" || code === "ECONNREFUSED" || IN_TRANSITION.has(code)) return undefined;
  if (code === "EACCES" || code === "EPERM") throw closed(dataDir, error);
  const reason = error instanceof Error ? error.message : String(error);
  throw new EngineError("SERVER_UNREACHABLE", `The database in ${dataDir} cannot be used: ${reason}.`, error);
}

/** A socket that lies where anybody may write counts only in a directory of the user whose the cluster is. */
async function isServers(socketDir: string, pgData: string): Promise<boolean> {
  try {
    const [directory, cluster] = await Promise.all([lstat(socketDir), lstat(pgData)]);
    return directory.isDirectory() && directory.uid === cluster.uid && (directory.mode & 0o077) === 0;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw systemCode(error) === "EACCES" ? closed(join(pgData, "..", ".."), error) : error;
  }
}

async function readOwn(path: string, dataDir: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (systemCode(error) === "EACCES") throw closed(dataDir, error);
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  }
}

function closed(dataDir: string, cause: unknown): EngineError {
  return new EngineError(
    "DATA_DIR_UNREACHABLE",
    `${dataDir} is closed to this user. Run the command as the user that runs the service.`,
    cause,
  );
}
