/** A replacement of the master key, and nodes of a newer version that start while it is under way. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { api, externalSettings, startApp, tamper, testDatabase, waitFor } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { rotateMasterKey } from "./rotate-master-key.ts";

const NEXT = Buffer.alloc(32, "the master key that is to come");
const HOOK = { url: "https://hooks.invalid/", events: ["webhook.disabled"] };

test("nodes that first start while it is under way lack a key that is new to the keyring, and have it once it is over", async () => {
  const dir = await mkdtemp(join(tmpdir(), "claviger-master-key-"));
  const database = await testDatabase();
  onTestFinished(async () => {
    await database.drop();
    await rm(dir, { recursive: true, force: true });
  });
  const replace = (step: "begin" | "finish" | "abandon", more: Readonly<Record<string, string>> = {}) =>
    rotateMasterKey({
      environment: { ...externalSettings(database), CLAVIGER_DATA_DIR: dir, ...more },
      ...{
        workingDirectory: dir,
        operator: "tester",
        step,
        newMasterKey: step === "begin" ? NEXT.toString("base64") : null,
      },
    });
  const start = async (house: Parameters<typeof startApp>[0] = {}) => {
    const app = await startApp({ ...house, database });
    onTestFinished(() => app.stop());
    return app;
  };
  const first = await startApp({ database });
  const credential = first.managementKey;
  await first.stop();
  await replace("begin");
  // As the version before left it, which has no such key.
  await tamper(database.owner, "keyring", "DELETE FROM keyring WHERE purpose = 'seal'");
  const old = await startApp({ database });
  const fresh = await start({ house: { masterKey: NEXT } });
  for (const { url } of [old, fresh]) {
    const root = api(url, credential);
    expect(await root.get("/v1/webhooks")).toMatchObject({ status: 200 });
    expect(await root.put("/v1/webhooks/one", HOOK)).toMatchObject({ status: 503, body: { code: "UNAVAILABLE" } });
  }
  await old.stop();
  await replace("finish", { CLAVIGER_MASTER_KEY: NEXT.toString("base64") });
  await waitFor(async () => (await api(fresh.url, credential).put("/v1/webhooks/one", HOOK)).status === 201);
  const later = await start({ house: { masterKey: NEXT } });
  expect(await api(later.url, credential).post("/v1/webhooks/one/rotate-secret", {})).toMatchObject({ status: 200 });
  await expect(startApp({ database })).rejects.toMatchObject({ code: "MASTER_KEY_WRONG" });
});
