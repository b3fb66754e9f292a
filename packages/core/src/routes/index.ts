export { compileRoutes, type RouteDefinition, type RouteMap, type RouteMatch } from "./route-map.ts";
export { checkRouteTemplate, routeShape } from "./template.ts";
