/**
 * Writes the package that customers install into packages/sdk/dist: `npm run build -w packages/sdk`, then
 * `npm publish packages/sdk/dist`. It is plain JavaScript with declarations, for Node.js 20 and later, and holds the rules of
 * @claviger/core, which is not published. Nothing is done where dist was made of the same sources.
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { withLock } from "./lock.ts";

const SDK = fileURLToPath(new URL("..", import.meta.url));
const PACKAGES = dirname(SDK.replace(/\/$/, ""));
const DIST = join(SDK, "dist");
const STAMP = join(DIST, ".sources");

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

const manifest = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as Manifest;

withLock(join(SDK, ".build-lock"), () => {
  const sources = fingerprint();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === sources) return;
  rmSync(DIST, { recursive: true, force: true });
  emit();
  writeFileSync(join(DIST, "package.json"), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
  for (const [from, to] of [
    [join(SDK, "README.md"), "README.md"],
    [join(PACKAGES, "../LICENSE"), "LICENSE"],
  ] as const) {
    copyFileSync(from, join(DIST, to));
  }
  writeFileSync(STAMP, sources);
});

/** Of everything that dist is made of. */
function fingerprint(): string {
  const hash = createHash("sha256").update(ts.version);
  const files = ["sdk/package.json", "sdk/README.md", "../tsconfig.json"];
  for (const pattern of ["sdk/scripts/*.ts", "sdk/src/**/*.ts", "core/src/**/*.ts"]) {
    files.push(...globSync(pattern, { cwd: PACKAGES }).filter((path) => !path.endsWith(".test.ts")));
  }
  for (const path of files.sort()) hash.update(`${path}\0`).update(readFileSync(join(PACKAGES, path)));
  return hash.digest("hex");
}

function emit(): void {
  const program = ts.createProgram(
    Object.values(manifest.exports).map((path) => join(SDK, path)),
    compilerOptions(),
  );
  const emitted = program.emit(undefined, write);
  const findings = [...ts.getPreEmitDiagnostics(program), ...emitted.diagnostics];
  if (findings.length === 0) return;
  const host = { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => SDK, getNewLine: () => "\n" };
  process.stderr.write(ts.formatDiagnostics(findings, host));
  rmSync(DIST, { recursive: true, force: true });
  process.exit(1);
}

/** As the repository is checked, but for what Node.js 20 knows. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(PACKAGES, "../tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, PACKAGES);
  return {
    ...options,
    noEmit: false,
    declaration: true,
    rewriteRelativeImportExtensions: true,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    rootDir: PACKAGES,
    // Through node_modules it would be somebody else's package, of which nothing is written.
    paths: { "@claviger/core": [join(PACKAGES, "core/src/index.ts")] },
    outDir: DIST,
  };
}

/** The SDK's files at the top, those of core under `core/`, and every import by its path in between. */
function write(path: string, text: string): void {
  const emitted = relative(DIST, path).replaceAll("\\", "/");
  const place = emitted.replace(/^sdk\/src\//, "").replace(/^core\/src\//, "core/");
  const core = posix.relative(posix.dirname(place), "core/index.js");
  const rewritten = text
    .replaceAll('"@claviger/core"', `"${core.startsWith(".") ? core : `./${core}`}"`)
    // Declarations keep the ending that the sources have.
    .replace(/(from |import\()"(\.[^"]+)\.ts"/g, '$1"$2.js"');
  const target = join(DIST, place);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, rewritten);
}

function publishedManifest(): object {
  const { private: _, scripts: __, exports, dependencies, ...rest } = manifest;
  const { "@claviger/core": ___, ...published } = dependencies;
  const entries = Object.entries(exports).map(([name, path]) => {
    const built = path.replace("./src/", "./").replace(/\.ts$/, "");
    return [name, { types: `${built}.d.ts`, default: `${built}.js` }] as const;
  });
  return { ...rest, sideEffects: false, exports: Object.fromEntries(entries), dependencies: published };
}
