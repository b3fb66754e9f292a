import { sql } from "kysely";
import type { AttemptRow, Tx } from "../../../db/index.ts";
import { type Mail, MOST_GATHERED_MS } from "../mail.ts";
import type { Person } from "./people.ts";

export interface Gathering {
  readonly now: Date;
  /** When a mail is due that nothing more comes for. */
  readonly dueAt: Date;
  makeId(): string;
}

/**
 * The mail that gathers what these members are to be told, made where none does, by member. Held until the transaction ends: nobody
 * begins to send it meanwhile.
 */
export async function gatherMails(
  tx: Tx,
  people: readonly Pick<Person, "id" | "account">[],
  { now, dueAt, makeId }: Gathering,
): Promise<ReadonlyMap<string, string>> {
  if (people.length === 0) return new Map();
  // In one order, against others who do the same.
  const ordered = people.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const { rows } = await sql<{ id: string; member: string }>`
    INSERT INTO mail (id, account_id, member_id, state, due_at, created_at)
    SELECT g.id, g.account, g.member, 'waiting', ${dueAt}, ${now}
    FROM unnest(${ordered.map(makeId)}::text[], ${ordered.map(({ account }) => account)}::text[],
      ${ordered.map(({ id }) => id)}::text[]) AS g (id, account, member)
    ON CONFLICT (member_id) WHERE state = 'waiting' AND tries = 0 DO UPDATE
      SET due_at = greatest(mail.due_at, least(excluded.due_at, mail.created_at + ${MOST_GATHERED_MS} * interval '1 millisecond'))
    RETURNING id, member_id AS member`.execute(tx);
  return new Map(rows.map(({ id, member }) => [member, id]));
}

/** What is there already stays. */
export async function insertMailEvents(
  tx: Tx,
  rows: readonly { readonly mail: string; readonly account: string; readonly event: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`INSERT INTO mail_event (mail_id, account_id, event_id) SELECT * FROM unnest(
    ${rows.map(({ mail }) => mail)}::text[], ${rows.map(({ account }) => account)}::text[],
    ${rows.map(({ event }) => event)}::text[]) ON CONFLICT DO NOTHING`.execute(tx);
}

export interface ClaimedMail {
  readonly id: string;
  readonly member: string;
  readonly account: string;
  /** This attempt included. */
  readonly tries: number;
  readonly createdAt: Date;
}

/** Takes what is due; until `until` nobody else tries it. */
export async function claimMails(tx: Tx, now: Date, until: Date, count: number): Promise<ClaimedMail[]> {
  const { rows } = await sql<ClaimedMail>`
    UPDATE mail SET due_at = ${until}, tries = tries + 1 WHERE id = ANY(ARRAY(
      SELECT id FROM mail WHERE state = 'waiting' AND due_at <= ${now} ORDER BY due_at LIMIT ${count}
      FOR UPDATE SKIP LOCKED))
    RETURNING id, member_id AS member, account_id AS account, tries, created_at AS "createdAt"`.execute(tx);
  return rows;
}

export interface MailEnding {
  readonly id: string;
  readonly state: Exclude<Mail["state"], "waiting">;
  readonly attempt: AttemptRow;
  readonly at: Date;
}

export async function endMail(tx: Tx, { id, state, attempt, at }: MailEnding): Promise<void> {
  await sql`UPDATE mail SET state = ${state}, ended_at = ${at}, attempts = attempts || ${JSON.stringify([attempt])}::jsonb
    WHERE id = ${id} AND state = 'waiting'`.execute(tx);
}

/** Has it tried again at `dueAt`; not where another node has tried it meanwhile. */
export async function putOffMail(tx: Tx, id: string, tries: number, dueAt: Date, attempt: AttemptRow): Promise<void> {
  await sql`UPDATE mail SET due_at = CASE WHEN tries = ${tries} THEN ${dueAt} ELSE due_at END,
    attempts = attempts || ${JSON.stringify([attempt])}::jsonb WHERE id = ${id} AND state = 'waiting'`.execute(tx);
}

export interface MailFilter {
  readonly account: string | null;
  readonly state: Mail["state"] | undefined;
}

/** Newest first. */
export async function selectMails(
  tx: Tx,
  { account, state }: MailFilter,
  after: string | null,
  count: number,
): Promise<Mail[]> {
  const rows = await tx
    .selectFrom("mail")
    .select(["id", "account_id as account", "member_id as member", "state", "attempts"])
    .select(["due_at as dueAt", "created_at as createdAt", "ended_at as endedAt"])
    .$if(account !== null, (query) => query.where("account_id", "=", account as string))
    .$if(state !== undefined, (query) => query.where("state", "=", state as Mail["state"]))
    .$if(after !== null, (query) => query.where("id", "<", after as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
  return rows;
}

/** Mails that ended before that time. */
export async function deleteMails(tx: Tx, before: Date, count: number): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM mail WHERE id = ANY(ARRAY(
    SELECT id FROM mail WHERE ended_at < ${before} ORDER BY ended_at LIMIT ${count}))`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

/** Mails to the people of an account that is erased, sent or not. */
export async function eraseMails(tx: Tx, account: string): Promise<void> {
  await tx.deleteFrom("mail").where("account_id", "=", account).execute();
}
