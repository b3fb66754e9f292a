import type { AppliedLimit } from "./resolve-limits.ts";

/** How a limit stands, as verdicts and headers show it. As far as this node knows, where several spend at once. */
export interface LimitState {
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  /** When all of it is there again, in milliseconds since the epoch; null: never, for a lifetime without refill. */
  readonly resetAt: number | null;
}

const SECONDS: Readonly<Record<AppliedLimit["per"], number | null>> = Object.freeze({
  second: 1,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  month: null,
  lifetime: null,
});

/**
 * `RateLimit` and `RateLimit-Policy` of the IETF draft, one item for each limit, times in seconds; empty without limits.
 * @param now milliseconds since the epoch
 */
export function rateLimitHeaders(
  limits: readonly Pick<AppliedLimit, "name" | "amount" | "per">[],
  states: readonly LimitState[],
  now: number,
): Record<string, string> {
  if (limits.length === 0) return {};
  const standing = states.map(({ name, remaining, resetAt }) => {
    const reset = resetAt === null ? "" : `;t=${Math.max(0, Math.ceil((resetAt - now) / 1_000))}`;
    return `"${name}";r=${remaining}${reset}`;
  });
  const policies = limits.map(({ name, amount, per }) => {
    const seconds = SECONDS[per];
    return `"${name}";q=${amount}${seconds === null ? "" : `;w=${seconds}`}`;
  });
  return { RateLimit: standing.join(", "), "RateLimit-Policy": policies.join(", ") };
}
