import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemRandom } from "../kernel/random.ts";
import { MASTER_KEY_FILE, masterKeyOf } from "./master-key.ts";

async function scratch(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "claviger-master-key-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("a start that is killed while it makes the key leaves none or a whole one: no reader ever sees a part", async () => {
  const seen = new Set<string>();
  for (let round = 0; round < 100; round += 1) {
    const dir = await scratch();
    let made = false;
    const making = masterKeyOf(dir, systemRandom).finally(() => {
      made = true;
    });
    while (!made) seen.add(await readFile(join(dir, MASTER_KEY_FILE), "utf8").catch(() => "none"));
    seen.add(await readFile(join(dir, MASTER_KEY_FILE), "utf8"));
    expect(Buffer.from(await making)).toHaveLength(32);
    expect(await readdir(dir)).toEqual([MASTER_KEY_FILE]);
  }
  expect(seen.size).toBeGreaterThan(100);
  seen.delete("none");
  for (const text of seen) expect(text).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
});

test("is the same at every later start, for its owner alone, and many that look at once agree", async () => {
  const dir = join(await scratch(), "data");
  const keys = await Promise.all(Array.from({ length: 8 }, () => masterKeyOf(dir, systemRandom)));
  const texts = new Set(keys.map((key) => Buffer.from(key).toString("hex")));
  expect(texts.size).toBe(1);
  await chmod(join(dir, MASTER_KEY_FILE), 0o644);
  expect(texts).toContain(Buffer.from(await masterKeyOf(dir, systemRandom)).toString("hex"));
  expect((await stat(join(dir, MASTER_KEY_FILE))).mode & 0o777).toBe(0o600);
});

test("what is in its place and is no key is named and left as it is", async () => {
  const dir = await scratch();
  for (const text of ["", "short\n", "x".repeat(400)]) {
    await writeFile(join(dir, MASTER_KEY_FILE), text);
    await expect(masterKeyOf(dir, systemRandom)).rejects.toMatchObject({
      code: "MASTER_KEY_WRONG",
      message: expect.stringContaining(join(dir, MASTER_KEY_FILE)),
    });
    expect(await readFile(join(dir, MASTER_KEY_FILE), "utf8")).toBe(text);
  }
});
