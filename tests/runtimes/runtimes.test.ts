/** The published packages, as they are built, under each version of Node.js that they say they run on. */
import { execFile } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  api,
  externalSettings,
  issueManagementKey,
  makeScopes,
  type Service,
  startService,
  type TestDatabase,
  testDatabase,
} from "@claviger/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareRuntimes } from "../../scripts/installations.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const NODE_OF: Readonly<Record<string, string>> = {
  "20": packaged("20"),
  "22": packaged("22"),
  "24": process.execPath,
};

/** What a run may take; beyond it, something keeps the process. */
const RUN_MS = 45_000;

let database: TestDatabase;
let service: Service;
let credential = "";
let dataDir = "";

beforeAll(async () => {
  prepareRuntimes();
  database = await testDatabase();
  service = await startService({ database, env: { CLAVIGER_LEASE_MS: "2000" } });
  const root = api(service.url, service.managementKey);
  await makeScopes(root);
  credential = (await issueManagementKey(root, ["verify"])).secret;
  dataDir = await mkdtemp(join(tmpdir(), "claviger-runtimes-"));
}, 180_000);
afterAll(async () => {
  await service?.stop();
  await database?.drop();
  await rm(dataDir, { recursive: true, force: true });
});

function packaged(major: string): string {
  return join(FOLDER, "node_modules", `node${major}-${process.platform}-${process.arch}`, "bin/node");
}

interface Ran {
  readonly passed: number;
  readonly failed: number;
  readonly left: number;
  readonly output: string;
}

/** Runs a file of node:test under a version of Node.js. */
function run(major: string, suite: string): Promise<Ran> {
  const settings = {
    ...{ CLAVIGER_URL: service.url, CLAVIGER_MANAGEMENT_KEY: service.managementKey, CLAVIGER_CREDENTIAL: credential },
    ...{ DATA_DIR: dataDir, PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "" },
    ...externalSettings(database),
  };
  return new Promise((resolve) => {
    const args = ["--test", "--test-reporter=tap", join(FOLDER, "suite", suite)];
    execFile(NODE_OF[major] ?? "", args, { cwd: FOLDER, env: settings, timeout: RUN_MS }, (_, stdout, stderr) => {
      const count = (name: string): number =>
        Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? Number.NaN);
      const left = count("skipped") + count("todo") + count("cancelled");
      resolve({ passed: count("pass"), failed: count("fail"), left, output: stdout + stderr });
    });
  });
}

function expectAll({ passed, failed, left, output }: Ran, atLeast: number): void {
  expect({ failed, left }, output).toEqual({ failed: 0, left: 0 });
  expect(passed, output).toBeGreaterThanOrEqual(atLeast);
}

describe.each(Object.keys(NODE_OF))("Node.js %s", (major) => {
  test("is of that version", async () => {
    const version = await new Promise((resolve) => {
      execFile(NODE_OF[major] ?? "", ["--version"], (error, stdout) =>
        resolve(error === null ? stdout : error.message),
      );
    });
    expect(version).toMatch(new RegExp(`^v${major}\\.`));
  });

  test("runs the SDK as it is published", async () => {
    expectAll(await run(major, "sdk.js"), 12);
  }, 60_000);
});

test.each(["22", "24"])(
  "Node.js %s runs library mode as it is published",
  async (major) => {
    expectAll(await run(major, "library.js"), 1);
  },
  60_000,
);

test("what is published of the server neither asks for OpenTelemetry nor has code of it", () => {
  const dist = fileURLToPath(new URL("../../packages/server/dist/", import.meta.url));
  expect(readFileSync(`${dist}package.json`, "utf8")).toContain('"pg"');
  const files = globSync(`${dist}**/*.{js,json}`);
  expect(files.length).toBeGreaterThan(100);
  for (const file of files) expect(readFileSync(file, "utf8").includes("@opentelemetry/"), file).toBe(false);
});
