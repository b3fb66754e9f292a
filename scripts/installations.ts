/**
 * What some tests need beside the repository's own packages: the built packages, what the examples ask for, and other versions of
 * Node.js. Each is installed from a lockfile of its own, once; nothing is done where it is there. Several processes may ask at
 * the same time.
 *
 *   node scripts/installations.ts        all of it
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPackage } from "./build-package.ts";
import { withLock } from "./lock.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

/** The packages that are published, and what all examples need. */
export function prepareExamples(): void {
  for (const name of ["sdk", "server"]) buildPackage(name);
  install("examples", CI);
}

/** The packages that are published, and the versions of Node.js that they run on. Their programs are in `<name>/bin`. */
export function prepareRuntimes(): void {
  for (const name of ["sdk", "server"]) buildPackage(name);
  // Several packages bring a program named node along; none of them may become the one on the path.
  install("tests/runtimes", [...CI, "--no-bin-links"]);
}

function install(folder: string, command: readonly string[]): void {
  const home = join(ROOT, folder);
  withLock(join(home, ".build-lock"), () => {
    const stamp = join(home, "node_modules/.claviger-stamp");
    const locked = fingerprint(join(home, "package-lock.json"));
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === locked) return;
    execFileSync("npm", command, { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
    writeFileSync(stamp, locked);
  });
}

function fingerprint(lockfile: string): string {
  const hash = createHash("sha256").update(readFileSync(lockfile));
  return hash.update(`${process.platform}-${process.arch}`).digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  prepareExamples();
  prepareRuntimes();
}
