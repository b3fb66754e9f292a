import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../kernel/clock.ts";

/** Asks until the answer is true or the time is up; tells which. Times in milliseconds. */
export async function waitUntil(
  condition: () => Promise<boolean> | boolean,
  options: { readonly forMs: number; readonly everyMs: number },
): Promise<boolean> {
  const end = systemClock.mono() + options.forMs;
  for (;;) {
    if (await condition()) return true;
    if (systemClock.mono() >= end) return false;
    await sleep(options.everyMs);
  }
}
