/** In a caller's own process: a verifier ends the old version by itself, by the time of its node, with nobody doing anything (D4); the client acts on what it has seen. */
import { Claviger, createVerifier } from "@claviger/sdk";
import { issueManagementKey, waitFor } from "@claviger/testkit";
import { expect, onTestFinished, test } from "vitest";
import { eventsOf, moveTo, openRotationStage, rotating } from "../support/rotation-stage.ts";

test("both versions are accepted from memory until the old one's end, and each verdict says which it is about", async () => {
  const stage = await openRotationStage();
  onTestFinished(() => stage.app.stop());
  const { secret: credential } = await issueManagementKey(stage.root, ["verify"]);
  const verifier = await createVerifier({ url: stage.app.url, credential, environment: "live", mode: "local" });
  onTestFinished(() => verifier.close());
  const { secret, fresh, rotated } = await rotating(stage, { overlapHours: 24 }, { expiresInDays: 60 });
  const { oldEndsAt } = rotated.rotation;
  const ask = async (key: string) => verifier.verify(key, { method: "GET", path: "/contacts" });
  expect(await ask(secret)).toMatchObject({ valid: true, version: 1, retiresAt: oldEndsAt, expiresAt: oldEndsAt });
  const newer = await ask(fresh);
  expect(newer).toMatchObject({ valid: true, version: 2, expiresAt: rotated.key.expiresAt });
  expect(newer.valid ? newer.retiresAt : "refused").toBeUndefined();
  await moveTo(stage, Date.parse(oldEndsAt) + 1);
  // The next lease brings the time of the node.
  await waitFor(async () => (await ask(secret)).code === "EXPIRED", { timeoutMs: 15_000 });
  await waitFor(async () => (await ask(fresh)).valid, { timeoutMs: 15_000 });
  // And so it stays, once the service has written down that the rotation is over.
  await waitFor(async () => (await eventsOf(stage.app, rotated.key.id)).at(-1)?.type === "rotation.finished");
  expect((await ask(secret)).code).toBe("EXPIRED");
}, 60_000);

test("the client acts on what it has looked at, and on nothing else", async () => {
  const stage = await openRotationStage();
  onTestFinished(() => stage.app.stop());
  const claviger = new Claviger({ url: stage.app.url, managementKey: stage.app.managementKey });
  const { id } = await rotating(stage);
  const { etag: ifMatch } = await claviger.rotation.show(id);
  await claviger.rotation.extend(id, { hours: 1 }, { ifMatch });
  const acts = [() => claviger.rotation.cancel(id, { ifMatch }), () => claviger.keys.rotate(id, {}, { ifMatch })];
  for (const act of acts) await expect(act()).rejects.toMatchObject({ status: 412, code: "PRECONDITION_FAILED" });
  await expect(claviger.rotation.finish(id, { ifMatch: "2.2.1" })).rejects.toThrow(TypeError);
  const { etag } = await claviger.rotation.show(id);
  expect(await claviger.rotation.cancel(id, { ifMatch: etag })).toMatchObject({ rotation: { phase: "cancelled" } });
}, 60_000);
