import { execFile } from "node:child_process";
import { beforeAll, expect, test } from "vitest";
import { installExample } from "../../tests/support/example.ts";

let folder = "";
beforeAll(() => {
  folder = installExample("killed-node");
}, 180_000);

/** As short as it can be: two kills and three revocations at least. */
function run(...more: string[]): Promise<{ status: unknown; output: string }> {
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH, HOME, SECONDS: "1" } };
    execFile(process.execPath, ["demo.js", ...more], options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : error.code, output: stdout + stderr });
    });
  });
}

test("revoked keys stay refused while nodes are killed, and a service that remembers verdicts is found out", async () => {
  const [real, remembering] = await Promise.all([run(), run("--cached")]);
  expect(real.output).toMatch(
    / [2-9] kills, \d+ revocations, \d+ requests: [1-9]\d* accepted, [1-9]\d* refused as revoked\n/,
  );
  expect(real.output).toContain("no revoked key was accepted");
  expect(real.status, real.output).toBe(0);
  expect(remembering.output).toMatch(/WRONG: [1-9]\d* requests with revoked keys were accepted/);
  expect(remembering.status, remembering.output).toBe(1);
}, 150_000);
