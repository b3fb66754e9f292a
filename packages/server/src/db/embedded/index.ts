/**
 * The PostgreSQL that Claviger brings along. One process owns a data directory at a time; the server listens on a unix
 * socket only, ends with us, and is found and stopped at the next start where it could not.
 */
import { access, chmod, constants, mkdir, readdir, realpath, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import pg from "pg";
import { chooseAccount } from "./account.ts";
import { ensureCluster, openCluster } from "./cluster.ts";
import { DATABASE, NODE, OWNER, type Passwords, PORT } from "./config.ts";
import { EngineError, storageError, systemCode } from "./errors.ts";
import { exists } from "./files.ts";
import { prepareLauncher } from "./launch.ts";
import { layoutOf } from "./layout.ts";
import { lockDirectory } from "./lock.ts";
import { stopOrphan } from "./orphan.ts";
import { findBinaries, thisPlatform } from "./platform.ts";
import { ensureRuntime } from "./runtime.ts";
import { type Server, startServer } from "./server.ts";
import { clearSocket, ensureSocketDir, socketDirFor } from "./sockets.ts";
import type { ConnectionSettings, EmbeddedOptions, EmbeddedPostgres } from "./types.ts";

export { EngineError, type EngineErrorCode } from "./errors.ts";
export type { ConnectionSettings, EmbeddedOptions, EmbeddedPostgres, EngineLogger } from "./types.ts";

/**
 * Starts the server on the data directory, making what is missing. Throws EngineError: each of its codes but those of
 * external servers.
 *
 * Call it from the main thread: the server is bound to the thread that started it.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = findBinaries(options.platform ?? thisPlatform());
  const dataDir = await prepareDirectory(options.dataDir);
  const layout = layoutOf(dataDir);
  const runAs = chooseAccount(layout.pgData);
  const lock = await lockDirectory(dataDir);
  try {
    await stopOrphan(layout.pgData, options.logger);
    await removeDrafts(dataDir);
    const socketDir = socketDirFor(dataDir);
    await ensureSocketDir(socketDir, runAs);
    await clearSocket(socketDir);
    const launcher = await prepareLauncher(runAs, [dataDir, socketDir], options.logger);
    await ensureRuntime(layout.runtimeDir, binaries);
    await ensureCluster(layout, launcher, runAs);
    const passwords = await openCluster(layout, binaries.major);
    const server = await startServer(layout, launcher, socketDir, options.logger);
    return running(server, socketDir, passwords, options, () => lock.release());
  } catch (error) {
    lock.release();
    throw storageError(error, dataDir);
  }
}

/**
 * Creates a database beside `claviger`, as the owner, from a template (default: an empty one). Nobody may be connected
 * to the template. Returns the settings of both roles for it; pg errors pass through.
 */
export async function createDatabaseFrom(
  embedded: Pick<EmbeddedPostgres, "ownerUrl" | "nodeUrl">,
  name: string,
  template = "template1",
): Promise<{ owner: ConnectionSettings; node: ConnectionSettings }> {
  const client = new pg.Client({ ...embedded.ownerUrl });
  await client.connect();
  try {
    const [made, source] = [name, template].map((word) => client.escapeIdentifier(word));
    await client.query(`CREATE DATABASE ${made} TEMPLATE ${source}`);
  } finally {
    await client.end();
  }
  return { owner: { ...embedded.ownerUrl, database: name }, node: { ...embedded.nodeUrl, database: name } };
}

function running(
  server: Server,
  socketDir: string,
  passwords: Passwords,
  options: EmbeddedOptions,
  release: () => void,
): EmbeddedPostgres {
  const base = { host: socketDir, port: PORT, database: DATABASE };
  let stopping: Promise<void> | undefined;
  void server.exited.then((exit) => {
    if (stopping !== undefined) return;
    options.logger.warn({ pid: server.pid, code: exit.code }, "the embedded PostgreSQL ended unasked");
    options.onExit?.(exit);
  });
  return {
    ownerUrl: { ...base, user: OWNER, password: passwords.owner },
    nodeUrl: { ...base, user: NODE, password: passwords.node },
    pid: server.pid,
    exited: server.exited,
    stop: () => {
      stopping ??= server.stop().then(release);
      return stopping;
    },
  };
}

/** The directory as the system names it, which is how a running server's command line names it. */
async function prepareDirectory(path: string): Promise<string> {
  requirePlainPath(resolve(path));
  try {
    if (!(await exists(path))) {
      await makeDirectories(path);
      // As root, PostgreSQL's user must pass through; what is secret in it has modes of its own.
      await chmod(path, process.getuid?.() === 0 ? 0o711 : 0o700);
    }
    const real = await realpath(path);
    requirePlainPath(real);
    await access(real, constants.W_OK | constants.X_OK);
    return real;
  } catch (error) {
    throw storageError(error, path);
  }
}

/** As mkdir with `recursive`, which in Node 24 never returns where a parent exists but takes no entries, as below /proc. */
async function makeDirectories(path: string): Promise<void> {
  const parent = dirname(path);
  if (!(await exists(parent))) await makeDirectories(parent);
  try {
    await mkdir(path);
  } catch (error) {
    // Another start made it in the same moment; which of them has it, the lock says.
    if (systemCode(error) !== "EEXIST") throw error;
  }
}

/** initdb hands its own path to a shell between double quotes. */
function requirePlainPath(path: string): void {
  if (!/["$`\\\p{Cc}]/u.test(path)) return;
  throw new EngineError(
    "DATA_DIR_NAME",
    `CLAVIGER_DATA_DIR is ${JSON.stringify(path)}; PostgreSQL cannot live in a path with double quotes, dollars, backquotes, backslashes or control characters.`,
  );
}

/** What a killed start left unfinished; the lock is held, so nobody is still at it. */
async function removeDrafts(dataDir: string): Promise<void> {
  const drafts = (await readdir(dataDir)).filter((name) => /^(postgres|pg-runtime)\.(new|old)-[0-9a-f]{8}$/.test(name));
  await Promise.all(drafts.map((name) => rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 20 })));
}
