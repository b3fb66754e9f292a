/** Processes that spend until they are killed, and what all of them were let through. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { fullestWindow, limitsOf, type Spent } from "../../../server/src/modules/limits/testing.ts";
import type { TestDatabase } from "../database.ts";
import type { SeededRandom } from "../random.ts";
import { waitFor } from "../wait.ts";
import type { SpenderSettings } from "./spender-process.ts";

const ENTRY = fileURLToPath(new URL("./spender-process.ts", import.meta.url));
const TERM_MS = 300;
const FEW = 5;

export interface CrashOptions {
  readonly database: TestDatabase;
  /** Null: windows are divided in PostgreSQL. */
  readonly redisUrl: string | null;
  readonly kills: number;
  /** Something else that fails after each kill. */
  also(): Promise<void>;
}

/** Lets two processes spend, and kills one of them again and again; fails where more was let through than the amount. */
export async function spendAndCrash(random: SeededRandom, options: CrashOptions): Promise<void> {
  const { database, redisUrl, kills, also } = options;
  const limits = [
    limitsOf({ name: "second", amount: 100, per: "second" }),
    limitsOf({ name: "few", amount: 3, per: "second" }),
    limitsOf({ name: "minute", amount: 900, per: "minute" }),
    limitsOf({ name: "hour", amount: 700, per: "hour" }),
    limitsOf({ name: "credits", amount: 400, per: "lifetime" }),
  ];
  const settings: SpenderSettings = {
    ...{ connection: database.node, roles: database.roles, termMs: TERM_MS, limits, redisUrl },
  };
  const log: Spent[][] = limits.map(() => []);
  const begin = (): ChildProcess => beginSpender(settings, log);
  const children = [begin(), begin()];
  const accepted = (): number => log[0]?.length ?? 0;
  try {
    for (let round = 0; round < kills; round += 1) {
      const goal = accepted() + 20 + random.int(130);
      await waitFor(() => accepted() >= goal, { timeoutMs: 40_000, what: "requests to be accepted again" });
      const index = random.int(children.length);
      await kill(children[index]);
      await also();
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
  // Where Redis loses what it has, nobody is given anything of longer windows for a while.
  for (const each of redisUrl === null ? log : [second, few, credits]) expect(each.length).toBeGreaterThan(FEW);
}

function beginSpender(settings: SpenderSettings, log: readonly Spent[][]): ChildProcess {
  const child = spawn(process.execPath, [ENTRY], {
    env: { ...process.env, SPENDER: JSON.stringify(settings) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [index, at] = line.split(" ").map(Number);
    log[index ?? -1]?.push({ at: at ?? Number.NaN, units: 1 });
  });
  return child;
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null) return;
  const gone = once(child, "close");
  child.kill("SIGKILL");
  await gone;
}
