import { type CatalogueInput, compileRoutes, type RouteDefinition } from "@claviger/core";

/** Which route of a scope takes what was called, by the catalogue of today; null where none does. */
export type RouteOf = (method: string, template: string) => RouteDefinition | null;

/** Templates are looked up as paths are: a parameter takes `{id}` as it takes any segment. */
export function routesOfScopes({ routes = [] }: CatalogueInput): RouteOf {
  const all = [...routes];
  const map = compileRoutes(all);
  const byPath = Map.groupBy(all, ({ path }) => path);
  return (method, template) => {
    const found = map.match(method, template);
    if (found === null || found.scope === "") return null;
    return routeFor(byPath.get(found.template) ?? [], method);
  };
}

/** Of the routes at one template, the one that takes the method: its own, for HEAD that of GET, else that of any. */
export function routeFor(routes: readonly RouteDefinition[], method: string): RouteDefinition | null {
  const by = (name: string): RouteDefinition | undefined => routes.find((each) => each.method === name);
  return by(method) ?? (method === "HEAD" ? by("GET") : undefined) ?? by("*") ?? null;
}
