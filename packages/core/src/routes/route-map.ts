export interface RouteDefinition {
  readonly method: string;
  readonly path: string;
  readonly scope: string;
}
export interface RouteMatch {
  readonly template: string;
  readonly scope: string;
}
export interface RouteMap {
  match(method: string, path: string): RouteMatch | null;
  resolve(method: string, path: string): RouteMatch | "unmapped" | "ambiguous";
}
export function compileRoutes(_routes: Iterable<RouteDefinition>): RouteMap {
  throw new TypeError("not written yet");
}
