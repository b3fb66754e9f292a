/** Where a browser says a request came from: its `Origin` and `Referer` headers as they are. */
export interface RequestSource {
  readonly origin?: string | undefined;
  readonly referrer?: string | undefined;
}

/** Patterns, compiled. */
export interface ReferrerSet {
  matches(source: RequestSource): boolean;
}

interface Pattern {
  readonly protocol: string;
  readonly host: string;
  /** Subdomains of `host` of any depth, and not itself. */
  readonly subdomains: boolean;
  /** Empty for the scheme's own. */
  readonly port: string;
  /** Without a trailing slash; empty for any path. */
  readonly path: string;
}

const MAX_PATTERN_LENGTH = 512;
/** Browsers cut a Referer down to its origin beyond 4096; what is longer comes from something else. */
const MAX_HEADER_LENGTH = 8192;

/**
 * What is let through to the URL parser, which is too forgiving by itself: it drops tabs and line breaks, reads `\` as
 * `/`, adds missing slashes and takes user information. Scheme, then an authority in ASCII without `@`, then the rest.
 */
const STRICT_URL = /^https?:\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?$/i;

/** Says what is wrong with a pattern, or null. */
export function checkReferrerPattern(pattern: string): string | null {
  const parsed = parsePattern(pattern);
  return typeof parsed === "string" ? parsed : null;
}

/**
 * Compiles patterns: `https://app.example.com`, with a port if it is not the scheme's own; `https://*.example.com` for
 * the subdomains at any depth, but not `example.com` itself; and optionally a path, `https://example.com/app`, which
 * only a Referer that says its path can match, at a segment boundary. A pattern that cannot be read matches nothing.
 *
 * Every header that is present must agree with the pattern; if both are absent, nothing matches. Browsers set these
 * headers, other programs may write anything: this keeps honest pages apart, it authenticates nobody.
 */
export function compileReferrers(patterns: readonly string[]): ReferrerSet {
  const compiled = patterns.map(parsePattern).filter((pattern) => typeof pattern !== "string");
  return Object.freeze({
    matches(source: RequestSource): boolean {
      if (source.origin === undefined && source.referrer === undefined) return false;
      const origin = source.origin === undefined ? undefined : parseHeader(source.origin);
      const referrer = source.referrer === undefined ? undefined : parseHeader(source.referrer);
      if (origin === null || referrer === null) return false;
      return compiled.some((pattern) => fits(pattern, origin, referrer));
    },
  });
}

/** As `compileReferrers(patterns).matches(source)`, for one question. */
export function matchesReferrer(patterns: readonly string[], source: RequestSource): boolean {
  return compileReferrers(patterns).matches(source);
}

function fits(pattern: Pattern, origin: URL | undefined, referrer: URL | undefined): boolean {
  if (origin !== undefined && !sameSite(pattern, origin)) return false;
  if (referrer !== undefined && !sameSite(pattern, referrer)) return false;
  if (pattern.path === "") return true;
  if (referrer === undefined) return false;
  const path = referrer.pathname;
  return path === pattern.path || path.startsWith(`${pattern.path}/`);
}

function sameSite(pattern: Pattern, url: URL): boolean {
  if (url.protocol !== pattern.protocol || url.port !== pattern.port) return false;
  return pattern.subdomains ? url.hostname.endsWith(`.${pattern.host}`) : url.hostname === pattern.host;
}

function parseHeader(text: unknown): URL | null {
  return typeof text === "string" && text.length <= MAX_HEADER_LENGTH ? parseUrl(text) : null;
}

function parseUrl(text: string): URL | null {
  if (!STRICT_URL.test(text)) return null;
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function parsePattern(pattern: string): Pattern | string {
  if (typeof pattern !== "string" || pattern.length > MAX_PATTERN_LENGTH) {
    return `a referrer is a text of at most ${MAX_PATTERN_LENGTH} characters`;
  }
  const wildcard = /^(https?:\/\/)\*\./i.exec(pattern);
  const url = parseUrl(wildcard === null ? pattern : `${wildcard[1]}${pattern.slice(wildcard[0].length)}`);
  if (url === null) return "a referrer is an origin such as https://app.example.com or https://*.example.com";
  if (url.search !== "" || url.hash !== "" || /[?#]/.test(pattern)) return "a referrer has no query and no fragment";
  if (wildcard !== null && !isDomain(url.hostname)) {
    return "a wildcard stands before a domain of at least two labels: https://*.example.com";
  }
  return {
    protocol: url.protocol,
    host: url.hostname,
    subdomains: wildcard !== null,
    port: url.port,
    path: url.pathname.replace(/\/+$/, ""),
  };
}

/** Two labels or more, and no IP address, which has no subdomains. */
function isDomain(hostname: string): boolean {
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/.test(hostname);
}
