/** Every link between the pages of this repository leads somewhere. Other hosts are not asked. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PAGES = globSync(["*.md", "docs/**/*.md", "examples/*/*.md"], { cwd: ROOT });

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const withoutCode = (text: string): string => text.replace(/^```.*?^```$/gms, "").replace(/`[^`\n]*`/g, "code");

/** The anchors of a page's headings, as code hosts make them. */
function anchorsOf(page: string): Set<string> {
  const text = read(page).replace(/^```.*?^```$/gms, "");
  const headings = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

function brokenIn(page: string): string[] {
  const targets = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  return targets.flatMap((target) => {
    if (/^[a-z]+:/.test(target)) return [];
    const [path = "", anchor] = target.split("#");
    const file = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(ROOT, file))) return [`${page}: ${target} leads nowhere`];
    if (anchor !== undefined && !anchorsOf(file).has(anchor)) return [`${page}: ${target} names no heading`];
    return [];
  });
}

test("every link from page to page leads to a file, and every anchor to a heading", () => {
  expect(PAGES.length).toBeGreaterThan(10);
  expect(PAGES.flatMap(brokenIn)).toEqual([]);
});
