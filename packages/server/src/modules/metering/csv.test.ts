/** A file for a spreadsheet: whole whatever its texts hold, and none of them run. */
import { expect, test } from "vitest";
import { csvLine } from "./csv.ts";

test.each([
  ["acme", "acme"],
  ['a "b", c', '"a ""b"", c"'],
  ["two\r\nlines", '"two\r\nlines"'],
  ["a-b=c@d", "a-b=c@d"],
  ["=1+1", "'=1+1"],
  ["-1", "'-1"],
  ["+1", "'+1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["|calc", "'|calc"],
  ["%0", "'%0"],
  ["\t=1", "'\t=1"],
  ["  =1", "'  =1"],
  [" acme", "' acme"],
  ["＝1+1", "'＝1+1"],
  ["＋1", "'＋1"],
  ["－1", "'－1"],
  ["＠x", "'＠x"],
  // Where a comma is the decimal sign, a semicolon separates cells.
  ["a;b", '"a;b"'],
  ["a;=1", `"a;'=1"`],
  ["a; =1;＋2", `"a;' =1;'＋2"`],
  ['a;"=1', `"a;'""=1"`],
])("%j becomes %j", (text, cell) => {
  expect(csvLine([text, 1, null])).toBe(`${cell},1,\r\n`);
});
