import type { Clock } from "../clock.ts";

const QUIET_MS = 10_000;

/** A warning on the console, and silence for ten seconds after it: an outage must not fill a disk. */
export function rareWarning(clock: Clock, what = "keys are refused as UNAVAILABLE"): (reason: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (reason) => {
    const now = clock.mono();
    if (now - last < QUIET_MS) return;
    last = now;
    console.warn(`claviger: ${what}: ${reason}`);
  };
}
