import { describe, expect, test } from "vitest";
import { countTests, type Report, summarise } from "./test-report.ts";

const ROOT = "/repo";

function report(...statuses: string[]): Report {
  const assertionResults = statuses.map((status, index) => ({ fullName: `guarantee ${index}`, status }));
  return {
    testResults: [
      { name: `${ROOT}/a.test.ts`, status: statuses.includes("failed") ? "failed" : "passed", assertionResults },
    ],
  };
}

describe("counting a run", () => {
  test("passed and failed tests are counted, and the failed ones named", () => {
    const count = countTests(report("passed", "failed", "passed"), false, ROOT);
    expect(count).toEqual({ passed: 2, failed: 1, notes: ["failed: a.test.ts › guarantee 1"] });
  });

  test.each(["pending", "skipped", "todo", "disabled"])("a test that is %s counts as failed", (status) => {
    expect(countTests(report("passed", status), true, ROOT)).toMatchObject({ passed: 1, failed: 1 });
  });

  test("a file that fails before its tests counts as failed", () => {
    const broken: Report = { testResults: [{ name: `${ROOT}/a.test.ts`, status: "failed", assertionResults: [] }] };
    expect(countTests(broken, false, ROOT)).toMatchObject({
      passed: 0,
      failed: 1,
      notes: ["failed outside its tests: a.test.ts"],
    });
  });

  test("no tests, no report, and a run that ended badly with every test passed are failures", () => {
    expect(countTests({ testResults: [] }, true, ROOT).failed).toBe(1);
    expect(countTests(null, true, ROOT).failed).toBe(1);
    expect(countTests(report("passed"), false, ROOT).failed).toBe(1);
    expect(countTests(report("passed"), true, ROOT)).toEqual({ passed: 1, failed: 0, notes: [] });
  });
});

test("the summary ends with the totals alone on a line, and adds up all stages", () => {
  const { text, failed } = summarise([
    { name: "types", seconds: 1, passed: 1, failed: 0, notes: [] },
    { name: "tests", seconds: 2, passed: 40, failed: 2, notes: ["failed: a › b"] },
  ]);
  expect(failed).toBe(2);
  expect(text.split("\n").at(-1)).toBe("41 passed, 2 failed");
  expect(text).toContain("failed: a › b");
});
