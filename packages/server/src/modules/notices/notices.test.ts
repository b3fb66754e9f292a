/** Deliveries: each event once to each who wants it, tried until it is accepted, and no receiver holds up another. */
import { type NoticeStage, openNoticeStage, type WebhookReceiver, waitFor, webhookReceiver } from "@claviger/testkit";
import { sql } from "kysely";
import { Webhook } from "standardwebhooks";
import { expect, onTestFinished, test, vi } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import type { Notices } from "./index.ts";
import { GIVE_UP_MS } from "./next-attempt.ts";

const HOUR = 3_600_000;

async function stageOf(...outside: Parameters<typeof openNoticeStage>): Promise<NoticeStage> {
  const stage = await openNoticeStage(...outside);
  onTestFinished(() => stage.drop());
  return stage;
}

async function receiverOf(): Promise<WebhookReceiver> {
  const receiver = await webhookReceiver();
  onTestFinished(() => receiver.close());
  return receiver;
}

function nodeOf(stage: NoticeStage, change?: Parameters<NoticeStage["node"]>[0]): Notices {
  const node = stage.node(change);
  onTestFinished(() => node.stop());
  return node;
}

const event = (number: number, account: string | null = null) => ({
  ...{ type: "key.updated", account, payload: { key: `key_${number}`, fields: [] } },
});

/** Sends what is due until nothing is. */
async function deliver(node: Notices): Promise<void> {
  await node.deliver();
  await node.idle();
}

function rows<T>(stage: NoticeStage, query: string): Promise<T[]> {
  return stage.home.database.transaction(PLATFORM, async (tx) => (await sql.raw<T>(query).execute(tx)).rows);
}

const states = (stage: NoticeStage) =>
  rows<{ webhook: string; state: string; count: number }>(
    stage,
    "SELECT webhook_id AS webhook, state, count(*)::int AS count FROM delivery GROUP BY 1, 2 ORDER BY 1, 2",
  );

test("several nodes dispatch and deliver at once: each event comes once to each webhook, signed, with its id", async () => {
  const stage = await stageOf();
  const [first, second] = [await receiverOf(), await receiverOf()];
  const secret = await stage.hook("first", first.url);
  await stage.hook("second", second.url, { events: ["key.revoked"] });
  const events = Array.from({ length: 700 }, (_, n) => event(n));
  await stage.announce(...events);
  const nodes = [nodeOf(stage), nodeOf(stage), nodeOf(stage)];
  const counts = await Promise.all(nodes.map((node) => node.dispatch()));
  expect(counts.reduce((sum: number, count) => sum + Number(count), 0)).toBe(700);
  await waitFor(
    async () => {
      await Promise.all(nodes.map(deliver));
      return (await states(stage)).every(({ state }) => state === "delivered");
    },
    { timeoutMs: 30_000 },
  );
  expect(await states(stage)).toEqual([{ webhook: "first", state: "delivered", count: 700 }]);
  expect(first.received).toHaveLength(700);
  expect(second.received).toEqual([]);
  vi.useFakeTimers({ now: stage.clock.wall(), toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
  const bodies = first.received.map(({ body, headers }) => {
    const told = new Webhook(secret).verify(body, headers as Record<string, string>) as { id: string; data: unknown };
    expect(told.id).toBe(headers["webhook-id"]);
    return told;
  });
  expect(new Set(bodies.map(({ id }) => id)).size).toBe(700);
  expect(bodies[0]).toMatchObject({ type: "key.updated", account: null, timestamp: "2026-06-01T12:00:00.000Z" });
});

test("an account's webhook is told of that account alone, and of nothing that was before it", async () => {
  const stage = await stageOf();
  const [own, platform] = [await receiverOf(), await receiverOf()];
  const [account, other] = [await stage.newAccount(), await stage.newAccount()];
  const node = nodeOf(stage);
  await stage.announce(event(0, account));
  await node.dispatch();
  await stage.hook("own", own.url, { account });
  await stage.hook("platform", platform.url);
  await stage.announce(event(1, account), event(2, other), event(3));
  await node.dispatch();
  await deliver(node);
  const told = ({ received }: WebhookReceiver) => received.map(({ body }) => JSON.parse(body).data.key).sort();
  expect(told(own)).toEqual(["key_1"]);
  expect(told(platform)).toEqual(["key_1", "key_2", "key_3"]);
});

test("never accepted: tried for two days under one id with new times, then failed, and the webhook is disabled and says so", async () => {
  const stage = await stageOf();
  const [broken, watcher] = [await receiverOf(), await receiverOf()];
  broken.react(() => 500);
  await stage.hook("broken", broken.url, { events: ["key.updated"] });
  await stage.hook("watcher", watcher.url, { events: ["webhook.disabled"] });
  const node = nodeOf(stage);
  await stage.announce(event(1));
  const began = stage.clock.wall();
  await node.dispatch();
  for (let quarter = 0; quarter <= 4 * 49; quarter += 1) {
    await deliver(node);
    stage.clock.advance(HOUR / 4);
  }
  const [delivery] = await rows<{ state: string; attempts: { at: string; status: number }[] }>(
    stage,
    "SELECT state, attempts FROM delivery WHERE webhook_id = 'broken'",
  );
  expect(delivery?.state).toBe("failed");
  const times = (delivery?.attempts ?? []).map(({ at }) => Date.parse(at) - began);
  expect(times[0]).toBe(0);
  expect(times.at(-1)).toBe(GIVE_UP_MS);
  expect(delivery?.attempts.every(({ status }) => status === 500)).toBe(true);
  expect(broken.received).toHaveLength(times.length);
  expect(new Set(broken.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  const stamps = broken.received.map(({ headers }) => Number(headers["webhook-timestamp"]) * 1_000 - began);
  expect(stamps).toEqual(times);
  expect(new Set(broken.received.map(({ headers }) => headers["webhook-signature"])).size).toBe(times.length);
  expect(await rows(stage, "SELECT status, disabled_reason FROM webhook WHERE id = 'broken'")).toEqual([
    { status: "disabled", disabled_reason: "failing" },
  ]);
  const audits = await rows(stage, "SELECT action, actor_id FROM audit_event WHERE target_id = 'broken' ORDER BY seq");
  expect(audits.at(-1)).toEqual({ action: "webhook.disabled", actor_id: "webhooks" });
  await node.dispatch();
  await deliver(node);
  expect(watcher.received.map(({ body }) => JSON.parse(body).data)).toEqual([{ webhook: "broken", reason: "failing" }]);
  // Put again, it begins anew, and what happened meanwhile can be asked for.
  broken.react(() => 204);
  await stage.hook("broken", broken.url, { events: ["key.updated"] });
  await stage.announce(event(2));
  await node.dispatch();
  await deliver(node);
  expect(JSON.parse(broken.received.at(-1)?.body ?? "").data.key).toBe("key_2");
});

test("what failed long ago and was never followed by anything ends no webhook at the next failure, and loses nothing", async () => {
  const stage = await stageOf();
  const receiver = await receiverOf();
  receiver.react(() => 500);
  await stage.hook("rare", receiver.url);
  const node = nodeOf(stage);
  await stage.announce(event(1));
  await node.dispatch();
  await deliver(node);
  // Deleted by hand, or lost with an earlier state of the database.
  await rows(stage, "DELETE FROM delivery");
  stage.clock.advance(60 * 24 * HOUR);
  await stage.announce(event(2));
  await node.dispatch();
  await deliver(node);
  expect(await states(stage)).toEqual([{ webhook: "rare", state: "waiting", count: 1 }]);
  receiver.react(() => 204);
  stage.clock.advance(HOUR);
  await deliver(node);
  expect(await states(stage)).toEqual([{ webhook: "rare", state: "delivered", count: 1 }]);
});

test("all nodes away for longer than two days: what waited is tried as often as after a failure, and comes", async () => {
  const stage = await stageOf();
  const receiver = await receiverOf();
  receiver.react(() => 503);
  await stage.hook("one", receiver.url);
  const node = nodeOf(stage);
  await stage.announce(event(1));
  await node.dispatch();
  await deliver(node);
  stage.clock.advance(2 * GIVE_UP_MS);
  // Its first hour after the nodes are back is as bad as the one before.
  for (let minute = 0; minute < 30; minute += 1) {
    await deliver(node);
    stage.clock.advance(60_000);
  }
  expect(await states(stage)).toEqual([{ webhook: "one", state: "waiting", count: 1 }]);
  receiver.react(() => 204);
  stage.clock.advance(3 * HOUR);
  await deliver(node);
  expect(await states(stage)).toEqual([{ webhook: "one", state: "delivered", count: 1 }]);
});

test("a single event that is never accepted disables the webhook, though its first failure was noted late", async () => {
  const stage = await stageOf();
  const receiver = await receiverOf();
  receiver.react(() => 500);
  await stage.hook("one", receiver.url);
  const node = nodeOf(stage);
  await stage.announce(event(1));
  await node.dispatch();
  stage.clock.advance(40_000);
  for (let hour = 0; hour <= 50; hour += 1) {
    await deliver(node);
    stage.clock.advance(HOUR);
  }
  expect(await states(stage)).toEqual([{ webhook: "one", state: "failed", count: 1 }]);
  expect(await rows(stage, "SELECT status FROM webhook")).toEqual([{ status: "disabled" }]);
});

test("410 ends it at once; what waited has failed, and nothing is posted any more", async () => {
  const stage = await stageOf();
  const receiver = await receiverOf();
  receiver.react(() => 410);
  await stage.hook("gone", receiver.url);
  const node = nodeOf(stage);
  await stage.announce(...Array.from({ length: 20 }, (_, n) => event(n)));
  await node.dispatch();
  await deliver(node);
  expect(receiver.received.length).toBeLessThanOrEqual(5);
  expect(await states(stage)).toEqual([{ webhook: "gone", state: "failed", count: 20 }]);
  expect(await rows(stage, "SELECT status, disabled_reason AS reason FROM webhook")).toEqual([
    { status: "disabled", reason: "gone" },
  ]);
  await stage.announce(event(99));
  await node.dispatch();
  await deliver(node);
  expect(receiver.received.length).toBeLessThanOrEqual(5);
});

test("a node that dies in the middle: another sends what it had claimed, and what was recorded is never sent again", async () => {
  const stage = await stageOf();
  const receiver = await receiverOf();
  let hangs = true;
  receiver.react(({ body }) => (hangs && /key_[0-3]"/.test(body) ? "hang" : 204));
  await stage.hook("one", receiver.url);
  await stage.announce(...Array.from({ length: 40 }, (_, n) => event(n)));
  const dying = stage.node();
  await dying.dispatch();
  await dying.deliver();
  await waitFor(() => receiver.received.length >= 4);
  // From here on it does nothing, as if it were gone.
  const other = nodeOf(stage);
  await waitFor(async () => {
    await deliver(other);
    return (await states(stage)).find(({ state }) => state === "delivered")?.count === 36;
  });
  hangs = false;
  await deliver(other);
  expect((await states(stage)).find(({ state }) => state === "waiting")?.count).toBe(4);
  stage.clock.advance(30_001);
  await deliver(other);
  expect(await states(stage)).toEqual([{ webhook: "one", state: "delivered", count: 40 }]);
  const times = new Map<string, number>();
  for (const { body } of receiver.received) {
    const { key } = JSON.parse(body).data as { key: string };
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  expect(
    [...times]
      .filter(([, count]) => count > 1)
      .map(([key]) => key)
      .sort(),
  ).toEqual(["key_0", "key_1", "key_2", "key_3"].filter((key) => times.get(key) === 2));
  await dying.stop();
  for (const node of [dying, other]) await node.dispatch();
  await deliver(other);
  expect(await states(stage)).toEqual([{ webhook: "one", state: "delivered", count: 40 }]);
}, 30_000);

test("a receiver that hangs, one that redirects and one that answers 500 hold up nobody else, and lose nothing", async () => {
  const stage = await stageOf({ timeoutMs: 500 });
  const names = ["hanging", "redirecting", "failing", "healthy"] as const;
  const receivers = { hanging: 0, redirecting: 0, failing: 0, healthy: 0 } as unknown as Record<
    string,
    WebhookReceiver
  >;
  for (const name of names) {
    const receiver = await receiverOf();
    receivers[name] = receiver;
    await stage.hook(name, receiver.url, { events: [name === "hanging" ? "key.resumed" : "key.updated"] });
  }
  const { hanging, redirecting, failing, healthy } = receivers as Record<(typeof names)[number], WebhookReceiver>;
  hanging.react(() => "hang");
  redirecting.react(() => ({ status: 302, headers: { location: healthy.url } }));
  failing.react(() => 500);
  const resumed = Array.from({ length: 20 }, (_, n) => ({ ...event(n), type: "key.resumed" }));
  await stage.announce(...resumed, ...Array.from({ length: 80 }, (_, n) => event(n)));
  const node = nodeOf(stage);
  await node.dispatch();
  await node.deliver();
  // The hanging one still holds its first attempts when the healthy one has all.
  await waitFor(() => healthy.received.length === 80, { timeoutMs: 10_000 });
  expect(hanging.received.length).toBeLessThan(20);
  await node.idle();
  const waiting = (await states(stage)).filter(({ state }) => state === "waiting");
  expect(waiting.map(({ webhook, count }) => [webhook, count])).toEqual([
    ["failing", 80],
    ["hanging", 20],
    ["redirecting", 80],
  ]);
  // A day later all of them work again: everything comes, and nothing a second time after it was accepted.
  for (const receiver of [hanging, redirecting, failing]) receiver.react(() => 204);
  const before = new Map([hanging, redirecting, failing].map((receiver) => [receiver, receiver.received.length]));
  await waitFor(
    async () => {
      stage.clock.advance(HOUR);
      await deliver(node);
      return (await states(stage)).every(({ state }) => state === "delivered");
    },
    { timeoutMs: 20_000 },
  );
  for (const [receiver, count] of before) expect(receiver.received.length - count).toBe(receiver === hanging ? 20 : 80);
}, 60_000);

test("while the secret changes over both sign; afterwards the new one alone", async () => {
  const stage = await stageOf();
  const receiver = await receiverOf();
  const old = await stage.hook("one", receiver.url);
  const { rotateSecret } = await import("./rotate-secret.ts");
  const acting = {
    actor: { type: "system", id: "test" },
    source: { via: "system", ip: null, userAgent: null, requestId: null },
  } as const;
  const rotated = await rotateSecret(stage.ports, acting, "one", 24);
  const fresh = rotated.value?.secret?.reveal() ?? "";
  const node = nodeOf(stage);
  const signed = async (): Promise<readonly boolean[]> => {
    await stage.announce(event(1));
    await node.dispatch();
    await deliver(node);
    const { body = "", headers = {} } = receiver.received.at(-1) ?? {};
    vi.useFakeTimers({ now: stage.clock.wall(), toFake: ["Date"] });
    try {
      return [old, fresh].map((secret) => {
        try {
          new Webhook(secret).verify(body, headers as Record<string, string>);
          return true;
        } catch {
          return false;
        }
      });
    } finally {
      vi.useRealTimers();
    }
  };
  expect(await signed()).toEqual([true, true]);
  stage.clock.advance(24 * HOUR);
  expect(await signed()).toEqual([false, true]);
});

test("secrets are stored sealed, and open nowhere but in their own row", async () => {
  const stage = await stageOf();
  const secret = await stage.hook("one", "http://127.0.0.1:9/x?token=canary");
  await stage.hook("two", "http://127.0.0.1:9/services/T0/B0/canary", { format: "slack" });
  const stored = await rows<{ text: string; url: string }>(
    stage,
    "SELECT w::text || encode(secret, 'escape') || encode(sealed_url, 'escape') AS text, url FROM webhook w ORDER BY id",
  );
  expect(stored.map(({ url }) => url)).toEqual(["http://127.0.0.1:9/x?…", "http://127.0.0.1:9/…"]);
  for (const { text } of stored) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain("canary");
  }
  await stage.home.database.transaction(PLATFORM, (tx) =>
    sql`UPDATE webhook SET secret = (SELECT secret FROM webhook WHERE id = 'one') WHERE id = 'two'`.execute(tx),
  );
  const { unseal } = await import("../../db/index.ts");
  const [moved] = await rows<{ secret: Uint8Array }>(stage, "SELECT secret FROM webhook WHERE id = 'two'");
  const open = (place: string) => unseal(stage.ports.keyring, place, moved?.secret ?? new Uint8Array());
  expect(open("webhook:one:secret").reveal()).toBe(secret);
  expect(() => open("webhook:two:secret")).toThrow(/does not open/);
});

test("beside nodes of other versions: what an older one announces is told, and so is a type that only a newer one knows", async () => {
  const stage = await stageOf();
  const [all, some, chat] = [await receiverOf(), await receiverOf(), await receiverOf()];
  await stage.hook("all", all.url);
  await stage.hook("chat", chat.url, { format: "slack" });
  await stage.hook("some", some.url, { events: ["key.updated"] });
  // As a newer version has put it.
  await rows(stage, "UPDATE webhook SET events = '{key.updated,moon.rose}' WHERE id = 'some'");
  const at = new Date(stage.clock.wall()).toISOString();
  // An older version knows nothing of what becomes of its rows.
  await rows(
    stage,
    `INSERT INTO outbox_event (id, type, account_id, payload, created_at) VALUES
      ('out_older', 'key.updated', NULL, '{"key": "key_1", "fields": []}', '${at}'),
      ('out_newer', 'moon.rose', NULL, '{"key": "key_2", "phase": {"full": true}}', '${at}')`,
  );
  const node = nodeOf(stage);
  await node.dispatch();
  await deliver(node);
  for (const { received } of [all, some])
    expect(received.map(({ headers }) => headers["webhook-id"]).toSorted()).toEqual(["out_newer", "out_older"]);
  expect(chat.received.map(({ body }) => JSON.parse(body).text).toSorted()).toEqual([
    "The key key_1 was changed.",
    "moon.rose of the key key_2.",
  ]);
});

test("what is older than it is to be kept is forgotten; what waits, and its event, is not", async () => {
  const stage = await stageOf();
  const receiver = await receiverOf();
  await stage.hook("one", receiver.url);
  const node = nodeOf(stage);
  await stage.announce(event(1));
  await node.dispatch();
  await deliver(node);
  receiver.react(() => 500);
  await stage.announce(event(2));
  await node.dispatch();
  await deliver(node);
  stage.clock.advance(31 * 24 * HOUR);
  await node.forget();
  expect(await states(stage)).toEqual([{ webhook: "one", state: "waiting", count: 1 }]);
  expect(await rows(stage, "SELECT payload ->> 'key' AS key FROM outbox_event")).toEqual([{ key: "key_2" }]);
});
