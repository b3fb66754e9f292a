import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockDirectory } from "./lock.ts";
import { scratch } from "./testing.ts";

/** Another process on its way to the lock: it has reached the first of SQLite's steps, and turns back when told. */
async function passerBy(dir: string): Promise<{ turnBack(): void }> {
  const script = `
    const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(process.argv[1]);
    database.exec("BEGIN; SELECT count(*) FROM sqlite_schema");
    process.stdin.once("data", () => setTimeout(() => database.exec("COMMIT"), 50));
    process.stdout.write("there");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, join(dir, "lock")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  await once(child.stdout, "data");
  return { turnBack: () => child.stdin.write("now") };
}

test("of those that start at the same moment one has the directory: who only passes by is waited for", async () => {
  const dir = await scratch();
  (await lockDirectory(dir)).release();
  const other = await passerBy(dir);
  other.turnBack();
  (await lockDirectory(dir)).release();
});

test("who has the directory is waited for a moment, and then named", async () => {
  const dir = await scratch();
  const first = await lockDirectory(dir);
  await expect(lockDirectory(dir)).rejects.toMatchObject({
    code: "DATA_DIR_IN_USE",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  first.release();
  (await lockDirectory(dir)).release();
});
