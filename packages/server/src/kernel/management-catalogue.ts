import { MANAGEMENT_SCOPES, type ManagementScope } from "@claviger/contract";
import { type Catalogue, compileCatalogue } from "@claviger/core";

/** Not part of any wildcard: whoever is to hold it holds it by name. */
const SENSITIVE: ReadonlySet<string> = new Set<ManagementScope>(["claviger:keys:reveal", "claviger:stores:write"]);

/** Management scopes as a catalogue of their own, disjoint from every platform's. */
export const MANAGEMENT_CATALOGUE: Catalogue = compileCatalogue({
  scopes: Object.keys(MANAGEMENT_SCOPES).map((name) => ({ name, tier: "admin", sensitive: SENSITIVE.has(name) })),
});
