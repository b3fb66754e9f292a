/** Every fault that the page of failure modes lists names the tests that show what happens. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PAGE = fileURLToPath(new URL("failure-modes.md", import.meta.url));

test("each row leads to tests, or says that the fault is outside of what is promised", () => {
  const rows = readFileSync(PAGE, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| **"));
  expect(rows.length).toBeGreaterThan(25);
  const bare = rows.filter((row) => {
    const shown = row.split(" | ").at(-1) ?? "";
    const tests = [...shown.matchAll(/\]\(([^)]+\.test\.ts)\)/g)].map(([, path = ""]) => path);
    const there = tests.filter((path) => existsSync(new URL(path, new URL("failure-modes.md", import.meta.url))));
    return !(there.length > 0 && there.length === tests.length) && !row.includes("Outside the fault model");
  });
  expect(bare).toEqual([]);
});
