import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { configDefaults, defineConfig } from "vitest/config";

const globalSetup = fileURLToPath(new URL("packages/testkit/src/global-setup.ts", import.meta.url));

/** `vitest run` is the ordinary suite; `vitest run --mode full` adds the long tests, `*.full.test.ts`. */
export default defineConfig(({ mode }) => ({
  test: {
    include: [
      "packages/*/src/**/*.test.{ts,tsx}",
      "scripts/**/*.test.ts",
      "tools/**/*.test.ts",
      "tests/**/*.test.ts",
      "docs/**/*.test.ts",
      "examples/**/*.test.ts",
    ],
    exclude: [...configDefaults.exclude, ...(mode === "full" ? [] : ["**/*.full.test.ts"])],
    globalSetup: existsSync(globalSetup) ? [globalSetup] : [],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    retry: 0,
    allowOnly: false,
    passWithNoTests: false,
  },
}));
