import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const scripts = dirname(fileURLToPath(import.meta.url));
const LIB = { version: "1.0.0", integrity: "sha512-a" };
const FOREIGN = { version: "1.0.0", integrity: "sha512-b", optional: true, os: ["neverland"], cpu: ["abacus"] };
const LOCK = { "": { name: "x" }, "node_modules/lib": LIB, "node_modules/foreign": FOREIGN };

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "claviger-prepare-"));
  cpSync(join(scripts, "prepare.mjs"), join(root, "scripts/prepare.mjs"));
  cpSync(join(scripts, "prepare"), join(root, "scripts/prepare"), { recursive: true });
  writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: LOCK }));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Stands in for the registry: an npm that notes its arguments and installs the record it is given, or fails. */
function placeNpm(outcome: { installs: object } | { fails: number }): void {
  const record = join(root, "node_modules/.package-lock.json");
  const body =
    "fails" in outcome
      ? `process.exitCode = ${outcome.fails};`
      : `fs.mkdirSync(${JSON.stringify(dirname(record))}, { recursive: true });
         fs.writeFileSync(${JSON.stringify(record)}, ${JSON.stringify(JSON.stringify({ packages: outcome.installs }))});`;
  writeFileSync(
    join(root, "npm-cli.js"),
    `const fs = require("node:fs"); fs.appendFileSync(${JSON.stringify(join(root, "calls"))}, process.argv.slice(2).join(" ") + "\\n"); ${body}`,
  );
}

function prepare(...args: string[]) {
  const env = { ...process.env, npm_execpath: join(root, "npm-cli.js") };
  return spawnSync(process.execPath, ["scripts/prepare.mjs", ...args], { cwd: root, env, encoding: "utf8" });
}

function placeRecord(packages: object): void {
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages }));
}

const calls = () =>
  readFileSync(join(root, "calls"), { encoding: "utf8", flag: "a+" })
    .split("\n")
    .filter((line) => line !== "");

describe("packages", () => {
  test("a fresh checkout is installed once, without scripts of packages, and then left alone", () => {
    placeNpm({ installs: { "node_modules/lib": LIB } });
    expect(prepare().status).toBe(0);
    expect(prepare().status).toBe(0);
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(/^ci --ignore-scripts /);
  });

  test("an installation made by hand that equals the lockfile is not repeated", () => {
    placeNpm({ fails: 1 });
    placeRecord({ "node_modules/lib": LIB });
    expect(prepare().status).toBe(0);
    expect(calls()).toEqual([]);
  });

  test.each([
    ["another version", { "node_modules/lib": { ...LIB, version: "2.0.0" } }],
    ["a package too few", {}],
    ["a package too many", { "node_modules/lib": LIB, "node_modules/extra": LIB }],
  ])("%s is installed anew", (_, packages) => {
    placeNpm({ installs: { "node_modules/lib": LIB } });
    placeRecord(packages);
    expect(prepare().status).toBe(0);
    expect(calls()).toHaveLength(1);
  });

  test("a changed lockfile is installed although the last installation was complete", () => {
    placeNpm({ installs: { "node_modules/lib": LIB } });
    prepare();
    const changed = { ...LOCK, "node_modules/lib": { ...LIB, version: "1.0.1" } };
    writeFileSync(join(root, "package-lock.json"), JSON.stringify({ packages: changed }));
    prepare();
    expect(calls()).toHaveLength(2);
  });

  test("a failed installation is explained and leaves no stamp behind", () => {
    placeNpm({ fails: 7 });
    const run = prepare();
    expect(run.status).toBe(1);
    expect(run.stderr).toContain("npm ci ended with status 7");
    expect(run.stderr).not.toContain("at ");
    prepare();
    expect(calls()).toHaveLength(2);
  });

  test("a program that lost its mode gets it back", () => {
    placeNpm({ fails: 1 });
    placeRecord({ "node_modules/lib": LIB });
    const program = join(root, "node_modules/@biomejs/cli-linux-x64/biome");
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, "");
    chmodSync(program, 0o644);
    expect(prepare().status).toBe(0);
    expect(statSync(program).mode & 0o111).toBe(0o111);
  });
});

describe("the Node.js of npm scripts", () => {
  test.each([
    ["22.17.9", 1],
    ["20.20.2", 1],
    ["23.5.0", 1],
    ["22.18.0", 0],
    ["23.6.0", 0],
    ["24.0.0", 0],
  ])("a packaged %s gives status %i", (version, status) => {
    placeNpm({ fails: 1 });
    placeRecord({ "node_modules/lib": LIB });
    const home = join(root, "node_modules", `node-${process.platform}-${process.arch}`);
    mkdirSync(home, { recursive: true });
    mkdirSync(join(root, "node_modules/.bin"));
    writeFileSync(join(home, "package.json"), JSON.stringify({ version }));
    writeFileSync(join(root, "node_modules/.bin/node"), "", { mode: 0o755 });
    const run = prepare();
    expect(run.status).toBe(status);
    if (status === 1)
      expect(run.stderr).toMatch(new RegExp(`^Claviger needs Node.js 22.18 or later .* found ${version} `));
  });
});

test("an unknown argument is refused by name", () => {
  const run = prepare("--tests");
  expect(run.status).toBe(1);
  expect(run.stderr).toContain("--tests");
});
