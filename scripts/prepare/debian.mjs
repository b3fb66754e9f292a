import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Explained } from "./explained.mjs";

const POLICY = "/usr/sbin/policy-rc.d";
const NO_CLUSTER = "/etc/postgresql-common/createcluster.d/claviger.conf";
const INSTALL = [
  "install",
  "-y",
  "-qq",
  "--no-install-recommends",
  "-o",
  "Dpkg::Use-Pty=0",
  "-o",
  "DPkg::Lock::Timeout=120",
];
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Installs packages by apt-get, as root, and disables the services they bring. Debian starts services and creates a PostgreSQL cluster on installation;
 * both are held off by files that exist only for the duration. Signals are answered after they have been removed.
 */
export function installFromDebian(packages, services) {
  let stoppedBy = null;
  const note = (signal) => {
    stoppedBy = signal;
  };
  for (const signal of SIGNALS) process.on(signal, note);
  const undo = [];
  try {
    if (!existsSync(POLICY)) undo.push(place(POLICY, "#!/bin/sh\nexit 101\n", 0o755));
    undo.push(place(NO_CLUSTER, "create_main_cluster = false\n", 0o644));
    install(packages);
    disable(services);
  } finally {
    for (const step of undo.reverse()) step();
    for (const signal of SIGNALS) process.off(signal, note);
  }
  if (stoppedBy !== null) throw new Explained(`Stopped by ${stoppedBy} while installing ${packages.join(" ")}.`);
}

function install(packages) {
  const listed = packages.every((name) => hasCandidate(name));
  if (listed && apt(INSTALL.concat(packages)) === 0) return;
  process.stderr.write("Refreshing the list of packages (apt-get update) …\n");
  if (apt(["update", "-qq"]) !== 0)
    process.stderr.write("apt-get update failed in part; going on with what is listed.\n");
  const unknown = packages.filter((name) => !hasCandidate(name));
  if (unknown.length > 0)
    throw new Explained(
      `This system's package sources do not offer: ${unknown.join(" ")}. Add a source that does, or install by hand.`,
    );
  const status = apt(INSTALL.concat(packages));
  if (status !== 0)
    throw new Explained(`apt-get install ${packages.join(" ")} ended with status ${status}; its own words are above.`);
}

function hasCandidate(name) {
  const policy = spawnSync("apt-cache", ["policy", name], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });
  const candidate = /Candidate: (\S+)/.exec(policy.stdout ?? "");
  return candidate !== null && candidate[1] !== "(none)";
}

/** Shows what apt-get said only where it failed. */
function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
  const run = spawnSync("apt-get", args, { stdio: ["ignore", "pipe", "pipe"], env, maxBuffer: 64 << 20 });
  if (run.status !== 0) process.stderr.write(`${run.stdout ?? ""}${run.stderr ?? ""}`);
  return run.status;
}

/** A service that came with a package is not wanted at the next start of the machine either. */
function disable(services) {
  if (services.length === 0 || !existsSync("/usr/bin/systemctl")) return;
  spawnSync("systemctl", ["disable", "--quiet", ...services], { stdio: "ignore" });
}

/** Writes a file, with its folder if need be, and answers how to take away what was not there before. */
function place(path, text, mode) {
  const folder = dirname(path);
  const made = existsSync(folder) ? null : mkdirSync(folder, { recursive: true });
  const existed = existsSync(path);
  if (!existed) writeFileSync(path, text, { mode });
  return () => {
    if (!existed) rmSync(path, { force: true });
    if (made !== null) removeIfEmpty(folder);
  };
}

function removeIfEmpty(folder) {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (error.code !== "ENOTEMPTY" && error.code !== "ENOENT") throw error;
  }
}
