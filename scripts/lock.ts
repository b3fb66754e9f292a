import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const PAUSE_MS = 100;

/** Does something while no other process does: several tests may need the built package at once. */
export function withLock(folder: string, act: () => void): void {
  while (!taken(folder)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  try {
    act();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function taken(folder: string): boolean {
  try {
    mkdirSync(folder);
    writeFileSync(join(folder, "pid"), String(process.pid));
    return true;
  } catch {
    if (holderIsGone(folder)) rmSync(folder, { recursive: true, force: true });
    return false;
  }
}

/** Killed before it could remove what it had made. One that has not written its number yet is there. */
function holderIsGone(folder: string): boolean {
  let pid: number;
  try {
    pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  } catch {
    return false;
  }
  if (pid === 0) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
