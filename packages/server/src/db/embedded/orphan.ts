import { lstat, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { EngineError, systemCode, WAY_OUT } from "./errors.ts";
import { writeFileWhole } from "./files.ts";
import { inspectProcess, worksIn } from "./processes.ts";
import type { EngineLogger } from "./types.ts";
import { waitUntil } from "./wait.ts";

/**
 * What the process named by postmaster.pid is:
 * `gone`    there is none: PostgreSQL sees that itself and goes on
 * `zombie`  a process on its way out, or one that has ended and was not collected: PostgreSQL would take it for alive
 * `server`  a server on this data directory
 * `alien`   certainly something else, which was given the id after the server's end
 * `unclear` a PostgreSQL of which the system does not tell the directory
 */
type Verdict = "gone" | "zombie" | "server" | "alien" | "unclear";

const STOP_MS = 60_000;
const POLL_MS = 20;
/** Above every id that Linux and macOS give. */
const NO_SUCH_PID = 2_147_483_647;

/**
 * Before PostgreSQL is started on `pgData`: stops the server that an earlier process of ours may have left running
 * there. Call it with the directory's lock held, so that nobody else's server can be meant. Throws ORPHAN_STUCK.
 *
 * `postmaster.pid` is never deleted: with it goes PostgreSQL's own protection against two servers on one directory,
 * which also looks for processes that still hold the old server's shared memory.
 */
export async function stopOrphan(pgData: string, logger: EngineLogger, stopMs = STOP_MS): Promise<void> {
  const pid = await readPostmasterPid(pgData);
  if (pid === undefined) return;
  const verdict = await judge(pid, pgData);
  if (verdict === "gone") return;
  if (verdict === "alien") return forgetPid(pgData, pid, logger);
  if (verdict === "unclear") {
    throw new EngineError(
      "ORPHAN_STUCK",
      `Process ${pid} is a PostgreSQL that may run on ${pgData}, which the system does not tell. End it, or: ${WAY_OUT}.`,
    );
  }
  if (verdict === "server") {
    logger.warn({ pid }, "a PostgreSQL that outlived its Claviger still runs on the data directory; stopping it");
    interrupt(pid);
  }
  const ended = await waitUntil(async () => (await judge(pid, pgData)) === "gone", { forMs: stopMs, everyMs: POLL_MS });
  if (ended) return;
  const what = verdict === "server" ? "did not stop when asked" : "has ended, but its parent does not collect it";
  throw new EngineError("ORPHAN_STUCK", `PostgreSQL process ${pid} on ${pgData} ${what}. End it, or: ${WAY_OUT}.`);
}

async function judge(pid: number, pgData: string): Promise<Verdict> {
  const facts = await inspectProcess(pid);
  if (facts === undefined) return "gone";
  if (facts.zombie) return "zombie";
  const [program = ""] = facts.command;
  if (basename(program) !== "postgres") return "alien";
  if (facts.command.some((word) => word === pgData || word === `-D ${pgData}`)) return "server";
  // The directory may have been renamed, or be mounted elsewhere, since that server started.
  const here = await worksIn(pid, pgData);
  if (here === undefined) return "unclear";
  return here ? "server" : "alien";
}

/**
 * PostgreSQL refuses to start while a process of that id exists, whatever it is. Only the id is replaced, by one that
 * cannot exist; the rest of the file still leads it to the old server's shared memory.
 */
async function forgetPid(pgData: string, pid: number, logger: EngineLogger): Promise<void> {
  const path = join(pgData, "postmaster.pid");
  const [text, owner] = await Promise.all([readFile(path, "utf8"), lstat(path)]).catch(undefinedIfGone);
  // Its own server has taken it away at its end.
  if (text === undefined || owner === undefined) return;
  logger.info({ pid }, "the process id of the last PostgreSQL now belongs to another program");
  await writeFileWhole(path, text.replace(/^\s*\d+/, String(NO_SUCH_PID)), 0o600, owner);
}

async function readPostmasterPid(pgData: string): Promise<number | undefined> {
  try {
    const text = await readFile(join(pgData, "postmaster.pid"), "utf8");
    const pid = Number.parseInt(text, 10);
    return pid > 0 ? pid : undefined;
  } catch (error) {
    undefinedIfGone(error);
    return undefined;
  }
}

/** @throws the error, unless it says that there is no such file */
function undefinedIfGone(error: unknown): readonly undefined[] {
  if (systemCode(error) === "ENOENT") return [];
  throw error;
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch (error) {
    if (systemCode(error) !== "ESRCH") throw error;
  }
}
