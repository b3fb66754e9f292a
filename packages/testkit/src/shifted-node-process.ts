/** A node that serves as a process of its own, which tests kill, with the wall clock at another time. Told what to be in NODE_SETTINGS. */
import { createInterface } from "node:readline";
import { shiftedClock } from "./clock.ts";
import type { TestDatabase } from "./database.ts";
import { startApp } from "./service.ts";

/** What the variable NODE_SETTINGS holds as JSON. */
export interface ShiftedNodeSettings {
  readonly database: Pick<TestDatabase, "node" | "roles">;
  readonly shiftMs: number;
  readonly env: Readonly<Record<string, string>>;
}

const { database, shiftMs, env } = JSON.parse(process.env.NODE_SETTINGS ?? "") as ShiftedNodeSettings;
// It asks for nothing more of a database that is somebody else's.
const app = await startApp({ database: database as TestDatabase, env, house: { clock: shiftedClock(shiftMs) } });

process.stdout.write("{}\n");
createInterface({ input: process.stdin })
  .on("line", () => void process.stdout.write(`${JSON.stringify({ url: app.url })}\n`))
  // The test is gone.
  .on("close", () => process.exit(0));
