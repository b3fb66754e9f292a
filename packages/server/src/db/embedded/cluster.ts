import type { ChildProcess } from "node:child_process";
import { chmod, chown, mkdir, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { systemRandom } from "../../kernel/random.ts";
import type { RunAs } from "./account.ts";
import {
  newPasswords,
  type Passwords,
  PG_HBA_CONF,
  POSTGRESQL_CONF,
  parsePasswords,
  SUPERUSER,
  setupSql,
} from "./config.ts";
import { diskFull, EngineError, WAY_OUT } from "./errors.ts";
import { exists, fsyncPath, writeFileWhole } from "./files.ts";
import type { Launcher } from "./launch.ts";
import { clusterLayout, type Layout } from "./layout.ts";

/**
 * Makes the cluster unless it is there: initdb, roles and database, all in a directory of another name, synced, then
 * renamed. A cluster that is there is therefore whole: a killed initdb leaves a directory that looks whole and never
 * starts.
 */
export async function ensureCluster(layout: Layout, launcher: Launcher, runAs: RunAs): Promise<void> {
  if (await exists(layout.clusterDir)) return;
  const draft = `${layout.clusterDir}.new-${Buffer.from(systemRandom.bytes(4)).toString("hex")}`;
  const parts = clusterLayout(draft);
  await mkdir(draft);
  await chmod(draft, runAs.kind === "other" ? 0o711 : 0o700);
  await mkdir(parts.pgData);
  await chmod(parts.pgData, 0o700);
  if (runAs.kind === "other") await chown(parts.pgData, runAs.account.uid, runAs.account.gid);

  const bin = join(layout.runtimeDir, "bin");
  await run(launcher.spawn(join(bin, "initdb"), ["-D", parts.pgData, ...INITDB]), layout.dataDir);
  const passwords = newPasswords();
  const single = launcher.spawn(join(bin, "postgres"), ["--single", "-D", parts.pgData, ...SINGLE], "pipe");
  single.stdin?.end(`${setupSql(passwords).join("\n")}\n`);
  await run(single, layout.dataDir);
  await run(launcher.spawn(join(bin, "initdb"), ["-D", parts.pgData, "--sync-only"]), layout.dataDir);

  await writeFileWhole(parts.passwordFile, `${JSON.stringify(passwords)}\n`, 0o600);
  await writeFileWhole(parts.hbaFile, PG_HBA_CONF, 0o644);
  await writeFileWhole(parts.configFile, POSTGRESQL_CONF, 0o644);
  await rename(draft, layout.clusterDir);
  await fsyncPath(dirname(layout.clusterDir));
}

/** The locale is PostgreSQL's own, so that no index depends on the machine's C library. */
const INITDB = [
  ...["-U", SUPERUSER, "--auth=reject", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin"],
  ...["--builtin-locale=C.UTF-8", "--data-checksums", "--no-sync", "--no-instructions"],
];

const SINGLE = ["-c", "exit_on_error=true", "-c", "log_min_error_statement=panic", "postgres"];

/**
 * Checks a cluster that is there, writes our settings again where they differ, and reads the passwords.
 * Throws CLUSTER_VERSION, CLUSTER_INCOMPLETE.
 */
export async function openCluster(layout: Layout, major: number): Promise<Passwords> {
  const [version, secrets] = await Promise.all([
    readFile(join(layout.pgData, "PG_VERSION"), "utf8").catch(() => ""),
    readFile(layout.passwordFile, "utf8").catch(() => ""),
  ]);
  const passwords = parsePasswords(secrets);
  if (passwords === undefined || version === "") {
    const missing = version === "" ? join(layout.pgData, "PG_VERSION") : layout.passwordFile;
    throw new EngineError(
      "CLUSTER_INCOMPLETE",
      `${missing} is missing or damaged. Restore it from a backup, or: ${WAY_OUT}.`,
    );
  }
  if (Number.parseInt(version, 10) !== major) {
    throw new EngineError(
      "CLUSTER_VERSION",
      `${layout.clusterDir} was made by PostgreSQL ${version.trim()}, and this Claviger brings ${major}. Run claviger backup with the old release and claviger restore with this one, or: ${WAY_OUT}.`,
    );
  }
  await ensureText(layout.configFile, POSTGRESQL_CONF);
  await ensureText(layout.hbaFile, PG_HBA_CONF);
  return passwords;
}

async function ensureText(path: string, text: string): Promise<void> {
  const found = await readFile(path, "utf8").catch(() => undefined);
  if (found !== text) await writeFileWhole(path, text, 0o644);
}

/** Waits for one of PostgreSQL's programs; throws DISK_FULL or INIT_FAILED with what it said last. */
async function run(child: ChildProcess, dataDir: string): Promise<void> {
  let said = "";
  const note = (chunk: string): void => {
    said = (said + chunk).slice(-8_000);
  };
  child.stdout?.setEncoding("utf8").on("data", note);
  child.stderr?.setEncoding("utf8").on("data", note);
  // A program that ends early closes its input; how it ended is told by its exit.
  child.stdin?.on("error", () => undefined);
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      note(`FATAL: ${error.message}\n`);
      resolve(null);
    });
    child.once("close", resolve);
  });
  if (code === 0 && !/^(ERROR|FATAL|PANIC):/m.test(said)) return;
  throw programFailure(said, dataDir, "INIT_FAILED", "The embedded PostgreSQL could not be set up");
}

/** The error for a program that failed, from what it said: its last line of trouble. */
export function programFailure(
  said: string,
  dataDir: string,
  code: "INIT_FAILED" | "START_FAILED",
  summary: string,
): EngineError {
  if (/No space left on device|Disk quota exceeded/.test(said)) return diskFull(dataDir);
  const lines = said
    .split("\n")
    .map((line) => line.replace(LOG_PREFIX, "").trim())
    .filter((line) => line !== "");
  const worst = lines.findLast((line) => /^(ERROR|FATAL|PANIC):|error|could not|setpriv:/.test(line)) ?? lines.at(-1);
  // Of a wrong setting, the last line names only the file.
  const setting = lines.find((line) => /invalid value for|unrecognized configuration|syntax error in file/.test(line));
  const told = [setting, worst].filter((line, at, all) => line !== undefined && all.indexOf(line) === at).join("; ");
  return new EngineError(code, `${summary} in ${dataDir}: ${told === "" ? "it said nothing" : told}. ${WAY_OUT}.`);
}

/** Time, process and session, as our log_line_prefix writes them. */
const LOG_PREFIX = /^\d{4}-\d\d-\d\d \S+ UTC \[\d+\] (\S*@\S* )?/;
