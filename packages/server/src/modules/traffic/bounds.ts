/** What stands in counts for everything beyond a bound. No path, product, network or country is written so. */
export const OTHERS = "*";

/** The bounds of what callers can make grow. Distinct values, `OTHERS` apart. */
export const BOUNDS = Object.freeze({
  /** Paths without a scope, for a key and an hour or day. */
  paths: 200,
  /** Networks, countries, agents or services, for a key and an hour or day. */
  facets: 32,
  /** The same for a key, for good. */
  sources: 200,
  /** Paths without a scope, for an environment. */
  endpoints: 5_000,
  /** Networks that presented no genuine key, for an hour. */
  strangers: 200,
});

/** No count is ever above it, whatever a verifier says that it counted: what a number holds exactly. */
export const MOST_COUNTED = Number.MAX_SAFE_INTEGER;

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
