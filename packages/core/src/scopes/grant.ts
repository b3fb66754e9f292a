import type { Catalogue } from "./catalogue.ts";
import type { ScopeQuery } from "./query.ts";
import type { Tier } from "./tier.ts";
export interface Grant {
  readonly tier: Tier | null;
  readonly scopes: readonly string[];
}
export function satisfies(_grant: Grant, _query: ScopeQuery, _catalogue: Catalogue, _method?: string): boolean {
  throw new TypeError("not written yet");
}
export function missingScopes(_grant: Grant, _query: ScopeQuery, _catalogue: Catalogue, _method?: string): string[] {
  throw new TypeError("not written yet");
}
export function expandScopes(_scopes: readonly string[], _catalogue: Catalogue): string[] {
  throw new TypeError("not written yet");
}
export function isAdminGrant(_grant: Grant, _catalogue: Catalogue): boolean {
  throw new TypeError("not written yet");
}
export function isSensitiveGrant(_grant: Grant, _catalogue: Catalogue): boolean {
  throw new TypeError("not written yet");
}
export function withinGrant(_child: Grant, _parent: Grant, _catalogue: Catalogue): boolean {
  throw new TypeError("not written yet");
}
