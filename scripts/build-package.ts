/**
 * Writes a package that customers install into its folder `dist`: `npm run build -w packages/sdk`, then
 * `npm publish packages/sdk/dist`. It is plain JavaScript with declarations and holds those packages of ours that it needs and
 * that are not published. Nothing is done where dist was made of the same sources.
 *
 *   node scripts/build-package.ts sdk|server
 */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type ts from "typescript";
import { withLock } from "./lock.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");
const PACKAGES = join(ROOT, "packages");
const require = createRequire(import.meta.url);

/** How a package is published. */
interface Published {
  /** Below this folder of dist stands what is below `src`. */
  readonly folder: "" | "src/";
  /** What is published of it, where that is less than the repository uses: entries by name. */
  readonly entries?: Readonly<Record<string, string>>;
  /** Packages of ours that come along inside, each under its name. */
  readonly inside: readonly string[];
  /** Files beside the code, below the package. */
  readonly assets: readonly string[];
  /** Dependencies that only the rest of the repository uses. */
  readonly without?: RegExp;
  /** What the oldest Node.js that it runs on knows. */
  readonly target: keyof typeof ts.ScriptTarget;
  readonly lib: string;
}

const PUBLISHED: Readonly<Record<string, Published>> = {
  sdk: { folder: "", inside: ["core"], assets: [], target: "ES2022", lib: "lib.es2023.d.ts" },
  server: {
    folder: "src/",
    entries: { ".": "./src/library/index.ts" },
    inside: ["core", "contract"],
    assets: ["src/db/migrations/*.sql"],
    // The program around a node has OpenTelemetry of its own.
    without: /^@opentelemetry\//,
    target: "ES2023",
    lib: "lib.es2024.d.ts",
  },
};

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

class Build {
  readonly #name: string;
  readonly #published: Published;
  readonly #manifest: Manifest;
  readonly #entries: Readonly<Record<string, string>>;
  readonly #home: string;
  readonly #dist: string;

  constructor(name: string, published: Published) {
    this.#name = name;
    this.#published = published;
    this.#home = join(PACKAGES, name);
    this.#dist = join(this.#home, "dist");
    this.#manifest = JSON.parse(readFileSync(join(this.#home, "package.json"), "utf8")) as Manifest;
    this.#entries = published.entries ?? this.#manifest.exports;
  }

  run(): void {
    withLock(join(this.#home, ".build-lock"), () => {
      const stamp = join(this.#dist, ".sources");
      const sources = this.#fingerprint();
      if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return;
      rmSync(this.#dist, { recursive: true, force: true });
      this.#emit();
      writeFileSync(join(this.#dist, "package.json"), `${JSON.stringify(this.#publishedManifest(), null, 2)}\n`);
      for (const path of this.#assets()) copyFileSync(join(this.#home, path), this.#placed(path));
      copyFileSync(join(this.#home, "README.md"), join(this.#dist, "README.md"));
      copyFileSync(join(ROOT, "LICENSE"), join(this.#dist, "LICENSE"));
      writeFileSync(stamp, sources);
    });
  }

  #assets(): string[] {
    return this.#published.assets.flatMap((pattern) => globSync(pattern, { cwd: this.#home })).sort();
  }

  #placed(path: string): string {
    const target = join(this.#dist, path);
    mkdirSync(dirname(target), { recursive: true });
    return target;
  }

  /** Of everything that dist is made of. */
  #fingerprint(): string {
    const hash = createHash("sha256").update(readFileSync(require.resolve("typescript/package.json")));
    const files = [`${this.#name}/package.json`, `${this.#name}/README.md`, "../tsconfig.json"];
    files.push("../scripts/build-package.ts", ...this.#assets().map((path) => `${this.#name}/${path}`));
    for (const each of [this.#name, ...this.#published.inside]) {
      files.push(...globSync(`${each}/src/**/*.ts`, { cwd: PACKAGES }).filter((path) => !path.endsWith(".test.ts")));
    }
    for (const path of files.sort()) hash.update(`${path}\0`).update(readFileSync(join(PACKAGES, path)));
    return hash.digest("hex");
  }

  #emit(): void {
    // Loading it takes longer than finding out that there is nothing to do.
    const compiler = require("typescript") as typeof ts;
    const program = compiler.createProgram(
      Object.values(this.#entries).map((path) => join(this.#home, path)),
      this.#compilerOptions(compiler),
    );
    const emitted = program.emit(undefined, (path, text) => this.#write(path, text));
    const findings = [...compiler.getPreEmitDiagnostics(program), ...emitted.diagnostics];
    if (findings.length === 0) return;
    const getCanonicalFileName = (name: string): string => name;
    const host = { getCanonicalFileName, getCurrentDirectory: () => this.#home, getNewLine: () => "\n" };
    rmSync(this.#dist, { recursive: true, force: true });
    throw new Error(`packages/${this.#name} cannot be built:\n${compiler.formatDiagnostics(findings, host)}`);
  }

  /** As the repository is checked, but for what the oldest Node.js knows. */
  #compilerOptions(compiler: typeof ts): ts.CompilerOptions {
    const { config } = compiler.readConfigFile(join(ROOT, "tsconfig.json"), compiler.sys.readFile);
    const { options } = compiler.convertCompilerOptionsFromJson(config.compilerOptions, PACKAGES);
    const { target, lib, inside } = this.#published;
    return {
      ...options,
      ...{ noEmit: false, declaration: true, rewriteRelativeImportExtensions: true },
      ...{ target: compiler.ScriptTarget[target], lib: [lib] },
      rootDir: PACKAGES,
      // Through node_modules it would be somebody else's package, of which nothing is written.
      paths: Object.fromEntries(inside.map((name) => [`@claviger/${name}`, [join(PACKAGES, name, "src/index.ts")]])),
      outDir: this.#dist,
    };
  }

  /** The package's own files in their folder, those that come along under their names, and every import by its path in between. */
  #write(path: string, text: string): void {
    const emitted = relative(this.#dist, path).replaceAll("\\", "/");
    const [, owner = "", inner = ""] = /^([a-z]+)\/src\/(.*)$/.exec(emitted) ?? [];
    const place = owner === this.#name ? `${this.#published.folder}${inner}` : `${owner}/${inner}`;
    let rewritten = text;
    for (const name of this.#published.inside) {
      const door = posix.relative(posix.dirname(place), `${name}/index.js`);
      rewritten = rewritten.replaceAll(`"@claviger/${name}"`, `"${door.startsWith(".") ? door : `./${door}`}"`);
    }
    // Declarations keep the ending that the sources have.
    writeFileSync(this.#placed(place), rewritten.replace(/(from |import\()"(\.[^"]+)\.ts"/g, '$1"$2.js"'));
  }

  #publishedManifest(): object {
    const { private: _, scripts: __, devDependencies: ___, exports: ____, dependencies, ...rest } = this.#manifest;
    const { without } = this.#published;
    const others = Object.entries(dependencies).filter(
      ([name]) => !name.startsWith("@claviger/") && without?.test(name) !== true,
    );
    const entries = Object.entries(this.#entries).map(([name, path]) => {
      const built = path.replace("./src/", `./${this.#published.folder}`).replace(/\.ts$/, "");
      return [name, { types: `${built}.d.ts`, default: `${built}.js` }] as const;
    });
    return {
      ...rest,
      ...{ sideEffects: false, exports: Object.fromEntries(entries), dependencies: Object.fromEntries(others) },
    };
  }
}

/** `name`: its folder below `packages`. Throws where there is no such package to publish, and with the compiler's findings. */
export function buildPackage(name: string): void {
  const published = PUBLISHED[name];
  if (published === undefined)
    throw new TypeError(`${name} is not published; ${Object.keys(PUBLISHED).join(", ")} are`);
  new Build(name, published).run();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildPackage(process.argv[2] ?? "");
