import { type Import, importsOf } from "./imports.ts";
import { at, isTest, type Source, type Violation } from "./source.ts";

/**
 * Which packages of ours a package may import. Tests may import the testkit as well, which is never shipped and may
 * reach behind the server's door.
 */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: [],
  contract: ["core"],
  server: ["core", "contract"],
  sdk: ["core", "contract"],
  react: ["core", "contract", "sdk"],
  console: ["core", "contract", "sdk", "react"],
  cli: ["core", "contract", "sdk", "server"],
  testkit: ["core", "contract", "server", "sdk", "cli"],
};

/**
 * The order of the server, lowest first. What stands in one row are siblings: they do not know one another. GROUND
 * may be imported by all, and the kernel's act needs the database, so its parts are not ordered among themselves.
 */
const ROWS: readonly (readonly string[])[] = [
  ["audit", "changes"],
  ["accounts", "catalogue"],
  ["policies"],
  ["keys", "limits"],
  ["metering"],
  ["traffic"],
  ["bulk-acts"],
  ["rotation", "delivery", "stores", "imports", "offboarding", "scim", "closing", "recovery"],
  ["approvals"],
  ["coherence"],
  ["verification"],
  ["access"],
  ["verifiers"],
  ["views", "drills", "schedules", "splits", "dormancy"],
  ["inventory"],
  ["alerts", "leaks", "reviews", "reports", "notices"],
  ["http", "jobs"],
  ["app"],
  ["operate", "demo", "open-installation"],
  ["main"],
  ["library"],
];
const GROUND = ["config", "settings", "version", "kernel", "db"];
const MODULES = new Set(ROWS.slice(0, -5).flat());
const SERVER = "packages/server/src/";

/** Violations of the order between packages and, in the server, between its parts. */
export function direction(sources: readonly Source[]): Violation[] {
  return sources.flatMap((source) => {
    if (!source.path.startsWith("packages/")) return [];
    const place = misplaced(source);
    if (place !== null) return [place];
    return importsOf(source).flatMap((found) => {
      const reason = betweenPackages(found) ?? ofCore(found) ?? ofContract(found) ?? inServer(found);
      return reason === null ? [] : [at(source, found.node, `imports ${found.specifier}: ${reason}`)];
    });
  });
}

const packageOf = (path: string): string | null => /^packages\/([^/]+)\//.exec(path)?.[1] ?? null;

/** The part of the server a file belongs to: a module, `kernel`, `db`, `http`, `jobs`, `config`, `app`, `main` or `index`. */
function partOf(path: string): string | null {
  if (!path.startsWith(SERVER)) return null;
  const inside = path.slice(SERVER.length);
  return (
    /^modules\/([^/]+)\//.exec(inside)?.[1] ??
    /^([^/]+)\//.exec(inside)?.[1] ??
    /^([a-z-]+?)(\.test)?\.tsx?$/.exec(inside)?.[1] ??
    null
  );
}

const rowOf = (part: string): number =>
  GROUND.includes(part) ? -1 : part === "index" ? ROWS.length : ROWS.findIndex((row) => row.includes(part));

function misplaced(source: Source): Violation | null {
  const owner = packageOf(source.path);
  if (owner !== null && PACKAGES[owner] === undefined) {
    return {
      path: source.path,
      line: 1,
      reason: `package ${owner} has no place in the order: say in tools/tidy/direction.ts what it may import`,
    };
  }
  const part = partOf(source.path);
  const inModules = source.path.startsWith(`${SERVER}modules/`);
  if (part === null || isTest(source.path) || !source.path.endsWith(".ts")) return null;
  const known = inModules
    ? MODULES.has(part)
    : GROUND.includes(part) || part === "index" || (rowOf(part) >= 0 && !MODULES.has(part));
  return known
    ? null
    : {
        path: source.path,
        line: 1,
        reason: `${part} has no place in the order: say in tools/tidy/direction.ts where it stands`,
      };
}

function betweenPackages({ from, specifier, to }: Import): string | null {
  const owner = packageOf(from.path);
  const target = to === null ? null : packageOf(to);
  if (owner === null || to === null || owner === target) return null;
  if (target === null) return "a package does not reach into the repository around it";
  if (owner === "testkit" && target === "server") return null;
  if (specifier.startsWith(".")) return `another package is entered by its name, @claviger/${target}`;
  if (target === "testkit") return isTest(from.path) ? null : "the testkit is for tests only";
  if (!(PACKAGES[owner] ?? []).includes(target))
    return `${owner} may import ${list(PACKAGES[owner] ?? [])}, so that ${target} can change without it`;
  if (owner === "cli" && target === "server" && !operates(from.path)) {
    return "only commands/operate may use the server; all other commands go through the API, as every client does";
  }
  return null;
}

const operates = (path: string): boolean => /^packages\/cli\/src\/commands\/operate\//.test(path) || isTest(path);
const list = (names: readonly string[]): string =>
  names.length === 0 ? "no other package" : `only ${names.join(", ")}`;

function ofCore({ from, to, specifier }: Import): string | null {
  if (packageOf(from.path) !== "core" || isTest(from.path) || to !== null) return null;
  return specifier.startsWith("node:")
    ? "core does no I/O and runs everywhere; what it needs of the platform is handed in"
    : "core depends on nothing, so that it can run inside everything";
}

function ofContract({ from, to }: Import): string | null {
  if (!from.path.startsWith(`${SERVER}modules/`) || isTest(from.path) || to === null) return null;
  if (packageOf(to) !== "contract") return null;
  const module = partOf(from.path);
  return from.path === `${SERVER}modules/${module}/${module}.api.ts`
    ? null
    : `inside a module only ${module}.api.ts knows the wire format`;
}

function inServer({ from, to }: Import): string | null {
  const own = partOf(from.path);
  const target = to === null ? null : partOf(to);
  if (own === null || to === null || target === null || own === target) return null;
  const hasDoor = MODULES.has(target) || target === "db";
  if (hasDoor && !/\/index\.ts$/.test(to))
    return `${target} is entered by its index.ts alone; what is behind it may change`;
  if (isTest(from.path) || GROUND.includes(target)) return null;
  const [higher, lower] = [rowOf(target), rowOf(own)];
  if (higher === lower)
    return `${own} and ${target} are siblings and do not know one another; let app.ts hand in what is needed`;
  if (higher > lower) return `${target} stands above ${own}; let app.ts hand in what is needed`;
  return null;
}
