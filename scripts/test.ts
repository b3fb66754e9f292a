/**
 * The runner behind `npm test`: static checks, then the suites, then one line for each stage and, last of all,
 * `N passed, N failed`. Every static check counts as one. Skipped tests, and no tests at all, count as failures.
 *
 *   node scripts/test.ts [--full] [words that the paths of test files must contain …]
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Count, countTests, type Outcome, readReport, summarise } from "./test-report.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface Stage {
  readonly name: string;
  run(): Count;
}

/** Runs a program of a package under this Node.js, in the repository's root, with its output shown. Answers whether it succeeded. */
function succeeds(script: string, args: readonly string[]): boolean {
  const run = spawnSync(process.execPath, [join(root, "node_modules", script), ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (run.error !== undefined) process.stderr.write(`${script} could not be started: ${run.error.message}\n`);
  return run.status === 0;
}

function check(name: string, script: string, args: readonly string[]): Stage {
  return {
    name,
    run: () => (succeeds(script, args) ? { passed: 1, failed: 0, notes: [] } : { passed: 0, failed: 1, notes: [] }),
  };
}

function suites(full: boolean, filters: readonly string[]): Stage {
  return {
    name: full ? "tests (full)" : "tests",
    run: () => {
      const folder = mkdtempSync(join(tmpdir(), "claviger-tests-"));
      try {
        const file = join(folder, "report.json");
        const mode = full ? ["--mode", "full"] : [];
        const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
        const ok = succeeds("vitest/vitest.mjs", ["run", ...mode, ...reporters, ...filters]);
        return countTests(readReport(file), ok, root);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

function runStages(stages: readonly Stage[]): Outcome[] {
  return stages.map((stage) => {
    process.stdout.write(`\n── ${stage.name}\n`);
    const started = performance.now();
    const count = stage.run();
    return { name: stage.name, seconds: (performance.now() - started) / 1000, ...count };
  });
}

function main(args: readonly string[]): number {
  const filters = args.filter((arg) => arg !== "--full");
  const option = filters.find((filter) => filter.startsWith("-"));
  if (option !== undefined) {
    process.stderr.write(
      `Unknown option ${option}; there is --full, and words that the paths of test files must contain.\n`,
    );
    return 2;
  }
  // The tests that need it wait for it, and ask for it themselves where it failed; what it says is said there.
  if (filters.length === 0)
    spawn(process.execPath, [join(root, "scripts/installations.ts")], { stdio: "ignore" }).unref();
  const outcomes = runStages([
    check("biome", "@biomejs/biome/bin/biome", ["check", "--no-errors-on-unmatched", "."]),
    check("types", "typescript/bin/tsc", ["-p", "tsconfig.json"]),
    check("dead code", "knip/bin/knip.js", []),
    suites(args.includes("--full"), filters),
  ]);
  const summary = summarise(outcomes);
  process.stdout.write(`\n${summary.text}\n`);
  return summary.failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
