/** What the system says about processes, at the moments when that is in doubt. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { inspectProcess, type ProcessFacts } from "./processes.ts";

/** Of one thread, and it takes the kernel a while to take back its memory: it has no command any more by then. */
const LARGE = ["if=/dev/zero", "bs=400000000", "count=1"];

test("a process that is ending is at no moment told as a living one without a command", async () => {
  const child = spawn("dd", LARGE, { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "readable");
  const seen: ProcessFacts[] = [];
  child.kill("SIGKILL");
  for (;;) {
    const facts = await inspectProcess(child.pid ?? 0);
    if (facts === undefined) break;
    seen.push(facts);
  }
  expect(seen.filter(({ zombie, command }) => !zombie && command.length === 0)).toEqual([]);
  expect(seen.some(({ zombie }) => zombie)).toBe(true);
});
