/** 100 000 keys of an older system are imported while the service is in use (A7): wrong lines are told one by one, and each key goes on working. */
import { hash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueKey, succeeded } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claviger } from "../../packages/cli/src/testing.ts";
import { openStage, type Page, type Stage } from "../support/client.ts";

const COUNT = 100_000;
/** Every so many lines one is wrong. */
const WRONG = 10_000;
const BATCH = 1_000;

let stage: Stage;
let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "claviger-import-"));
  stage = await openStage();
});
afterAll(async () => {
  await stage.app.stop();
  await rm(dir, { recursive: true });
});

const keys: readonly string[] = Array.from({ length: COUNT }, () => `sk_old_${randomBytes(15).toString("hex")}`);
const isWrong = (index: number): boolean => index % WRONG === WRONG - 1;

async function writeLines(path: string): Promise<void> {
  const file = createWriteStream(path);
  for (const [index, key] of keys.entries()) {
    const secret = index % 2 === 0 ? { key } : { sha256: hash("sha256", key, "base64url") };
    const scopes = isWrong(index) ? ["nobody:knows"] : ["contacts:read"];
    if (!file.write(`${JSON.stringify({ label: `old ${index}`, scopes, ...secret })}\n`)) await once(file, "drain");
  }
  file.end();
  await once(file, "close");
}

const verify = async (checks: readonly string[]): Promise<readonly boolean[]> => {
  const body = { checks: checks.map((key) => ({ key, environment: "live" })) };
  const answer = await stage.root.post<{ results: readonly { readonly valid: boolean }[] }>("/v1/verify/batch", body);
  return succeeded(answer).body.results.map(({ valid }) => valid);
};

test("all but the wrong ones work, those are told with their lines, and nobody else is kept waiting or refused", async (context) => {
  const path = join(dir, "keys.ndjson");
  await writeLines(path);
  const other = await issueKey(stage.root, stage.account.id);
  let [over, calls] = [false, 0];
  const beside = (async () => {
    while (!over) {
      expect(await verify([other.secret])).toEqual([true]);
      calls += 1;
    }
  })();
  const env = { CLAVIGER_URL: stage.app.url, CLAVIGER_MANAGEMENT_KEY: stage.app.managementKey };
  const where = ["--account", stage.account.id, "--environment", "live"];
  const done = await claviger(["imports", "import", path, "--name", "many", ...where, "--json"], env);
  over = true;
  await beside;
  const wrong = keys.filter((_, index) => isWrong(index));
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ imported: COUNT - wrong.length, failed: wrong.length });
  const { body } = await stage.root.get<Page<{ readonly line: number }>>("/v1/imports/ext:many/errors?limit=200");
  expect(body.data.map(({ line }) => line).toSorted((a, b) => a - b)).toEqual(
    keys.flatMap((_, index) => (isWrong(index) ? [index + 1] : [])),
  );
  for (let from = 0; from < COUNT; from += BATCH) {
    const batch = keys.slice(from, from + BATCH);
    expect(await verify(batch)).toEqual(batch.map((_, place) => !isWrong(from + place)));
  }
  await context.annotate(`${calls} verifications beside it`);
}, 900_000);
