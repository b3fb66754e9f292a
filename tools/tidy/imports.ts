import { posix } from "node:path";
import ts from "typescript";
import { at, isCode, type Source, type Violation, walk } from "./source.ts";

/** One import, export-from, dynamic import or import type. */
export interface Import {
  readonly from: Source;
  readonly node: ts.Node;
  /** As written. */
  readonly specifier: string;
  /** The repository's path that it leads to, whether the file exists or not; null for a package of somebody else. */
  readonly to: string | null;
}

/** All imports of a file, in order. `@claviger/<name>` leads to the door of that package. */
export function importsOf(source: Source): readonly Import[] {
  if (!isCode(source.path)) return [];
  const found: Import[] = [];
  walk(source, (node) => {
    const specifier = specifierOf(node);
    if (specifier !== null) found.push({ from: source, node, specifier, to: resolve(source.path, specifier) });
  });
  return found;
}

function specifierOf(node: ts.Node): string | null {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined) {
    return ts.isStringLiteral(node.moduleSpecifier) ? node.moduleSpecifier.text : null;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return literal(node.arguments[0]);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  return null;
}

function literal(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null;
}

function resolve(from: string, specifier: string): string | null {
  if (specifier.startsWith(".")) return posix.normalize(posix.join(posix.dirname(from), specifier));
  const own = /^@claviger\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  if (own === null) return null;
  return `packages/${own[1]}/src/${own[2] === undefined ? "index" : own[2]}.ts`;
}

/** One violation for each ring of files that import one another, printed as the shortest way round. Types count. */
export function cycles(sources: readonly Source[]): Violation[] {
  const known = new Map(sources.map((source) => [source.path, source]));
  const edges = new Map<string, readonly Import[]>();
  for (const source of sources) {
    edges.set(
      source.path,
      importsOf(source).filter((found) => found.to !== null && known.has(found.to)),
    );
  }
  const reported = new Set<string>();
  const violations: Violation[] = [];
  for (const source of sources) {
    if (reported.has(source.path)) continue;
    const ring = wayBack(source.path, edges);
    if (ring === null) continue;
    for (const path of ring) reported.add(path);
    const first = edges.get(source.path)?.find((found) => found.to === ring[1]);
    if (first !== undefined)
      violations.push(
        at(
          source,
          first.node,
          `imports itself in the end: ${[...ring].join(" → ")}; neither file can be understood alone`,
        ),
      );
  }
  return violations;
}

/** The shortest path from a file back to itself, both ends included; null where there is none. */
function wayBack(start: string, edges: ReadonlyMap<string, readonly Import[]>): string[] | null {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    for (const { to } of edges.get(path) ?? []) {
      if (to === start) return trace(start, path, cameFrom);
      if (to === null || cameFrom.has(to)) continue;
      cameFrom.set(to, path);
      queue.push(to);
    }
  }
  return null;
}

function trace(start: string, last: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const back = [start, last];
  for (let path: string | undefined = last; path !== start && path !== undefined; ) {
    path = cameFrom.get(path);
    if (path !== undefined) back.push(path);
  }
  return back.reverse();
}
