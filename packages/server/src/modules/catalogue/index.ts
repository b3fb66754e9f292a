/**
 * Catalogue: what the platform defines once for all accounts: environments, scopes with the routes they open, plans.
 *
 * Invariants: a route belongs to one scope; an environment's tag never changes; names of management scopes and tiers cannot be
 * taken. Every change takes a sequence number, because every decision may depend on it.
 */

export { catalogueRoutes } from "./catalogue.api.ts";
export { findEnvironment, findPlan, selectEnvironments } from "./catalogue.store.ts";
export {
  CATALOGUE_SUBJECT,
  type Environment,
  environmentSubject,
  type Plan,
  planSubject,
  type Scope,
} from "./catalogue.ts";
export { putEnvironment } from "./put-environment.ts";
export { putPlan } from "./put-plan.ts";
export { putScope } from "./put-scope.ts";
export { loadCatalogue, loadCatalogueSource } from "./queries.ts";
