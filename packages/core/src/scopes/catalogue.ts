import type { RouteDefinition, RouteMap } from "../routes/route-map.ts";
import type { Tier } from "./tier.ts";
export interface ScopeDefinition {
  readonly name: string;
  readonly tier: Tier;
  readonly sensitive: boolean;
}
export interface Catalogue {
  readonly scopes: ReadonlyMap<string, ScopeDefinition>;
  readonly routes: RouteMap;
  readonly unmapped: "refuse" | "allow";
}
export interface CatalogueInput {
  readonly scopes: Iterable<ScopeDefinition>;
  readonly routes?: Iterable<RouteDefinition>;
  readonly unmapped?: "refuse" | "allow";
}
export function compileCatalogue(_input: CatalogueInput): Catalogue {
  throw new TypeError("not written yet");
}
