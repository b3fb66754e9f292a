import { systemClock } from "../../server/src/kernel/clock.ts";

export interface WaitOptions {
  /** Milliseconds; default 5 000. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks; default 5. */
  readonly everyMs?: number;
  /** What is waited for, for the message. */
  readonly what?: string;
}

const TIMEOUT_MS = 5_000;
const EVERY_MS = 5;

/** Looks again and again until `condition` yields something other than false, null or undefined, and returns that. */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = systemClock.mono() + (options.timeoutMs ?? TIMEOUT_MS);
  for (;;) {
    const value = await condition();
    if (value !== false && value !== null && value !== undefined) return value as Exclude<T, false | null | undefined>;
    if (systemClock.mono() > deadline) throw new Error(`waited in vain for ${options.what ?? condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, options.everyMs ?? EVERY_MS));
  }
}
