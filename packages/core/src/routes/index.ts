export { normalMethod } from "./method.ts";
export { MAX_PATH_LENGTH } from "./path.ts";
export { compileRoutes, type RouteDefinition, type RouteMap, type RouteMatch } from "./route-map.ts";
export { checkRouteTemplate, routeShape } from "./template.ts";
