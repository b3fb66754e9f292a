import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { EngineError, systemCode, WAY_OUT } from "./errors.ts";
import { inspectProcess, worksIn } from "./processes.ts";
import type { EngineLogger } from "./types.ts";
import { waitUntil } from "./wait.ts";

const STOP_MS = 60_000;
const POLL_MS = 20;

/**
 * Before PostgreSQL is started on `pgData`: stops the server that an earlier process of ours may have left running
 * there. Call it with the directory's lock held, so that nobody else's server can be meant.
 *
 * `postmaster.pid` is never deleted: with it goes PostgreSQL's own protection against two servers on one directory.
 */
export async function stopOrphan(pgData: string, logger: EngineLogger): Promise<void> {
  const pid = await readPostmasterPid(pgData);
  if (pid === undefined) return;
  const found = await judge(pid, pgData);
  if (found === "gone" || found === "alien") return;
  if (found === "server") {
    logger.warn({ pid }, "a PostgreSQL that outlived its Claviger still runs on the data directory; stopping it");
    signal(pid);
  }
  const ended = await waitUntil(async () => (await judge(pid, pgData)) === "gone", {
    forMs: STOP_MS,
    everyMs: POLL_MS,
  });
  if (!ended) {
    const what = found === "server" ? "did not stop when asked" : "has ended, but its parent does not collect it";
    throw new EngineError("ORPHAN_STUCK", `PostgreSQL process ${pid} on ${pgData} ${what}. End it, or: ${WAY_OUT}.`);
  }
}

type Verdict = "gone" | "zombie" | "server" | "alien";

async function judge(pid: number, pgData: string): Promise<Verdict> {
  const facts = await inspectProcess(pid);
  if (facts === undefined) return "gone";
  if (facts.zombie) return "zombie";
  const isPostgres = facts.command.some((word) => basename(word.split(" ")[0] ?? "") === "postgres");
  if (!isPostgres) return "alien";
  if (facts.command.some((word) => word === pgData || word.includes(` ${pgData} `))) return "server";
  return (await worksIn(pid, pgData)) === true ? "server" : "alien";
}

async function readPostmasterPid(pgData: string): Promise<number | undefined> {
  try {
    const text = await readFile(join(pgData, "postmaster.pid"), "utf8");
    const pid = Number.parseInt(text, 10);
    return pid > 0 ? pid : undefined;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, "SIGINT");
  } catch (error) {
    if (systemCode(error) !== "ESRCH") throw error;
  }
}
