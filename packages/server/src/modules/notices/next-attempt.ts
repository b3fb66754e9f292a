const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** For so long what is not accepted is tried again, in milliseconds. */
export const GIVE_UP_MS = 48 * HOUR;
/** And so often at least, where nodes or database were away for a part of that. */
const LEAST_TRIES = 8;
/** Waits after the first, second and later attempts; the last one stands for all that follow. */
const WAITS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR];
/** Each wait is up to so much shorter or longer, so that what failed together does not come again together. */
const JITTER = 0.2;

interface Tried {
  /** Attempts so far, 1 and more. */
  readonly tries: number;
  /** When the delivery was made, and now, in milliseconds since the epoch. */
  readonly madeAt: number;
  readonly now: number;
  /** 0 to 1. */
  readonly chance: number;
}

/** When it is tried next, in milliseconds since the epoch; null where it was tried for long enough. Of many attempts, the last is at the end of the time. */
export function nextAttempt({ tries, madeAt, now, chance }: Tried): number | null {
  const end = madeAt + GIVE_UP_MS;
  if (now >= end && tries >= LEAST_TRIES) return null;
  const wait = WAITS_MS[Math.min(tries, WAITS_MS.length) - 1] ?? HOUR;
  const next = now + Math.floor(wait * (1 + JITTER * (2 * chance - 1)));
  return now < end ? Math.min(next, end) : next;
}
