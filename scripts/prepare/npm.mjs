import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { Explained } from "./explained.mjs";

const ARGS = [
  "ci",
  "--ignore-scripts",
  "--include=dev",
  "--include=optional",
  "--no-audit",
  "--no-fund",
  "--loglevel=error",
];

/** Installs exactly what package-lock.json names. No package may run a script of its own. */
export function runNpmCi(root) {
  if (!existsSync(join(root, "package-lock.json")))
    throw new Explained("package-lock.json is missing: this checkout is not complete.");
  process.stderr.write("Installing packages (npm ci) …\n");
  const started = performance.now();
  const [program, before] = npm();
  const run = spawnSync(program, [...before, ...ARGS], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (run.error?.code === "ENOENT")
    throw new Explained("npm was not found. It comes with Node.js; install both, then run the command again.");
  if (run.error !== undefined) throw new Explained(`npm ci could not be started: ${run.error.message}`);
  if (run.status !== 0) throw new Explained(explain(run));
  process.stderr.write(`Packages installed in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
}

function explain(run) {
  const ended = run.signal === null ? `ended with status ${run.status}` : `was stopped by ${run.signal}`;
  return [
    `npm ci ${ended}; its own words are above. The usual causes:`,
    "  - no way to the package registry: check the network, a proxy, and `npm config get registry`",
    "  - package.json and package-lock.json disagree: run `npm install --ignore-scripts` and commit the lockfile",
    "  - no space, or files of another user, under node_modules",
  ].join("\n");
}

/** The npm that called us, run by this very Node.js; else the one on the path. */
function npm() {
  const caller = process.env.npm_execpath ?? "";
  return basename(caller) === "npm-cli.js" && existsSync(caller) ? [process.execPath, [caller]] : ["npm", []];
}
