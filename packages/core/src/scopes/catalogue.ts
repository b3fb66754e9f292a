import { compileRoutes, type RouteDefinition, type RouteMap } from "../routes/route-map.ts";
import { isTier, type Tier } from "./tier.ts";

/** One scope of a platform (B2), as far as deciding needs it. */
export interface ScopeDefinition {
  readonly name: string;
  readonly tier: Tier;
  /** A sensitive scope comes neither with a tier nor with a wildcard: it must be named. */
  readonly sensitive: boolean;
}

/** What a platform has defined, compiled for deciding. Immutable: a change is a new catalogue. */
export interface Catalogue {
  readonly scopes: ReadonlyMap<string, ScopeDefinition>;
  readonly routes: RouteMap;
  /** What becomes of a request whose route no scope opens. */
  readonly unmapped: "refuse" | "allow";
}

export interface CatalogueInput {
  readonly scopes: Iterable<ScopeDefinition>;
  readonly routes?: Iterable<RouteDefinition> | undefined;
  /** Default `refuse`. */
  readonly unmapped?: "refuse" | "allow" | undefined;
}

/**
 * Compiles a catalogue. Names are taken as they are, so that the platform's own catalogue (`claviger:*`, `verify`) can
 * be compiled too; `checkScopeName` belongs where customers define theirs.
 *
 * @throws TypeError if a name comes twice, a tier is none, or a route template is wrong
 */
export function compileCatalogue(input: CatalogueInput): Catalogue {
  const scopes = new Map<string, ScopeDefinition>();
  for (const { name, tier, sensitive } of input.scopes) {
    if (scopes.has(name)) throw new TypeError(`the scope ${name} is defined twice`);
    if (!isTier(tier)) throw new TypeError(`the scope ${name} has no tier`);
    scopes.set(name, Object.freeze({ name, tier, sensitive }));
  }
  return Object.freeze({
    scopes,
    routes: compileRoutes(input.routes ?? []),
    unmapped: input.unmapped === "allow" ? "allow" : "refuse",
  });
}
