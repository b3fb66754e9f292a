/** What Linux tells of processes. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Moves a process with all its threads to one core. */
export function pin(pid: number, core: number): void {
  const run = spawnSync("taskset", ["-a", "-c", "-p", String(core), String(pid)], { encoding: "utf8" });
  if (run.status !== 0) throw new TypeError(`taskset: ${run.stderr}`);
}

/** What all threads of a process have had of processors so far. */
export function processorSeconds(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  }
  return nanoseconds / 1e9;
}

/** What those of its children have had that have ended, with theirs, in steps of a hundredth of a second. */
export function endedSeconds(pid: number): number {
  // The name of the program stands in brackets and may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

const TICKS = 100;

/** Bytes in memory: what a process alone holds, and its share of what it holds with others. Linux alone. */
export interface MemoryOf {
  readonly rss: number;
  readonly pss: number;
}

export function memoryOf(pid: number): MemoryOf {
  const read = (file: string, name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1]) * 1024;
  return { rss: read("status", "VmRSS"), pss: read("smaps_rollup", "Pss") };
}

/** All processes that a process has started, and they in turn. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The name of the program stands in brackets and may hold anything.
      const fields = readFileSync(`/proc/${name}/stat`, "latin1").split(") ").at(-1)?.split(" ");
      parents.set(Number(name), Number(fields?.[1]));
    } catch {
      // It has ended since.
    }
  }
  const found = [pid];
  for (const parent of found) for (const [child, of] of parents) if (of === parent) found.push(child);
  return found.slice(1);
}
