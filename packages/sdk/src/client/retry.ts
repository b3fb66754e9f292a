import type { Random } from "../random.ts";
import { ClavigerApiError, ClavigerConnectionError } from "./errors.ts";

export interface RetrySettings {
  /** How often a request is sent again. */
  readonly retries: number;
  /** Longest pause before one, in milliseconds. */
  readonly maxRetryWaitMs: number;
}

/** What may be answered otherwise a little later. */
const PASSING: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);
const FIRST_PAUSE_MS = 250;

/**
 * How long to pause before the same request is sent again, in milliseconds; null: not at all. Only what is `safe` to repeat is: reading, and
 * acts with an Idempotency-Key. What Claviger asks to wait is waited; if that is too long, there is no second attempt.
 *
 * @param attempt how often it was sent so far
 */
export function pauseBefore(
  attempt: number,
  error: unknown,
  safe: boolean,
  settings: RetrySettings,
  random: Random,
): number | null {
  if (!safe || attempt > settings.retries || !isPassing(error)) return null;
  const asked = error instanceof ClavigerApiError ? error.retryAfterMs : undefined;
  if (asked !== undefined) return asked <= settings.maxRetryWaitMs ? asked : null;
  // Spread over the second half of a pause that doubles, so that many clients do not come back together.
  const most = Math.min(settings.maxRetryWaitMs, FIRST_PAUSE_MS * 2 ** (attempt - 1));
  return Math.round(most * (0.5 + random.fraction() / 2));
}

function isPassing(error: unknown): boolean {
  if (error instanceof ClavigerConnectionError) return error.code !== "NOT_JSON";
  return error instanceof ClavigerApiError && (PASSING.has(error.status) || error.code === "IDEMPOTENCY_IN_PROGRESS");
}

/** `Retry-After` in milliseconds: seconds, or a date. */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Resolves after that time, or rejects with the signal's reason. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
