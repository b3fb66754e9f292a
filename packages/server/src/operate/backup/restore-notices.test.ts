/** Webhooks are in a backup with what opens their secrets, and what waited at its moment is sent by the installation made of it (J10). */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  externalSettings,
  fillExpiring,
  mailSink,
  openNoticeStage,
  type TestDatabase,
  testDatabase,
  type WebhookReceiver,
  webhookReceiver,
} from "@claviger/testkit";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test, vi } from "vitest";
import { createSmtp } from "../../kernel/outgoing/index.ts";
import { createBackup } from "./create-backup.ts";
import { restoreBackup } from "./restore-backup.ts";

const SECRET = { key: Buffer.alloc(32, 3).toString("base64"), passphrase: null };
const event = (key: string) => ({ type: "key.updated", account: null, payload: { key, fields: [] } });
const keysIn = ({ received }: WebhookReceiver) => received.map(({ body }) => JSON.parse(body).data.key as string);

const DAY = 86_400_000;

/** Makes the one of a backup of the other. */
async function copyOf(source: TestDatabase, target: TestDatabase, dir: string): Promise<void> {
  const operating = (database: TestDatabase, name: string) => ({
    environment: { ...externalSettings(database), CLAVIGER_DATA_DIR: join(dir, name) },
    ...{ workingDirectory: dir, operator: "tester" },
  });
  const to = join(dir, "backup");
  await createBackup({ ...operating(source, "from"), to, secret: SECRET, keyring: "with", resume: false });
  await restoreBackup({ ...operating(target, "to"), from: to, keyringFrom: null, secret: SECRET, resume: false });
}

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
  await copyOf(stage.home, target, dir);

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

test("who was warned of an expiry stays so, and a mail that waited is sent by the installation made of the backup", async () => {
  const dir = await mkdtemp(join(tmpdir(), "claviger-notices-"));
  const [sink, target] = [await mailSink(), await testDatabase()];
  const smtp = { host: "127.0.0.1", port: sink.port, secure: false, mayBePlain: true, user: null, password: null };
  const sender = createSmtp({ ...smtp, from: "keys@claviger.example" });
  const stage = await openNoticeStage({ mail: { sender, gatherMs: 0 } });
  onTestFinished(async () => {
    sender.close();
    await Promise.all([stage.drop(), target.drop(), sink.close()]);
    await rm(dir, { recursive: true, force: true });
  });
  const now = stage.clock.wall();
  await fillExpiring(stage.home, {
    accounts: 1,
    keysPerAccount: 5,
    from: now + 5 * DAY,
    spreadMs: 0,
    issuedAt: now - 60 * DAY,
  });
  const node = stage.node();
  await node.warn();
  sink.react(
    () => "take",
    (address) => (address.startsWith("o") ? 450 : null),
  );
  await node.sendMails();
  expect(sink.received).toHaveLength(2);
  await copyOf(stage.home, target, dir);

  sink.react(() => "take");
  const restored = await openNoticeStage({ mail: { sender, gatherMs: 0 } }, target);
  const other = restored.node();
  restored.clock.advance(2 * 3_600_000);
  for (let look = 0; look < 3; look += 1) {
    await other.warn();
    await other.sendMails();
    restored.clock.advance(2 * 3_600_000);
  }
  expect(sink.received.map(({ to }) => to.slice(0, 6))).toHaveLength(3);
  expect(sink.received[2]?.to).toContain("o1@example.com");
  expect(sink.received[2]?.text.match(/^- filled/gm)).toHaveLength(5);
});
