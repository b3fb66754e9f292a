import { MANAGEMENT_SCOPES } from "@claviger/contract";
import { type Catalogue, compileCatalogue } from "@claviger/core";

/** Management scopes as a catalogue of their own, disjoint from every platform's. */
export const MANAGEMENT_CATALOGUE: Catalogue = compileCatalogue({
  scopes: Object.keys(MANAGEMENT_SCOPES).map((name) => ({ name, tier: "admin", sensitive: false })),
});
