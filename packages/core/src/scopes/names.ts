/** No scope name is longer. */
const MAX_SCOPE_NAME = 100;

const NAME = /^[a-z][a-z0-9_.-]*(?::[a-z0-9_.-]+)+$/;
const WILDCARD = /^[a-z][a-z0-9_.-]*(?::[a-z0-9_.-]+)*:\*$/;
/** Names of the platform's own catalogue (`claviger:*`, `verify`), which no customer's catalogue may define. */
const RESERVED = "claviger:";

/**
 * Says what is wrong with the name of a scope that a platform wants to define, or null: `contacts:read`,
 * `billing:invoices:read`.
 */
export function checkScopeName(name: string): string | null {
  return syntaxError(name, NAME) ?? reservedError(name);
}

/** Says what is wrong with what a key is to be granted, a scope name or a wildcard such as `contacts:*`, or null. */
export function checkGrantedScope(name: string): string | null {
  if (name === "*") return "a bare * is no scope: grant a tier, or a wildcard such as contacts:*";
  if (name === "read" || name === "write" || name === "admin") return `${name} is a tier, not a scope: set tier`;
  return syntaxError(name, isWildcard(name) ? WILDCARD : NAME) ?? reservedError(name);
}

/** Whether a granted name ends in `:*`. That it is a legal wildcard, `checkGrantedScope` tells. */
export function isWildcard(name: string): boolean {
  return name.endsWith(":*");
}

/**
 * Whether a wildcard such as `contacts:*` spans a name. What is no wildcard, a bare `*` and `:*` included, spans
 * nothing. Compares in place, because it runs in every verification by wildcard.
 */
export function wildcardSpans(wildcard: string, name: string): boolean {
  const stem = wildcard.length - 1;
  if (stem < 2 || name.length <= stem) return false;
  if (wildcard.charCodeAt(stem) !== 0x2a || wildcard.charCodeAt(stem - 1) !== 0x3a) return false;
  for (let i = 0; i < stem; i++) if (wildcard.charCodeAt(i) !== name.charCodeAt(i)) return false;
  return true;
}

function syntaxError(name: string, syntax: RegExp): string | null {
  if (typeof name !== "string") return "a scope is a text";
  if (name.length > MAX_SCOPE_NAME) return `a scope has at most ${MAX_SCOPE_NAME} characters`;
  return syntax.test(name)
    ? null
    : "a scope is written resource:action, in lower-case letters, digits, dots, underscores and hyphens";
}

function reservedError(name: string): string | null {
  return name.startsWith(RESERVED) || name === "verify" ? "this name is reserved for the platform itself" : null;
}
