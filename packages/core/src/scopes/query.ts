/**
 * What a verifier asks for (B8): a list, which means all of it, or `{ all }` or `{ any }` of names and nested queries.
 * A name is a scope, a tier or a wildcard. An empty list is never satisfied.
 */
export type ScopeQuery =
  | readonly string[]
  | { readonly all: readonly (string | ScopeQuery)[] }
  | { readonly any: readonly (string | ScopeQuery)[] };

/** Deepest nesting; a bare list has depth 1. */
const MAX_QUERY_DEPTH = 8;

/** Most names in one query, and also most nested queries. */
const MAX_QUERY_NAMES = 64;

const MAX_NAME = 100;

/**
 * Says what is wrong with the form of a query, or null. Takes anything and looks at a bounded part of it. Whether
 * names are known is not its business: an unknown name is a legal question whose answer is no.
 */
export function checkScopeQuery(query: unknown): string | null {
  return check(query, 1, { names: MAX_QUERY_NAMES, queries: MAX_QUERY_NAMES });
}

function check(query: unknown, depth: number, left: { names: number; queries: number }): string | null {
  if (depth > MAX_QUERY_DEPTH) return `a query is nested at most ${MAX_QUERY_DEPTH} deep`;
  if (--left.queries < 0) return `a query has at most ${MAX_QUERY_NAMES} parts`;
  const parts = partsOf(query);
  if (parts === null) return "a query is a list of scopes, or an object with either all or any";
  for (const part of parts) {
    if (typeof part === "string") {
      if (--left.names < 0) return `a query has at most ${MAX_QUERY_NAMES} names`;
      if (part.length === 0 || part.length > MAX_NAME) return `a scope has 1 to ${MAX_NAME} characters`;
    } else {
      if (Array.isArray(query)) return "a list holds names; use all or any to nest";
      const wrong = check(part, depth + 1, left);
      if (wrong !== null) return wrong;
    }
  }
  return null;
}

function partsOf(query: unknown): readonly unknown[] | null {
  if (Array.isArray(query)) return query;
  if (typeof query !== "object" || query === null) return null;
  const keys = Object.keys(query);
  if (keys.length !== 1) return null;
  const parts: unknown =
    keys[0] === "all" && "all" in query ? query.all : keys[0] === "any" && "any" in query ? query.any : null;
  return Array.isArray(parts) ? parts : null;
}
