export type ScopeQuery =
  | readonly string[]
  | { readonly all: readonly (string | ScopeQuery)[] }
  | { readonly any: readonly (string | ScopeQuery)[] };
export function checkScopeQuery(_query: unknown): string | null {
  throw new TypeError("not written yet");
}
