import type { Clock } from "../../kernel/clock.ts";

const WINDOW_MS = 60_000;
/** Sources remembered at most; beyond it the oldest are forgotten, which only ever forgives. */
const MOST_SOURCES = 50_000;

/**
 * Counts failed attempts to authenticate by source: an IPv4 address, or the /64 of an IPv6 one, which is what one subscriber
 * holds. A source over its budget is told to wait and causes no look-up any more; a genuine key from there is still
 * accepted, so that nobody can lock out a neighbour behind the same address.
 */
export interface FailedAttempts {
  /** Milliseconds to wait where the budget of this source is spent; null where it is not. */
  waitFor(source: string | null): number | null;
  failed(source: string | null): void;
}

interface Window {
  readonly startedAt: number;
  failures: number;
}

/** `perMinute` failures of one source; 0 sets no bound. */
export function createFailedAttempts(clock: Clock, perMinute: number): FailedAttempts {
  const windows = new Map<string, Window>();
  const current = (name: string, now: number): Window | undefined => {
    const window = windows.get(name);
    return window !== undefined && now - window.startedAt < WINDOW_MS ? window : undefined;
  };
  return {
    waitFor: (source) => {
      if (perMinute === 0) return null;
      const now = clock.mono();
      const window = current(networkOf(source), now);
      if (window === undefined || window.failures < perMinute) return null;
      return WINDOW_MS - (now - window.startedAt);
    },
    failed: (source) => {
      const now = clock.mono();
      const name = networkOf(source);
      const window = current(name, now);
      if (window !== undefined) {
        window.failures += 1;
        return;
      }
      windows.delete(name);
      const oldest = windows.size >= MOST_SOURCES ? windows.keys().next().value : undefined;
      if (oldest !== undefined) windows.delete(oldest);
      windows.set(name, { startedAt: now, failures: 1 });
    },
  };
}

/** Requests whose source is unknown, as in library mode without one, share a budget. */
function networkOf(source: string | null): string {
  if (source === null) return "unknown";
  return source.includes(":") ? expand(source).slice(0, 4).join(":") : source;
}

/** The eight groups of an IPv6 address that was parsed before. */
function expand(address: string): string[] {
  const [head = "", tail] = address.split("%")[0]?.split("::") ?? [];
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  return [...left, ...new Array<string>(zeros).fill("0"), ...right].map((group) =>
    group.replace(/^0+(?=.)/, "").toLowerCase(),
  );
}
