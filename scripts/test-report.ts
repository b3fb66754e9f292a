import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";

/** What a stage amounts to. `notes` say what to look at, one line each. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly notes: readonly string[];
}

export interface Outcome extends Count {
  readonly name: string;
  readonly seconds: number;
}

/** The part of vitest's JSON report that is read here. */
export interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** Null where the run ended before it wrote a report. */
export function readReport(file: string): Report | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : null;
}

/**
 * Counts a run's tests. Whatever is neither passed nor failed was skipped or left to do, and counts as failed; so do a
 * file that failed outside its tests, a run without tests, and a run that ended badly although every test passed.
 */
export function countTests(report: Report | null, ok: boolean, root: string): Count {
  if (report === null) return { passed: 0, failed: 1, notes: ["the run ended before it reported any test"] };
  const notes: string[] = [];
  let passed = 0;
  let failed = 0;
  for (const file of report.testResults) {
    const path = relative(root, file.name);
    const bad = file.assertionResults.filter((test) => test.status !== "passed");
    passed += file.assertionResults.length - bad.length;
    failed += bad.length;
    for (const test of bad)
      notes.push(`${test.status === "failed" ? "failed" : `not run (${test.status})`}: ${path} › ${test.fullName}`);
    const silent = bad.length === 0 && (file.status === "failed" || file.assertionResults.length === 0);
    if (silent) {
      failed += 1;
      notes.push(`failed outside its tests: ${path}`);
    }
  }
  if (passed + failed === 0) return { passed: 0, failed: 1, notes: ["no test ran"] };
  if (!ok && failed === 0) return { passed, failed: 1, notes: ["the run failed outside the tests: see above"] };
  return { passed, failed, notes };
}

/** The closing lines: what failed, one line for each stage, and last, alone, `N passed, N failed`. */
export function summarise(outcomes: readonly Outcome[]): { readonly text: string; readonly failed: number } {
  const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
  const failed = sum((outcome) => outcome.failed);
  const width = Math.max(...outcomes.map((outcome) => outcome.name.length));
  const lines = outcomes.flatMap((outcome) => outcome.notes.map((note) => `  ${note}`));
  for (const { name, seconds, ...count } of outcomes) {
    const state = count.failed === 0 ? "ok    " : "FAILED";
    lines.push(
      `${state} ${name.padEnd(width)} ${seconds.toFixed(1).padStart(7)} s  ${count.passed} passed, ${count.failed} failed`,
    );
  }
  lines.push("", `${sum((outcome) => outcome.passed)} passed, ${failed} failed`);
  return { text: lines.join("\n"), failed };
}
