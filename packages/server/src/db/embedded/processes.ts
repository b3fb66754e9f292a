import { execFile } from "node:child_process";
import { readFile, readlink, stat } from "node:fs/promises";
import { systemCode } from "./errors.ts";

export interface ProcessFacts {
  /** About to be gone: on its way out, or dead and not yet collected by its parent. */
  readonly zombie: boolean;
  /** Program and arguments, or, outside Linux, options together with their values; empty for zombies. */
  readonly command: readonly string[];
}

const PF_EXITING = 0x4;

/** What the system says about a process; undefined where there is none of that id. */
export async function inspectProcess(pid: number): Promise<ProcessFacts | undefined> {
  return process.platform === "linux" ? inspectProc(pid) : inspectPs(pid);
}

async function inspectProc(pid: number): Promise<ProcessFacts | undefined> {
  try {
    // In this order: whoever has just lost its command on its way out is told as such.
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    const status = await readFile(`/proc/${pid}/stat`, "utf8");
    return { zombie: isEnding(status), command: command.split("\0").filter((word) => word !== "") };
  } catch (error) {
    const code = systemCode(error);
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}

/** Its state, and the kernel's flag of a process that exits; both come after the name, which may hold anything. */
function isEnding(status: string): boolean {
  const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
  return /^[ZX]/.test(fields[0] ?? "") || (Number(fields[6]) & PF_EXITING) !== 0;
}

function inspectPs(pid: number): Promise<ProcessFacts | undefined> {
  return new Promise((resolve) => {
    execFile("ps", ["-ww", "-o", "stat=,command=", "-p", String(pid)], (error, out) => {
      const [, state, command] = /^\s*(\S+)\s+(.*)/.exec(out) ?? [];
      if (error !== null || state === undefined) return resolve(undefined);
      // ps joins the arguments by spaces, which paths may hold as well: cut before options only.
      resolve({ zombie: state.startsWith("Z"), command: (command ?? "").split(/ (?=-)/) });
    });
  });
}

/** Whether the process works in that directory, also where it has been renamed; undefined where it cannot be told. */
export async function worksIn(pid: number, directory: string): Promise<boolean | undefined> {
  if (process.platform !== "linux") return undefined;
  try {
    await readlink(`/proc/${pid}/cwd`);
    const [there, here] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(directory)]);
    return there.dev === here.dev && there.ino === here.ino;
  } catch {
    return undefined;
  }
}
