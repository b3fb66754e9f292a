import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const lockfile = `${here}package-lock.json`;
const installed = `${here}node_modules/.installed`;

/** Installs the peers that the benchmarks compare with, unless exactly these are there. No package runs a script. */
export function installPeers(): void {
  const wanted = readFileSync(lockfile, "utf8");
  if (existsSync(installed) && readFileSync(installed, "utf8") === wanted) return;
  process.stderr.write("Installing the packages to compare with (npm ci in bench) …\n");
  const caller = process.env.npm_execpath ?? "";
  const [program, before] =
    basename(caller) === "npm-cli.js" && existsSync(caller) ? [process.execPath, [caller]] : ["npm", []];
  const run = spawnSync(program, [...before, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: here,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (run.status !== 0) throw new TypeError("npm ci in bench failed; the benchmarks need the registry once");
  writeFileSync(installed, wanted);
}
