import { checkScopeQuery, type ScopeQuery } from "../scopes/query.ts";

/** Scopes were asked for, and which is not recorded. */
const UNTOLD_SCOPES = "?";
/** Characters of the names of one use, with the spaces between them. */
const MOST = 200;
const NAMES = /^[a-z0-9_.:*-]+(?: [a-z0-9_.:*-]+)*$/;

/**
 * The names of a query, of `all` and of `any` alike, each once, with spaces between them; undefined where nothing is asked. Takes
 * anything: what is no query was refused, and is recorded all the same.
 */
export function askedText(query: ScopeQuery | undefined): string | undefined {
  if (query === undefined) return undefined;
  if (Array.isArray(query) && query.length === 1 && typeof query[0] === "string") return query[0];
  if (checkScopeQuery(query) !== null) return UNTOLD_SCOPES;
  const names = new Set<string>();
  addNames(query, names);
  return [...names].sort().join(" ");
}

/** As it is recorded: names as scopes, tiers and wildcards have them, or that they are not told. */
export function recordableScopes(text: string): string {
  return text.length <= MOST && NAMES.test(text) ? text : UNTOLD_SCOPES;
}

/** The query has passed `checkScopeQuery`, so recursion is bounded. */
function addNames(query: ScopeQuery, names: Set<string>): void {
  const parts = "any" in query ? query.any : "all" in query ? query.all : query;
  for (const part of parts) {
    if (typeof part === "string") names.add(part);
    else addNames(part, names);
  }
}
