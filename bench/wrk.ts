/** The load generator, wrk, and what must be there to measure one core against another. Linux alone. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installFromDebian } from "../scripts/prepare/debian.mjs";
import { processorSeconds } from "./processes.ts";

/** The servers have the first to themselves; the second has the load generator and the database. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;
const CONNECTIONS = 64;
/** Somebody else may have the machine for a while. */
const TIMEOUT_S = 20;
const SCRIPT = fileURLToPath(new URL("load.lua", import.meta.url));

/** Installs wrk as root on Debian; null where all is there, else one line that says what is missing. */
export function whatIsMissing(): string | null {
  if (availableParallelism() < 2) return "two cores: one for the server, one for the load";
  if (!onPath("taskset")) return "taskset, which comes with util-linux";
  if (onPath("wrk")) return null;
  const byHand = "wrk; on Debian: apt-get install wrk";
  if (process.getuid?.() !== 0 || !existsSync("/etc/debian_version") || !onPath("apt-get")) return byHand;
  process.stderr.write("Installing the load generator from Debian's packages: wrk\n");
  try {
    installFromDebian(["wrk"], []);
  } catch (error) {
    return `${byHand} (${error instanceof Error ? error.message : "it failed"})`;
  }
  return onPath("wrk") ? null : byHand;
}

function onPath(name: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export interface Load {
  /** The process that answers. */
  readonly pid: number;
  readonly url: string;
  /** Whole requests, each ended by a zero byte; null for plain GETs of `url`. */
  readonly requests: string | null;
  readonly seconds: number;
  readonly seed: number;
}

export interface LoadResult {
  /** Requests in a second of the clock, and in a second of the answering process's processor time. */
  readonly perSecond: number;
  readonly perProcessorSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

/** Sends requests over 64 connections for so long, and waits for each answer. Throws TypeError where one of them failed. */
export function runLoad({ pid, url, requests, seconds, seed }: Load): LoadResult {
  const script = ["-s", SCRIPT, url, "--", requests ?? "", String(seed)];
  const wrk = ["wrk", "-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, `--timeout=${TIMEOUT_S}s`, ...script];
  const before = processorSeconds(pid);
  const run = spawnSync("taskset", ["-c", String(LOAD_CORE), ...wrk], { encoding: "utf8" });
  const used = processorSeconds(pid) - before;
  const line = run.stdout.split("\n").find((each) => each.startsWith('{"requests"'));
  if (run.status !== 0 || line === undefined) throw new TypeError(`wrk failed: ${run.stdout}${run.stderr}`);
  const told = JSON.parse(line) as {
    readonly requests: number;
    readonly us: number;
    readonly failed: number;
    readonly p50Us: number;
    readonly p99Us: number;
  };
  if (told.failed > 0 || told.requests === 0) throw new TypeError(`requests failed: ${line}`);
  return {
    ...{ perSecond: told.requests / (told.us / 1e6), perProcessorSecond: told.requests / used },
    ...{ p50Us: told.p50Us, p99Us: told.p99Us },
  };
}
