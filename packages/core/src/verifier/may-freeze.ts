type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that platforms set which may freeze a process between two requests. */
const FREEZING = [
  "AWS_LAMBDA_FUNCTION_NAME",
  "VERCEL",
  "NETLIFY",
  "FUNCTIONS_WORKER_RUNTIME",
  "FUNCTION_TARGET",
  "K_SERVICE",
  "CF_PAGES",
] as const;

/**
 * Whether this process may be frozen between requests: AWS Lambda, Vercel, Netlify, Azure Functions, Google Cloud Functions and
 * Run, Cloudflare Workers. While it is frozen it hears of no revocation, and its clocks may stand still.
 */
export function mayFreeze(environment: Environment, userAgent: string | undefined): boolean {
  return userAgent === "Cloudflare-Workers" || FREEZING.some((name) => (environment[name] ?? "") !== "");
}
