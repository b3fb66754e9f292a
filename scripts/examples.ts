/**
 * What the examples need: the built packages that they link, and what examples/package-lock.json names, which is one
 * installation for all of them. Nothing is done where it is there already. Several processes may ask at once.
 *
 *   node scripts/examples.ts
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPackage } from "./build-package.ts";
import { withLock } from "./lock.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const EXAMPLES = join(ROOT, "examples");
const CI = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];

export function prepareExamples(): void {
  for (const name of ["sdk", "server"]) buildPackage(name);
  withLock(join(EXAMPLES, ".build-lock"), () => {
    const stamp = join(EXAMPLES, "node_modules/.claviger-stamp");
    const locked = fingerprint();
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === locked) return;
    execFileSync("npm", CI, { cwd: EXAMPLES, stdio: ["ignore", "ignore", "inherit"] });
    writeFileSync(stamp, locked);
  });
}

function fingerprint(): string {
  const lockfile = readFileSync(join(EXAMPLES, "package-lock.json"));
  return createHash("sha256").update(lockfile).update(`${process.platform}-${process.arch}`).digest("hex");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) prepareExamples();
