/** Keys that end within a week, and nodes that are killed while their people are warned: who is told what, how often, and how long it takes. */
import {
  externalSettings,
  fillExpiring,
  filledPeople,
  mailSink,
  type SeededRandom,
  type Service,
  startService,
  testDatabase,
  waitFor,
} from "@claviger/testkit";
import { expect, onTestFinished } from "vitest";
import { asPlatform } from "./filler.ts";

const DAY = 86_400_000;

export interface Warned {
  readonly seconds: number;
  readonly kills: number;
  readonly mails: number;
  /** Mails that came again because a node was killed between the server's answer and its record. */
  readonly again: number;
}

/** The days of the platform's default policy of which one may be due for a key that ends within a week. */
const DAYS = [7, 3, 1];

/**
 * Fills an installation, starts two nodes, and kills one or the other until everybody was told. Every key is in exactly one mail of the
 * account's admin, of who made it and of who owns it, counted by Message-ID, and in one event for the day that is due.
 */
export async function warnWhileKilled(
  random: SeededRandom,
  {
    accounts,
    keysPerAccount,
    kills,
  }: { readonly accounts: number; readonly keysPerAccount: number; readonly kills: number },
): Promise<Warned> {
  const [database, sink] = [await testDatabase(), await mailSink()];
  onTestFinished(async () => {
    await sink.close();
    await database.drop();
  });
  const now = Date.now();
  // Not within the next minutes, nor beyond the seventh day of UTC.
  const spread = { from: now + 6 * 3_600_000, spreadMs: 6 * DAY, issuedAt: now - 60 * DAY };
  await fillExpiring(database, { accounts, keysPerAccount, ...spread });
  const env = {
    ...externalSettings(database),
    ...{ CLAVIGER_SMTP_URL: `smtp://127.0.0.1:${sink.port}`, CLAVIGER_MAIL_FROM: "keys@claviger.example" },
    CLAVIGER_MAIL_GATHER_SECONDS: "2",
  };
  const first = await startService({ database, env });
  onTestFinished(() => first.stop(), 60_000);
  const second = await startService({ database, env: { ...env, CLAVIGER_MANAGEMENT_KEY: first.managementKey } });
  onTestFinished(() => second.stop(), 60_000);
  const began = performance.now();
  const ask = (query: string): Promise<number> =>
    asPlatform(database, async (client) => Number((await client.query<{ n: string }>(query)).rows[0]?.n));
  const told = () => ask("SELECT count(*) AS n FROM expiry_warning");
  const goal = accounts * keysPerAccount * 4;
  let killed = 0;
  for (; killed < kills; killed += 1) {
    const victim: Service = random.pick([first, second]);
    const before = (await told()) + sink.received.length;
    await waitFor(async () => (await told()) + sink.received.length > before || (await told()) >= goal, {
      timeoutMs: 60_000,
      what: "the next warning",
    });
    await victim.kill9();
    await victim.restart();
  }
  await waitFor(
    async () => (await told()) >= goal && (await ask("SELECT count(*) AS n FROM mail WHERE state = 'waiting'")) === 0,
    { timeoutMs: 300_000, what: "everybody to be told" },
  );
  const seconds = Math.round((performance.now() - began) / 1_000);
  expect(await told()).toBe(goal);
  expect(await ask("SELECT count(*) AS n FROM mail WHERE state <> 'sent'")).toBe(0);
  await expectEachOnce(database, accounts, keysPerAccount);
  const ids = sink.received.map(({ id }) => id);
  const readers = new Set(sink.received.map(({ to }) => to));
  expect(readers.size).toBe(accounts * 3);
  expectNamedOnce(sink.received, keysPerAccount);
  return { seconds, kills: killed, mails: new Set(ids).size, again: ids.length - new Set(ids).size };
}

/** Each recipient of each key has one row, with a mail that was sent; each key is in one event. */
async function expectEachOnce(
  database: Parameters<typeof asPlatform>[0],
  accounts: number,
  keysPerAccount: number,
): Promise<void> {
  await asPlatform(database, async (client) => {
    const { rows } = await client.query<{ recipient: string; n: number; days: number[] }>(
      `SELECT right(recipient, 1) AS recipient, count(DISTINCT key_id)::int AS n, array_agg(DISTINCT day::int) AS days
       FROM expiry_warning GROUP BY 1 ORDER BY 1`,
    );
    const all = accounts * keysPerAccount;
    expect(rows.map(({ recipient, n }) => [recipient, n])).toEqual([
      ["*", all],
      ["a", all],
      ["m", all],
      ["o", all],
    ]);
    for (const { days } of rows) for (const day of days) expect(DAYS).toContain(day);
    const { rows: events } = await client.query<{ n: number; keys: number }>(
      `SELECT count(*)::int AS n, count(DISTINCT k ->> 'key')::int AS keys
       FROM outbox_event, jsonb_array_elements(payload -> 'keys') k WHERE type = 'keys.expiring'`,
    );
    expect(events).toEqual([{ n: all, keys: all }]);
    const { rows: admins } = await client.query("SELECT FROM expiry_warning WHERE recipient = $1", [
      filledPeople(1).admin,
    ]);
    expect(admins).toHaveLength(keysPerAccount);
  });
}

/** By reader: over their mails, each key once. What is beyond a hundred lines of a mail is counted in it. */
function expectNamedOnce(
  received: readonly { readonly id: string; readonly to: string; readonly text: string }[],
  keysPerAccount: number,
): void {
  const mails = new Map(received.map((mail) => [mail.id, mail]));
  for (const theirs of Map.groupBy(mails.values(), ({ to }) => to).values()) {
    const named = theirs.flatMap(({ text }) => [...text.matchAll(/^- filled (\d+ \d+) /gm)].map(([, label]) => label));
    const more = theirs.map(({ text }) => Number(/^- and (\d+) more$/m.exec(text)?.[1] ?? 0));
    expect(new Set(named).size).toBe(named.length);
    expect(named.length + more.reduce((sum, count) => sum + count, 0)).toBe(keysPerAccount);
  }
}
