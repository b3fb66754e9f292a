import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A file of the repository: its path from the root, with `/`, and its text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** A rule that is broken: where, and why the rule is there. `line` counts from 1. */
export interface Violation {
  readonly path: string;
  readonly line: number;
  readonly reason: string;
}

/** How violations are printed, one line each. */
export function lines(violations: readonly Violation[]): string[] {
  return violations.map(({ path, line, reason }) => `${path}:${line} ${reason}`);
}

const TEXT =
  /\.(ts|tsx|mjs|js|json|md|sql|sh|yml|yaml|toml|conf|html|css|txt)$|(^|\/)(Dockerfile|LICENSE|\.gitignore|run)$/;

/** Every text file of the repository, but for what .gitignore names; it may hold `name`, `name/` and `*.ext` lines only. */
export function repository(root: string = ROOT): readonly Source[] {
  const ignored = readFileSync(join(root, ".gitignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const skipped = new Set([
    ".git",
    ...ignored.filter((line) => !line.startsWith("*")).map((line) => line.replace(/\/$/, "")),
  ]);
  const endings = ignored.filter((line) => line.startsWith("*.")).map((line) => line.slice(1));
  const found: Source[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (skipped.has(entry.name) || endings.some((ending) => entry.name.endsWith(ending))) continue;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && TEXT.test(path)) found.push({ path, text: readFileSync(join(root, path), "utf8") });
    }
  };
  walk("");
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const isCode = (path: string): boolean => /\.(ts|tsx|mjs|js)$/.test(path);
export const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || path.startsWith("tests/");
/** Written by a program, as its name or folder says; nobody reads it as code. */
export const isGenerated = (path: string): boolean => /(^|\/)generated\/|\.generated\.tsx?$/.test(path);
/** What is shipped: the sources of packages, without tests and without the private testkit. */
export const isProduct = (path: string): boolean =>
  /^packages\/[^/]+\/src\//.test(path) && isCode(path) && !isTest(path) && !path.startsWith("packages/testkit/");

const parsed = new WeakMap<Source, ts.SourceFile>();

export function parse(source: Source): ts.SourceFile {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const kind = source.path.endsWith("x")
    ? ts.ScriptKind.TSX
    : source.path.endsWith("ts")
      ? ts.ScriptKind.TS
      : ts.ScriptKind.JS;
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.ES2024, true, kind);
  parsed.set(source, tree);
  return tree;
}

/** Calls `visit` for every node of the file, parents before children. */
export function walk(source: Source, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(parse(source));
}

export function at(source: Source, node: ts.Node, reason: string): Violation {
  const tree = parse(source);
  const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
  return { path: source.path, line: line + 1, reason };
}
