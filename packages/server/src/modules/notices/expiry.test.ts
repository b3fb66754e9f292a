/** Warnings of expiries (D3): who, on which day, once each, over nodes, restarts and clocks that jump; a hundred keys in one mail. */
import {
  type Fill,
  fillExpiring,
  filledPeople,
  type MailSink,
  mailSink,
  type NoticeStage,
  openNoticeStage,
  type ReceivedMail,
  tamper,
  webhookReceiver,
} from "@claviger/testkit";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { createSmtp } from "../../kernel/outgoing/index.ts";
import { putMember } from "../accounts/index.ts";
import { findExpiring } from "../keys/index.ts";
import type { Notices } from "./index.ts";

const DAY = 86_400_000;
/** The clock of the stage stands at noon of the first of June. */
const BEGIN = Date.UTC(2026, 5, 1, 12);
const FROM = "Keys & more <keys@claviger.example>";

interface Post {
  readonly stage: NoticeStage;
  readonly sink: MailSink;
}

async function openPost(fill: Partial<Fill> = {}): Promise<Post> {
  const sink = await mailSink();
  const settings = { host: "127.0.0.1", port: sink.port, secure: false, mayBePlain: true, user: null, password: null };
  const sender = createSmtp({ ...settings, from: FROM });
  const stage = await openNoticeStage({ mail: { sender, gatherMs: 0 } });
  onTestFinished(async () => {
    sender.close();
    await Promise.all([stage.drop(), sink.close()]);
  });
  const all = {
    accounts: 1,
    keysPerAccount: 1,
    from: BEGIN + 40 * DAY,
    spreadMs: 0,
    issuedAt: BEGIN - 60 * DAY,
    ...fill,
  };
  await fillExpiring(stage.home, all);
  return { stage, sink };
}

/** What a node does meanwhile, all of it. */
async function round(...nodes: readonly Notices[]): Promise<void> {
  for (const work of ["warn", "dispatch", "sendMails"] as const) await Promise.all(nodes.map((node) => node[work]()));
}

async function deliver(node: Notices): Promise<void> {
  await node.deliver();
  await node.idle();
}

function nodeOf(stage: NoticeStage): Notices {
  const node = stage.node();
  onTestFinished(() => node.stop());
  return node;
}

const labelsIn = ({ text }: ReceivedMail): string[] =>
  [...text.matchAll(/^- (filled \d+ \d+) /gm)].map(([, label = ""]) => label);
const addresses = (mails: readonly ReceivedMail[]): string[] =>
  mails.map(({ to }) => /<?([^\s<>]+@[^\s<>]+?)>?$/.exec(to)?.[1] ?? "").toSorted();
const ask = <T>(stage: NoticeStage, query: string): Promise<T[]> =>
  stage.home.database.transaction(PLATFORM, async (tx) => (await sql.raw<T>(query).execute(tx)).rows);

test("at 30, 14, 7, 3 and 1 days the admin, who made and who owns the keys get one mail for a hundred keys, and events name each once", async () => {
  const { stage, sink } = await openPost({ keysPerAccount: 100, spreadMs: 8 * 3_600_000 });
  const receiver = await webhookReceiver();
  onTestFinished(() => receiver.close());
  await stage.hook("all", receiver.url, { events: ["keys.expiring"] });
  const nodes = [nodeOf(stage), nodeOf(stage)];
  const told: (readonly [number, readonly string[]])[] = [];
  for (let day = 0; day <= 41; day += 1) {
    const before = sink.received.length;
    for (let look = 0; look < 3; look += 1) {
      await round(...nodes);
      await Promise.all(nodes.map(async (node) => deliver(node)));
      stage.clock.advance(DAY / 3);
    }
    const mails = sink.received.slice(before);
    if (mails.length > 0) told.push([40 - day, addresses(mails)]);
    for (const mail of mails) expect(new Set(labelsIn(mail)).size).toBe(100);
  }
  const people = ["a1@example.com", "m1@example.com", "o1@example.com"];
  // Its day begins at midnight, and the looks are at noon, in the evening and in the early morning of the day after.
  expect(told.map(([days, to]) => [days, to])).toEqual([31, 15, 8, 4, 2].map((days) => [days, people]));
  const named = receiver.received.flatMap(({ body }) => JSON.parse(body).data.keys as { key: string; day: number }[]);
  expect(named).toHaveLength(500);
  expect(new Set(named.map(({ key, day }) => `${key} ${day}`)).size).toBe(500);
  expect(sink.received[0]).toMatchObject({ subject: "100 keys of Account 1 will end, the first in 30 days" });
  expect(sink.received.at(-1)?.html).toContain(
    "<li>filled 1 0 (live, clv_live_…0000, key_fill000001n000000): ends 2026-07-11 12:00 UTC",
  );
}, 60_000);

test("after weeks without nodes there is one warning, the nearest; a clock that goes back brings none again", async () => {
  const { stage, sink } = await openPost();
  const node = nodeOf(stage);
  await round(node);
  expect(sink.received).toEqual([]);
  stage.clock.advance(35 * DAY);
  await round(node);
  expect(sink.received).toHaveLength(3);
  const days = await ask<{ day: number }>(stage, "SELECT DISTINCT day FROM expiry_warning");
  expect(days).toEqual([{ day: 7 }]);
  for (const step of [-30, -20, 0.5, 29.5, 20]) {
    stage.clock.stepWall(step * DAY);
    await round(nodeOf(stage));
  }
  expect(sink.received).toHaveLength(3);
  stage.clock.stepWall(2 * DAY);
  await round(node);
  expect(sink.received).toHaveLength(6);
});

test("a node whose clock is ahead of the database's warns nobody", async () => {
  const now = Date.now();
  const { stage, sink } = await openPost({ from: now + 40 * DAY, issuedAt: now - DAY });
  stage.clock.stepWall(now + 20 * DAY - stage.clock.wall());
  await round(nodeOf(stage));
  expect(sink.received).toEqual([]);
  expect(await ask(stage, "SELECT FROM expiry_warning")).toEqual([]);
});

test("a key that ends sooner or later than it was told is told anew; what was revoked or renewed meanwhile is not", async () => {
  const { stage, sink } = await openPost({ keysPerAccount: 3, from: BEGIN + 10 * DAY });
  const node = nodeOf(stage);
  const change = (set: string, key: string) =>
    stage.home.database.transaction(PLATFORM, async (tx) => {
      await sql`SELECT set_config('claviger.change_seq', '0', true)`.execute(tx);
      await sql.raw(`UPDATE api_key SET ${set} WHERE label = 'filled 1 ${key}'`).execute(tx);
    });
  await node.warn();
  await change("state = 'revoked'", "0");
  await change(`expires_at = expires_at + interval '90 days'`, "1");
  await node.sendMails();
  expect(sink.received.map(labelsIn)).toEqual([["filled 1 2"], ["filled 1 2"], ["filled 1 2"]]);
  await change(`expires_at = expires_at - interval '8 days'`, "2");
  stage.clock.advance(2 * 3_600_000);
  await round(node);
  expect(sink.received.slice(3).map(labelsIn)).toEqual([["filled 1 2"], ["filled 1 2"], ["filled 1 2"]]);
  // Nothing of a mail is so any more: it is not sent.
  await change(`expires_at = expires_at - interval '1 hour'`, "2");
  stage.clock.advance(2 * 3_600_000);
  await node.warn();
  await change("state = 'revoked'", "2");
  await round(node);
  expect(sink.received).toHaveLength(6);
  expect(await ask(stage, "SELECT state, count(*)::int FROM mail GROUP BY 1 ORDER BY 1")).toEqual([
    { state: "dropped", count: 3 },
    { state: "sent", count: 6 },
  ]);
});

test("who is deactivated, or does not want to be told, is not; the policy of an account says on which days", async () => {
  const { stage, sink } = await openPost({ accounts: 2, from: BEGIN + 20 * DAY });
  const acting = {
    actor: { type: "system", id: "test" },
    source: { via: "system", ip: null, userAgent: null, requestId: null },
  } as const;
  const { account, admin, owner } = filledPeople(1);
  const gone = { email: "a1@example.com", name: "A", role: "admin", status: "deactivated" } as const;
  await putMember(stage.ports as never, acting, account, admin, gone);
  await ask(
    stage,
    `INSERT INTO notice_preference VALUES ('${account}', '${owner}', 'expiry', false, now()), ('${account}', '${filledPeople(1).maker}', 'ended', false, now())`,
  );
  await ask(
    stage,
    `INSERT INTO account_policy (account_id, policy, overrides, updated_at) VALUES ('${filledPeople(2).account}', NULL, '{"warningDays": [20]}', now())`,
  );
  const node = nodeOf(stage);
  stage.clock.advance(-DAY);
  await round(node);
  stage.clock.advance(DAY);
  await round(node);
  // The first account's by the platform's thirty days, the second one's by its own twenty alone.
  const days = await ask(stage, "SELECT DISTINCT account_id, day FROM expiry_warning ORDER BY 1, 2");
  expect(days).toEqual([
    { account_id: account, day: 30 },
    { account_id: filledPeople(2).account, day: 20 },
  ]);
  expect(addresses(sink.received)).toEqual(["a2@example.com", "m1@example.com", "m2@example.com", "o2@example.com"]);
});

test("a page is full though keys that wait for approval lie in it, so that the walk does not end before its end", async () => {
  const { stage } = await openPost({ keysPerAccount: 4, spreadMs: 4 * DAY });
  await tamper(stage.home.owner, "key_version", "DELETE FROM claviger.key_version WHERE key_id LIKE '%n000000'");
  const now = new Date(stage.clock.wall());
  const until = new Date(BEGIN + 60 * DAY);
  const page = await stage.home.database.transaction(PLATFORM, (tx) =>
    findExpiring(tx, { at: now, id: "" }, until, 2, now),
  );
  expect(page.map(({ key }) => key.label)).toEqual(["filled 1 1", "filled 1 2"]);
});
