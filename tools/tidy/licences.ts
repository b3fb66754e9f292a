/** Licences that a program under Apache-2.0 may be shipped with. None of them reaches beyond its own files. */
const ALLOWED = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "PostgreSQL",
  "Python-2.0",
  "Unlicense",
  "Zlib",
]);

/** Whether an SPDX expression can be met by licences of the list: one side of an OR, both sides of an AND. */
export function isAllowed(expression: string): boolean {
  const text = expression.trim();
  const ors = splitOutside(text, " OR ");
  if (ors.length > 1) return ors.some(isAllowed);
  const ands = splitOutside(text, " AND ");
  if (ands.length > 1) return ands.every(isAllowed);
  const inner = /^\((.*)\)$/.exec(text)?.[1];
  return inner === undefined ? ALLOWED.has(text) : isAllowed(inner);
}

function splitOutside(text: string, word: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0 && text.startsWith(word, at)) {
      parts.push(text.slice(start, at));
      start = at + word.length;
    }
  }
  return [...parts, text.slice(start)];
}

export interface Manifest {
  readonly license?: unknown;
  readonly licenses?: unknown;
}

/** What a package.json says of its licence, in the forms of today and of long ago; null where it says nothing. */
export function licenceOf(manifest: Manifest): string | null {
  const { license, licenses } = manifest;
  if (typeof license === "string") return license;
  const old = Array.isArray(licenses) ? licenses : [license];
  const types = old.map((entry: unknown) =>
    typeof entry === "object" && entry !== null && "type" in entry ? String(entry.type) : null,
  );
  return types.length === 0 || types.includes(null) ? null : types.join(" OR ");
}

export interface LockEntry {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

/** Paths below the root of every package that comes along in production. */
export function productionPackages(lock: Readonly<Record<string, LockEntry>>): string[] {
  return Object.entries(lock)
    .filter(([path, entry]) => path.includes("node_modules/") && entry.dev !== true && entry.link !== true)
    .map(([path]) => path);
}
