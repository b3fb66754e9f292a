/** Webhooks are in a backup with what opens their secrets, and what waited at its moment is sent by the installation made of it (J10). */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  externalSettings,
  openNoticeStage,
  testDatabase,
  type WebhookReceiver,
  webhookReceiver,
} from "@claviger/testkit";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test, vi } from "vitest";
import { createBackup } from "./create-backup.ts";
import { restoreBackup } from "./restore-backup.ts";

const SECRET = { key: Buffer.alloc(32, 3).toString("base64"), passphrase: null };
const event = (key: string) => ({ type: "key.updated", account: null, payload: { key, fields: [] } });
const keysIn = ({ received }: WebhookReceiver) => received.map(({ body }) => JSON.parse(body).data.key as string);

test("what was delivered is not sent again, what waited or was not dispatched yet is, signed as before", async () => {
  const dir = await mkdtemp(join(tmpdir(), "claviger-notices-"));
  const [stage, target, receiver] = [await openNoticeStage(), await testDatabase(), await webhookReceiver()];
  onTestFinished(async () => {
    await Promise.all([stage.drop(), target.drop(), receiver.close()]);
    await rm(dir, { recursive: true, force: true });
  });
  const secret = await stage.hook("one", `${receiver.url}?token=x`);
  await stage.hook("off", receiver.url, { enabled: false });
  const node = stage.node();
  for (const [key, answer] of [
    ["key_delivered", 204],
    ["key_waiting", 500],
  ] as const) {
    receiver.react(() => answer);
    await stage.announce(event(key));
    await node.dispatch();
    await node.deliver();
    await node.idle();
  }
  await stage.announce(event("key_undispatched"));
  await node.stop();
  const operating = (database: typeof target, name: string) => ({
    environment: { ...externalSettings(database), CLAVIGER_DATA_DIR: join(dir, name) },
    ...{ workingDirectory: dir, operator: "tester" },
  });
  const to = join(dir, "backup");
  await createBackup({ ...operating(stage.home, "from"), to, secret: SECRET, keyring: "with", resume: false });
  await restoreBackup({ ...operating(target, "to"), from: to, keyringFrom: null, secret: SECRET, resume: false });

  receiver.react(() => 204);
  const before = receiver.received.length;
  const restored = await openNoticeStage({}, target);
  restored.clock.advance(60_000);
  const other = restored.node();
  onTestFinished(() => other.stop());
  // Beside what acts have announced, the restore itself is none.
  await other.dispatch();
  await other.deliver();
  await other.idle();
  await other.deliver();
  await other.idle();
  expect(keysIn(receiver).slice(before).toSorted()).toEqual(["key_undispatched", "key_waiting"]);
  expect(keysIn(receiver).filter((key) => key === "key_delivered")).toHaveLength(1);
  vi.useFakeTimers({ now: restored.clock.wall(), toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  for (const { body, headers, path } of receiver.received.slice(before)) {
    expect(path).toBe("/hooks?token=x");
    new Webhook(secret).verify(body, headers as Record<string, string>);
  }
  const first = receiver.received.find(({ body }) => body.includes("key_waiting"));
  const again = receiver.received.findLast(({ body }) => body.includes("key_waiting"));
  expect(again?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
});
