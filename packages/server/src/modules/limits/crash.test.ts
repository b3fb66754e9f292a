import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { seededRandom, type TestDatabase, testDatabase, waitFor } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fullestWindow, limitsOf, type Spent } from "./testing.ts";
import type { SpenderSettings } from "./testing-child.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

const ENTRY = fileURLToPath(new URL("./testing-child.ts", import.meta.url));
const TERM_MS = 300;
const KILLS = 8;

test("processes that are killed while they spend never let more through, alone or together, in any interval (C6)", async (context) => {
  const random = seededRandom(context);
  const limits = [
    limitsOf({ name: "second", amount: 100, per: "second" }),
    limitsOf({ name: "few", amount: 3, per: "second" }),
    limitsOf({ name: "minute", amount: 900, per: "minute" }),
    limitsOf({ name: "hour", amount: 700, per: "hour" }),
    limitsOf({ name: "credits", amount: 400, per: "lifetime" }),
  ];
  const settings: SpenderSettings = { connection: db.node, roles: db.roles, termMs: TERM_MS, limits };
  const log: Spent[][] = limits.map(() => []);
  const begin = (): ChildProcess => {
    const child = spawn(process.execPath, [ENTRY], {
      env: { ...process.env, SPENDER: JSON.stringify(settings) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [index, at] = line.split(" ").map(Number);
      log[index ?? -1]?.push({ at: at ?? Number.NaN, units: 1 });
    });
    return child;
  };
  const kill = async (child: ChildProcess | undefined): Promise<void> => {
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, "close");
    child.kill("SIGKILL");
    await gone;
  };
  const children = [begin(), begin()];
  const accepted = (): number => log[0]?.length ?? 0;
  try {
    for (let round = 0; round < KILLS; round += 1) {
      const goal = accepted() + 20 + random.int(130);
      await waitFor(() => accepted() >= goal, { timeoutMs: 20_000, what: "requests to be accepted again" });
      const index = random.int(children.length);
      await kill(children[index]);
      children[index] = begin();
    }
  } finally {
    await Promise.all(children.map(kill));
  }
  const [second = [], few = [], minute = [], hour = [], credits = []] = log;
  expect(fullestWindow(second, 1_000)).toBeLessThanOrEqual(100);
  expect(fullestWindow(few, 1_000)).toBeLessThanOrEqual(3);
  expect(fullestWindow(minute, 60_000)).toBeLessThanOrEqual(900);
  expect(hour.length).toBeLessThanOrEqual(700);
  expect(credits.length).toBeLessThanOrEqual(400);
  for (const each of log) expect(each.length).toBeGreaterThan(5);
}, 120_000);
