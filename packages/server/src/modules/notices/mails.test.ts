/** Mails to people (I2): whom an event concerns, many in one, tried again until the server took them, and then not any more. */
import {
  fillExpiring,
  filledPeople,
  type MailSink,
  mailSink,
  type NoticeStage,
  openNoticeStage,
  type ReceivedMail,
} from "@claviger/testkit";
import { sql } from "kysely";
import { expect, onTestFinished, test } from "vitest";
import { PLATFORM } from "../../db/index.ts";
import { createSmtp } from "../../kernel/outgoing/index.ts";
import { composeMail } from "./compose-mail.ts";
import type { Notices } from "./index.ts";
import type { Letter } from "./queries/letters.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const PEOPLE = filledPeople(1);
const keyOf = (number: number, account = 1) =>
  `key_fill${String(account).padStart(6, "0")}n${String(number).padStart(6, "0")}`;

async function openPost(gatherMs = 0): Promise<{ stage: NoticeStage; sink: MailSink; node: Notices }> {
  const sink = await mailSink();
  const settings = { host: "127.0.0.1", port: sink.port, secure: false, mayBePlain: true, user: null, password: null };
  const sender = createSmtp({ ...settings, from: "keys@claviger.example" });
  const stage = await openNoticeStage({ mail: { sender, gatherMs } });
  const node = stage.node();
  onTestFinished(async () => {
    await node.stop();
    sender.close();
    await Promise.all([stage.drop(), sink.close()]);
  });
  const now = stage.clock.wall();
  await fillExpiring(stage.home, {
    accounts: 2,
    keysPerAccount: 200,
    from: now + 300 * DAY,
    spreadMs: 0,
    issuedAt: now - DAY,
  });
  return { stage, sink, node };
}

const event = (type: string, payload: object, account = PEOPLE.account) => ({ type, account, payload });
const revoked = (number: number, account?: number) =>
  event("key.revoked", { key: keyOf(number, account), reason: "leaked" }, filledPeople(account ?? 1).account);
const to = (mails: readonly ReceivedMail[]): string[] =>
  mails.map((mail) => mail.to.replace(/^.*<|>$/g, "")).toSorted();
const ask = <T>(stage: NoticeStage, query: string): Promise<T[]> =>
  stage.home.database.transaction(PLATFORM, async (tx) => {
    await sql`SELECT set_config('claviger.change_seq', '0', true)`.execute(tx);
    return (await sql.raw<T>(query).execute(tx)).rows;
  });

async function tell(stage: NoticeStage, node: Notices, ...events: readonly ReturnType<typeof event>[]): Promise<void> {
  await stage.announce(...events);
  await node.dispatch();
  await node.sendMails();
}

test("the end of a key is told to who made and who owns it, and to nobody of another account; a budget to the admins", async () => {
  const { stage, sink, node } = await openPost();
  await tell(stage, node, revoked(0));
  expect(to(sink.received)).toEqual(["m1@example.com", "o1@example.com"]);
  expect(sink.received[0]?.text).toContain(
    `- filled 1 0 (live, clv_live_…0000, ${keyOf(0)}), 2026-06-01 12:00 UTC: The key ${keyOf(0)} was revoked for good: leaked.`,
  );
  await ask(stage, `UPDATE member SET status = 'deactivated' WHERE id IN ('${PEOPLE.maker}', '${PEOPLE.owner}')`);
  await tell(stage, node, event("key.suspended", { key: keyOf(1), reason: "a question" }));
  expect(to(sink.received.slice(2))).toEqual(["a1@example.com"]);
  const budget = {
    account: PEOPLE.account,
    key: null,
    measure: "cost",
    period: "2026-06",
    percent: 80,
    amount: 10,
    spent: 8,
  };
  await tell(
    stage,
    node,
    event("budget.crossed", budget),
    event("key.created", { key: keyOf(1), environment: "live" }),
  );
  expect(to(sink.received.slice(3))).toEqual(["a1@example.com"]);
  // What waits for the account is told to those who may decide, what waits for the platform to nobody here.
  const asked = { approval: "apr_1", key: keyOf(2), kind: "update" };
  await tell(stage, node, event("approval.requested", { ...asked, approver: "staff" }));
  expect(sink.received).toHaveLength(4);
  await tell(stage, node, event("approval.requested", { ...asked, approver: "account" }));
  expect(to(sink.received.slice(4))).toEqual(["a1@example.com"]);
  // Names a key of another account: nobody there is told of it.
  await tell(stage, node, event("key.revoked", { key: keyOf(0, 2), reason: "leaked" }));
  expect(to(sink.received.slice(5))).toEqual(["a1@example.com"]);
});

test("what happens within a minute is one mail, a hundred lines long at most, over several nodes", async () => {
  const { stage, sink, node } = await openPost(60_000);
  const other = stage.node();
  onTestFinished(() => other.stop());
  for (let part = 0; part < 4; part += 1) {
    await stage.announce(...Array.from({ length: 50 }, (_, n) => revoked(part * 50 + n)), revoked(part, 2));
    await Promise.all([node.dispatch(), other.dispatch()]);
    stage.clock.advance(20_000);
    await Promise.all([node.sendMails(), other.sendMails()]);
    expect(sink.received).toEqual([]);
  }
  stage.clock.advance(60_000);
  await Promise.all([node.sendMails(), other.sendMails()]);
  expect(to(sink.received)).toEqual(["m1@example.com", "m2@example.com", "o1@example.com", "o2@example.com"]);
  const long = sink.received.find((mail) => mail.to.includes("m1@"));
  expect(long?.subject).toBe("200 notices about keys of Account 1");
  expect(long?.text.match(/^- filled/gm)).toHaveLength(100);
  expect(long?.text).toContain("- and 100 more");
});

test("what goes on without a pause is told after ten minutes", async () => {
  const { stage, sink, node } = await openPost(60_000);
  for (let minute = 0; minute < 22 && sink.received.length === 0; minute += 1) {
    await tell(stage, node, revoked(minute));
    stage.clock.advance(30_000);
  }
  expect(stage.clock.wall() - Date.UTC(2026, 5, 1, 12)).toBe(630_000);
});

test("a server that is away for a day loses nothing, and takes each once; an address that it refuses is given up", async () => {
  const { stage, sink, node } = await openPost();
  sink.react(() => 451);
  await tell(stage, node, revoked(0));
  await tell(stage, node, revoked(0, 2));
  for (let hour = 0; hour < 24; hour += 1) {
    stage.clock.advance(HOUR);
    await node.sendMails();
  }
  sink.react(
    () => "take",
    (address) => (address === "o1@example.com" ? 550 : null),
  );
  const before = sink.received.length;
  for (let hour = 0; hour < 6; hour += 1) {
    stage.clock.advance(HOUR);
    await node.sendMails();
  }
  expect(to(sink.received.slice(before))).toEqual(["m1@example.com", "m2@example.com", "o2@example.com"]);
  const taken = sink.received.slice(before);
  for (const { id, to: reader } of taken)
    expect(
      sink.received
        .slice(0, before)
        .filter((mail) => mail.to === reader)
        .every((mail) => mail.id === id),
    ).toBe(true);
  expect(await ask(stage, "SELECT state, count(*)::int FROM mail GROUP BY 1 ORDER BY 1")).toEqual([
    { state: "failed", count: 1 },
    { state: "sent", count: 3 },
  ]);
});

test("a node that dies while it sends: another sends again after its claim, under the same id", async () => {
  const { stage, sink, node } = await openPost();
  sink.react(() => "hang");
  await stage.announce(revoked(0));
  await node.dispatch();
  const dying = stage.node();
  const left = dying.sendMails();
  await expect.poll(() => sink.received.length).toBe(2);
  sink.react(() => "take");
  await node.sendMails();
  expect(sink.received).toHaveLength(2);
  stage.clock.advance(45_001);
  await node.sendMails();
  expect(sink.received).toHaveLength(4);
  expect(new Set(sink.received.map(({ id }) => id)).size).toBe(2);
  await dying.stop();
  await left;
}, 30_000);

const LETTER: Letter = {
  ...{ email: "a@b.example", name: "Ada", accountName: 'A & B <script>alert("x")</script>\r\nBcc: x@example.com' },
  ...{ expiring: [], expiringCount: 0, events: [], eventCount: 0 },
};

test("nothing that people have written becomes markup, or a line of its own", () => {
  const now = new Date(Date.UTC(2026, 5, 1));
  const key = { id: "key_1", label: "<b>x</b>\n- forged", preview: "clv_live_…0000", environment: "live" };
  const letter = { ...LETTER, expiring: [{ ...key, expiresAt: new Date(now.getTime() + DAY) }], expiringCount: 1 };
  const mail = composeMail(letter, now);
  expect(mail?.html).not.toMatch(/<(b|script)>/);
  expect(mail?.html).toContain("&lt;b&gt;x&lt;/b&gt; - forged");
  expect(mail?.text).not.toMatch(/^- forged/m);
  expect(mail?.subject).not.toMatch(/[\r\n]/);
  expect(mail?.subject).toContain("ends in a day");
  expect(composeMail(LETTER, now)).toBeNull();
});
