/** The guide to library mode shows what the examples hold, which are run by tests of their own, and names every option. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { OPERATIONS } from "@claviger/contract";
import { OPTION_NAMES } from "@claviger/server";
import { expect, test } from "vitest";

const GUIDE = fileURLToPath(new URL("guide/library-mode.md", import.meta.url));
const text = readFileSync(GUIDE, "utf8");

test("each program of the guide stands word for word in the example that it names", () => {
  const shown = [...text.matchAll(/\]\(([^)\s]+\.js)\):\n\n```js\n(.*?)\n```/gs)];
  expect(shown.length).toBe([...text.matchAll(/^```js$/gm)].length - 1);
  for (const [, file = "", code = ""] of shown) {
    expect(readFileSync(join(GUIDE, "..", file), "utf8"), file).toContain(code);
  }
});

test("the guide names every option, and no other", () => {
  const [, table = ""] = /^## Options\n(.*?)\n\n/ms.exec(text) ?? [];
  const named = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)]);
  expect(named.map(([, name]) => name).sort()).toEqual([...OPTION_NAMES].sort());
});

test("the guide names every path that asks for no management key", () => {
  const [, sentence = ""] = /asks for a management key, except (.*?)\. Keep/s.exec(text) ?? [];
  const open = OPERATIONS.filter(({ access }) => access.kind === "public").map(({ path }) => path);
  const named = [...sentence.matchAll(/`([^`]+)`/g)].map(([, path]) => path);
  expect(named.sort()).toEqual([...open, "/docs"].sort());
});
