import { spawnSync } from "node:child_process";
import { type Service, startService } from "@claviger/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Contacts,
  installExample,
  keepsOthersOut,
  type Running,
  setUpContacts,
  startProgram,
} from "../../tests/support/example.ts";

const NEXT = "../node_modules/next/dist/bin/next";

let service: Service;
let contacts: Contacts;
let api: Running;

beforeAll(async () => {
  const folder = installExample("next-app");
  const { PATH = "", HOME = "" } = process.env;
  const env: NodeJS.ProcessEnv = { PATH, HOME, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  // Without any setting of Claviger: building must not ask for one.
  const build = spawnSync(process.execPath, [NEXT, "build"], { cwd: folder, encoding: "utf8", env });
  expect(build.status, `${build.stdout}${build.stderr}`).toBe(0);
  service = await startService({ database: "shared" });
  contacts = setUpContacts(service);
  api = await startProgram("next-app", [NEXT, "start", "-H", "127.0.0.1"], {
    ...{ CLAVIGER_URL: service.url, CLAVIGER_CREDENTIAL: contacts.credential, NEXT_TELEMETRY_DISABLED: "1" },
  });
}, 300_000);
afterAll(async () => {
  api?.stop();
  await service?.stop();
});

test("a route handler is handed the key, and then what Next.js hands on", async () => {
  const answer = await fetch(`${api.url}/contacts/7`, { headers: { "x-api-key": contacts.caller.key } });
  expect(await answer.json()).toMatchObject({ account: expect.stringMatching(/^acct_/), id: "7" });
  expect(answer.headers.get("claviger-key-expires")).toMatch(/^\d{4}-/);
});

test("the example for Next.js lets in who may, and refuses a revoked key from the next request on", async () => {
  await keepsOthersOut(api, service, contacts);
});
