/** Next.js itself: installed as a customer would, built, and run, for production and for development. */
import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareExamples } from "../../scripts/examples.ts";
import {
  type LibraryExample,
  leavesWithoutATrace,
  managesAndVerifies,
  startLibraryExample,
} from "../../tests/support/library-example.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const NEXT = "node_modules/next/dist/bin/next";

beforeAll(() => {
  prepareExamples();
  execFileSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: FOLDER, stdio: "inherit" });
  // Without any setting of Claviger: building must not ask for one.
  const { PATH = "", HOME = "" } = process.env;
  const env: NodeJS.ProcessEnv = { PATH, HOME, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  const build = spawnSync(process.execPath, [NEXT, "build"], { cwd: FOLDER, encoding: "utf8", env });
  expect(build.status, `${build.stdout}${build.stderr}`).toBe(0);
}, 600_000);
afterAll(() => {
  // The repository's own packages are what all other tests of this folder mean.
  rmSync(`${FOLDER}node_modules`, { recursive: true, force: true });
});

describe.each([
  ["next start", "start"],
  ["next dev", "dev"],
])("an application of Next.js under `%s`", (_, command) => {
  let example: LibraryExample;
  beforeAll(async () => {
    example = await startLibraryExample("library-next", [NEXT, command, "-H", "127.0.0.1"]);
  }, 180_000);
  afterAll(() => example?.stop());

  test("manages keys and verifies them, and refuses what another node took away", async () => {
    await managesAndVerifies(example);
  }, 120_000);

  test("leaves the installation without a trace when it is asked to end", async () => {
    await leavesWithoutATrace(example);
  }, 60_000);
});
