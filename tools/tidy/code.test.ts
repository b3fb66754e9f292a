import { describe, expect, test } from "vitest";
import { code } from "./code.ts";
import { files } from "./fixture.ts";

const SERVER = "packages/server/src/modules/keys/a.ts";
const TEST = "packages/server/src/modules/keys/a.test.ts";
const reasons = (path: string, text: string): string[] => code(files({ [path]: text })).map(({ reason }) => reason);

describe("refused", () => {
  test.each([
    ["default", "packages/sdk/src/a.ts", "export default function f() {}"],
    ["default", "packages/sdk/src/a.ts", "const f = 1; export default f;"],
    ["default", "packages/sdk/src/a.ts", "const f = 1; export { f as default };"],
    ["bare Error", SERVER, "throw new Error('no');"],
    ["bare Error", "packages/core/src/a.ts", "throw Error('no');"],
    ["clock", SERVER, "const now = Date.now();"],
    ["clock", SERVER, "const options = { now: Date.now };"],
    ["clock", SERVER, "const now = new Date();"],
    ["clock", SERVER, "const now = new Date;"],
    ["clock", SERVER, "performance.now();"],
    ["clock", SERVER, "process.hrtime.bigint();"],
    ["randomness", SERVER, "Math.random();"],
    ["randomness", SERVER, "import { randomBytes } from 'node:crypto';"],
    ["randomness", SERVER, "import { randomUUID as make } from 'node:crypto';"],
    ["randomness", SERVER, "crypto.getRandomValues(bytes);"],
    ["randomness", SERVER, "import * as c from 'node:crypto'; c.randomBytes(8);"],
    ["Math.random cannot be repeated", TEST, "Math.random();"],
    ["environment", SERVER, "const level = process.env.LEVEL;"],
    ["environment", "packages/sdk/src/a.ts", "const { env } = { env: process.env };"],
    ["??", SERVER, "const n = given || 0;"],
    ["??", SERVER, "const n = given || -1;"],
    ["??", SERVER, "given ||= 10n;"],
    ["leaves tests out", TEST, "test.skip('a', () => {});"],
    ["leaves tests out", TEST, "describe.only('a', () => {});"],
    ["leaves tests out", TEST, "test.todo('a');"],
    ["leaves tests out", TEST, "test.fails('a', () => {});"],
    ["leaves tests out", TEST, "test.skipIf(process.platform === 'win32')('a', () => {});"],
    ["leaves tests out", TEST, "test.concurrent.skip('a', () => {});"],
    ["leaves tests out", TEST, "test('a', (context) => context.skip());"],
    ["leaves tests out", TEST, "test('a', { skip: true }, () => {});"],
    ["retries", TEST, "test('a', { retry: 3 }, () => {});"],
    ["sleeps", TEST, "await new Promise((resolve) => setTimeout(resolve, 50));"],
    ["sleeps", TEST, "await new Promise((done) => { setTimeout(() => done(), 50); });"],
    ["sleeps", TEST, "await sleep(50);"],
    ["sleeps", TEST, "await testkit.delay(50);"],
    ["sleeps", TEST, "import { setTimeout } from 'node:timers/promises';"],
    ["sleeps", "tests/cluster/helpers.ts", "await delay(50);"],
  ])("%s in %s: %s", (reason, path, text) => {
    const found = reasons(path, text);
    expect(found.length).toBeGreaterThan(0);
    for (const one of found) expect(one).toContain(reason);
  });
});

describe("allowed", () => {
  test.each([
    ["vitest.config.ts", "export default {};"],
    ["packages/console/vite.config.ts", "export default {};"],
    [SERVER, "throw new TypeError('a mistake');"],
    ["packages/sdk/src/a.ts", "throw new Error('no');"],
    [SERVER, "// Date.now() and Math.random() in a comment"],
    [SERVER, "const text = 'new Date()';"],
    [SERVER, "const then = new Date(at);"],
    [SERVER, "const randomBytes = random.bytes(24);"],
    ["packages/core/src/a.ts", "const make = (randomBytes: (count: number) => Uint8Array) => randomBytes(24);"],
    [SERVER, "const n = given ?? 0; const name = given || 'none'; const both = a || b;"],
    [SERVER, "setTimeout(wake, 50);"],
    ["packages/cli/src/io.ts", "const io = { env: process.env };"],
    ["packages/server/src/kernel/clock.ts", "Date.now(); performance.now();"],
    ["packages/server/src/kernel/random.ts", "import { randomBytes } from 'node:crypto'; randomBytes(8);"],
    [TEST, "const deadline = performance.now() + 1000; const at = new Date();"],
    [TEST, "test.each([1])('a %i', () => {}); test('a', { timeout: 9 }, () => {});"],
    [
      TEST,
      "await new Promise((resolve, reject) => { setTimeout(() => reject(late), 9); server.once('close', resolve); });",
    ],
    ["packages/testkit/src/until.ts", "await new Promise((resolve) => setTimeout(resolve, 5));"],
  ])("in %s: %s", (path, text) => {
    expect(reasons(path, text)).toEqual([]);
  });
});
