import { constants } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemRandom } from "../../kernel/random.ts";
import { EngineError } from "./errors.ts";
import { exists, fsyncPath, fsyncTree, writeFileWhole } from "./files.ts";
import type { Binaries } from "./platform.ts";

const STAMP_FILE = "STAMP";
const EXECUTABLE = 0o755;
const READABLE = 0o644;

/**
 * Puts PostgreSQL's binaries under `runtimeDir`, readable for every user of the machine, unless those of the same stamp
 * are there. Copied beside and renamed, so that a kill at any moment leaves either no runtime or a whole one.
 * The copy exists because the package's own files may belong to a user, or lie in a directory, that the unprivileged
 * account cannot read, and because `npm install` may replace them under a running server.
 */
export async function ensureRuntime(runtimeDir: string, binaries: Binaries): Promise<void> {
  if ((await installedStamp(runtimeDir)) === binaries.stamp) return;
  const suffix = Buffer.from(systemRandom.bytes(4)).toString("hex");
  const draft = `${runtimeDir}.new-${suffix}`;
  await copyTree(binaries.nativeDir, draft);
  await linkLibraries(binaries.nativeDir, draft);
  await writeFileWhole(join(draft, STAMP_FILE), binaries.stamp, READABLE);
  await fsyncTree(draft);
  if (await exists(runtimeDir)) await rename(runtimeDir, `${runtimeDir}.old-${suffix}`);
  await rename(draft, runtimeDir);
  await fsyncPath(dirname(runtimeDir));
  await rm(`${runtimeDir}.old-${suffix}`, { recursive: true, force: true });
}

async function installedStamp(runtimeDir: string): Promise<string | undefined> {
  const path = join(runtimeDir, STAMP_FILE);
  return (await exists(path)) ? readFile(path, "utf8") : undefined;
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, EXECUTABLE);
  const entries = await readdir(from, { withFileTypes: true });
  await Promise.all(
    entries.map(async (entry) => {
      const source = join(from, entry.name);
      const target = join(to, entry.name);
      if (entry.isDirectory() && entry.name !== "pkgconfig") return copyTree(source, target);
      // Static libraries are for building against; links are made from the list.
      if (!entry.isFile() || entry.name.endsWith(".a")) return;
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      // npm may have left the programs without their x bit.
      await chmod(target, basename(from) === "bin" ? EXECUTABLE : READABLE);
    }),
  );
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/** Install scripts may be blocked, so the links that the package's own script would make are made here. */
async function linkLibraries(nativeDir: string, draft: string): Promise<void> {
  const links = parseLinks(await readFile(join(nativeDir, "pg-symlinks.json"), "utf8"));
  await Promise.all(
    links.map(async ({ source, target }) => {
      const path = join(draft, target.replace(/^native\//, ""));
      await symlink(basename(source), path);
    }),
  );
}

function parseLinks(text: string): LibraryLink[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every(isLink)) {
    throw new EngineError(
      "BINARIES_MISSING",
      "pg-symlinks.json of the PostgreSQL package cannot be read: reinstall it.",
    );
  }
  return list;
}

function isLink(value: unknown): value is LibraryLink {
  if (typeof value !== "object" || value === null || !("source" in value) || !("target" in value)) return false;
  const { source, target } = value;
  // The package is trusted, but a path that leaves the runtime is never right.
  return typeof source === "string" && typeof target === "string" && /^native\/lib\/[\w.-]+$/.test(target);
}
