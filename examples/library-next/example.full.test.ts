/** Next.js itself: installed as a customer would, built, and run, for production and for development. */
import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { prepareExamples } from "../../scripts/installations.ts";
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
}, 300_000);

const on = (command: string): Promise<LibraryExample> =>
  startLibraryExample("library-next", [NEXT, command, "-H", "127.0.0.1"], { NEXT_MANUAL_SIG_HANDLE: "true" });

describe("an application of Next.js", () => {
  let example: LibraryExample | undefined;
  afterEach(() => example?.stop());

  test("manages keys and verifies them, refuses what another node took away, and leaves without a trace", async () => {
    example = await on("start");
    await managesAndVerifies(example);
    await leavesWithoutATrace(example);
  }, 180_000);

  test("does so under its server for development as well, where modules come and go", async () => {
    example = await on("dev");
    await managesAndVerifies(example);
    // It serves in a process of its own, which hears of the end from the first.
    await example.program.end();
  }, 180_000);
});
