import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { exampleStage, keepsOthersOut } from "../../tests/support/example-stage.ts";

const NEXT = "../node_modules/next/dist/bin/next";
const QUIET = { NEXT_TELEMETRY_DISABLED: "1" };

const stage = exampleStage("next-app", [NEXT, "start", "-H", "127.0.0.1"], {
  env: QUIET,
  prepare: (folder) => {
    const { PATH = "", HOME = "" } = process.env;
    // Without any setting of Claviger: building must not ask for one.
    const env: NodeJS.ProcessEnv = { PATH, HOME, NODE_ENV: "production", ...QUIET };
    const build = spawnSync(process.execPath, [NEXT, "build"], { cwd: folder, encoding: "utf8", env });
    expect(build.status, `${build.stdout}${build.stderr}`).toBe(0);
  },
});

test("a route handler is handed the key, and then what Next.js hands on", async () => {
  const headers = { "x-api-key": stage.contacts.caller.key };
  const answer = await fetch(`${stage.api.url}/contacts/7`, { headers });
  expect(await answer.json()).toMatchObject({ account: expect.stringMatching(/^acct_/), id: "7" });
  expect(answer.headers.get("claviger-key-expires")).toMatch(/^\d{4}-/);
});

test("the example for Next.js lets in who may, and refuses a revoked key from the next request on", async () => {
  await keepsOthersOut(stage);
});
