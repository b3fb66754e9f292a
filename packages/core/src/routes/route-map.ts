import { normalMethod } from "./method.ts";
import { splitPath } from "./path.ts";
import { checkRouteTemplate, parseTemplate } from "./template.ts";

/** One row of the route map (B3): method (or `*`) and path template → the scope that opens it. */
export interface RouteDefinition {
  readonly method: string;
  readonly path: string;
  readonly scope: string;
}

export interface RouteMatch {
  /** The template as it was written. */
  readonly template: string;
  readonly scope: string;
}

/**
 * A compiled route map.
 *
 * Which template wins: they are compared segment by segment from the left, and where they first differ a literal beats
 * `{name}` and that beats `{name*}`. Only templates that take the method compete. At one template the method itself
 * beats, for HEAD, GET, and that beats `*`.
 *
 * A segment that differs from a literal only in case, and would otherwise fall to a parameter, makes the path
 * ambiguous: many frameworks ignore case, and would serve `/Admin` with the handler of `/admin`.
 */
export interface RouteMap {
  /** The route of a request; null if none is mapped or the path is ambiguous. Never throws. */
  match(method: string, path: string): RouteMatch | null;
  /** The same, but tells the two apart: an ambiguous path must be refused even where unmapped ones are allowed. */
  resolve(method: string, path: string): RouteMatch | "unmapped" | "ambiguous";
}

/** Stands for the scope of a route that two scopes claim. No scope has an empty name, so nobody passes. */
const CONTESTED = "";

interface Leaf {
  /** By method; `*` is any. */
  readonly methods: Map<string, RouteMatch>;
}

interface Node extends Leaf {
  readonly literals: Map<string, Node>;
  /** The literals in lower case. */
  readonly folded: Set<string>;
  parameter: Node | null;
  rest: Leaf | null;
}

/**
 * Compiles routes. The same route with the same scope may come twice; with two scopes it opens for nobody, because
 * either choice could be the wrong one. `routeShape` helps to refuse that earlier.
 *
 * A look-up visits one node per segment, and more only where a literal and a parameter compete at the same place; never
 * more than the map has.
 *
 * @throws TypeError if a route is not in order, see `checkRouteTemplate`
 */
export function compileRoutes(routes: Iterable<RouteDefinition>): RouteMap {
  const root = newNode();
  for (const route of routes) add(root, route);
  const resolve = (method: string, path: string): RouteMatch | "unmapped" | "ambiguous" => {
    const segments = splitPath(path);
    const normal = normalMethod(method);
    if (segments === null || normal === null) return "ambiguous";
    return find(root, segments, 0, normal) ?? "unmapped";
  };
  return Object.freeze({
    resolve,
    match(method: string, path: string): RouteMatch | null {
      const found = resolve(method, path);
      return typeof found === "string" ? null : found;
    },
  });
}

function newNode(): Node {
  return { literals: new Map(), folded: new Set(), parameter: null, rest: null, methods: new Map() };
}

function add(root: Node, route: RouteDefinition): void {
  const wrong = checkRouteTemplate(route.method, route.path);
  if (wrong !== null) throw new TypeError(wrong);
  const { methods } = descend(root, route.path);
  const known = methods.get(route.method);
  const scope = known === undefined || known.scope === route.scope ? route.scope : CONTESTED;
  // Names of parameters may differ between two spellings of one route; the first in order stays, whatever the order.
  const template = known === undefined || route.path < known.template ? route.path : known.template;
  methods.set(route.method, Object.freeze({ template, scope }));
}

function descend(root: Node, path: string): Leaf {
  const segments = parseTemplate(path);
  if (typeof segments === "string") throw new TypeError(segments);
  let node = root;
  for (const segment of segments) {
    switch (segment.kind) {
      case "literal": {
        const next = node.literals.get(segment.text) ?? newNode();
        node.literals.set(segment.text, next);
        node.folded.add(segment.text.toLowerCase());
        node = next;
        break;
      }
      case "parameter":
        node.parameter ??= newNode();
        node = node.parameter;
        break;
      case "rest":
        node.rest ??= { methods: new Map() };
        return node.rest;
    }
  }
  return node;
}

/** Depth is bounded by the templates, not by the path: below the last node only `rest` can match. */
function find(node: Node, segments: readonly string[], at: number, method: string): RouteMatch | "ambiguous" | null {
  const segment = segments[at];
  if (segment === undefined) return pick(node, method) ?? (node.rest === null ? null : pick(node.rest, method));
  const literal = node.literals.get(segment);
  if (literal !== undefined) {
    const found = find(literal, segments, at + 1, method);
    if (found !== null) return found;
  } else if (node.folded.size > 0 && node.folded.has(segment.toLowerCase())) {
    return "ambiguous";
  }
  if (node.parameter !== null) {
    const found = find(node.parameter, segments, at + 1, method);
    if (found !== null) return found;
  }
  return node.rest === null ? null : pick(node.rest, method);
}

function pick({ methods }: Leaf, method: string): RouteMatch | null {
  const own = methods.get(method);
  if (own !== undefined) return own;
  if (method === "HEAD") {
    const get = methods.get("GET");
    if (get !== undefined) return get;
  }
  return methods.get("*") ?? null;
}
