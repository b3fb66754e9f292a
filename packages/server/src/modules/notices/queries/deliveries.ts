import { ClavigerError } from "@claviger/core";
import { sql } from "kysely";
import type { AttemptRow, Tx } from "../../../db/index.ts";
import type { Delivery, NewDelivery } from "../delivery.ts";

const COLUMNS = [
  "id",
  "webhook_id as webhook",
  "event_id as event",
  "event_type as type",
  "repeat",
  "state",
  "attempts",
  "due_at as dueAt",
  "created_at as createdAt",
  "ended_at as endedAt",
] as const;

/** They are due at once. One of an event that was made before is left as it is. */
export async function insertDeliveries(tx: Tx, made: readonly NewDelivery[], now: Date): Promise<void> {
  if (made.length === 0) return;
  await sql`
    INSERT INTO delivery (id, webhook_id, account_id, event_id, event_type, repeat, state, due_at, created_at)
    SELECT g.id, g.webhook, g.account, g.event, g.type, g.repeat, 'waiting', ${now}, ${now}
    FROM unnest(${made.map(({ id }) => id)}::text[], ${made.map(({ webhook }) => webhook)}::text[],
      ${made.map(({ account }) => account)}::text[], ${made.map(({ event }) => event)}::text[],
      ${made.map(({ type }) => type)}::text[], ${made.map(({ repeat }) => repeat)}::int[])
      AS g (id, webhook, account, event, type, repeat)
    ON CONFLICT (webhook_id, event_id, repeat) DO NOTHING`.execute(tx);
}

/** Of each event the number that its next delivery to this webhook has; events that were never delivered to it are left out. */
export async function nextRepeats(tx: Tx, webhook: string, events: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ event: string; next: number }>`
    SELECT event_id AS event, max(repeat) + 1 AS next FROM delivery
    WHERE webhook_id = ${webhook} AND event_id = ANY(${events}::text[]) GROUP BY event_id`.execute(tx);
  return new Map(rows.map(({ event, next }) => [event, next]));
}

/** Throws NOT_FOUND, for another webhook's as well. */
export async function requireDelivery(tx: Tx, webhook: string, id: string): Promise<Delivery> {
  const row = await tx
    .selectFrom("delivery")
    .select(COLUMNS)
    .where("id", "=", id)
    .where("webhook_id", "=", webhook)
    .executeTakeFirst();
  if (row === undefined) throw new ClavigerError("NOT_FOUND");
  return row as Delivery;
}

export interface DeliveryFilter {
  readonly webhook: string;
  readonly state: Delivery["state"] | undefined;
  readonly event: string | undefined;
}

/** Newest first. */
export async function selectDeliveries(
  tx: Tx,
  { webhook, state, event }: DeliveryFilter,
  after: string | null,
  count: number,
): Promise<Delivery[]> {
  const rows = await tx
    .selectFrom("delivery")
    .select(COLUMNS)
    .where("webhook_id", "=", webhook)
    .$if(state !== undefined, (query) => query.where("state", "=", state as Delivery["state"]))
    .$if(event !== undefined, (query) => query.where("event_id", "=", event as string))
    .$if(after !== null, (query) => query.where("id", "<", after as string))
    .orderBy("id", "desc")
    .limit(count)
    .execute();
  return rows as Delivery[];
}

/** How many deliveries to a webhook this node tries now. */
export interface Busy {
  readonly webhook: string;
  readonly trying: number;
}

export interface Claim {
  readonly now: Date;
  /** Until then nobody else tries them. */
  readonly until: Date;
  /** Claimed at most, and so many at most of receivers that fail. */
  readonly free: number;
  readonly freeFailing: number;
  /** Tried at once for one receiver, and for one that fails. */
  readonly perReceiver: number;
  readonly perFailing: number;
  readonly busy: readonly Busy[];
}

export interface Claimed {
  readonly id: string;
  readonly webhook: string;
  readonly event: string;
  /** This attempt included. */
  readonly tries: number;
  readonly createdAt: Date;
}

/**
 * Takes what is due. Of each receiver no more is taken than may be tried at once, however much waits, so that what waits for one
 * receiver costs the others nothing; receivers that fail come last.
 */
export async function claimDeliveries(tx: Tx, claim: Claim): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    WITH RECURSIVE receivers (id) AS (
      (SELECT webhook_id FROM delivery WHERE state = 'waiting' ORDER BY webhook_id LIMIT 1)
      UNION ALL
      SELECT (SELECT d.webhook_id FROM delivery d WHERE d.state = 'waiting' AND d.webhook_id > r.id ORDER BY d.webhook_id LIMIT 1)
      FROM receivers r WHERE r.id IS NOT NULL),
    rooms AS (
      SELECT w.id, w.failing_since IS NOT NULL AS failing,
        (CASE WHEN w.failing_since IS NULL THEN ${claim.perReceiver} ELSE ${claim.perFailing} END)::int - coalesce(b.trying, 0) AS room
      FROM receivers r JOIN webhook w ON w.id = r.id
      LEFT JOIN unnest(${claim.busy.map(({ webhook }) => webhook)}::text[], ${claim.busy.map(({ trying }) => trying)}::int[])
        AS b (id, trying) ON b.id = w.id),
    found AS (
      SELECT f.id, f.due_at, r.failing, row_number() OVER (PARTITION BY r.failing ORDER BY f.due_at) AS place
      FROM rooms r CROSS JOIN LATERAL (
        SELECT d.id, d.due_at FROM delivery d
        WHERE d.webhook_id = r.id AND d.state = 'waiting' AND d.due_at <= ${claim.now}
        ORDER BY d.due_at LIMIT greatest(r.room, 0) FOR UPDATE SKIP LOCKED) f),
    picked AS (
      SELECT id FROM found WHERE NOT failing OR place <= ${claim.freeFailing} ORDER BY failing, due_at LIMIT ${claim.free})
    UPDATE delivery d SET due_at = ${claim.until}, tries = d.tries + 1 FROM picked p WHERE d.id = p.id
    RETURNING d.id, d.webhook_id AS webhook, d.event_id AS event, d.tries, d.created_at AS "createdAt"`.execute(tx);
  return rows;
}

export interface Ending {
  readonly id: string;
  readonly state: "delivered" | "failed";
  readonly attempt: AttemptRow | null;
  readonly at: Date;
}

/** False where it had ended already. */
export async function endDelivery(tx: Tx, { id, state, attempt, at }: Ending): Promise<boolean> {
  const { numAffectedRows } = await sql`UPDATE delivery SET state = ${state}, ended_at = ${at},
    attempts = attempts || ${JSON.stringify(attempt === null ? [] : [attempt])}::jsonb
    WHERE id = ${id} AND state = 'waiting'`.execute(tx);
  return Number(numAffectedRows ?? 0n) === 1;
}

/** Has it tried again at `dueAt`; not where another node has tried it meanwhile. */
export async function putOff(tx: Tx, id: string, tries: number, dueAt: Date, attempt: AttemptRow): Promise<void> {
  await sql`UPDATE delivery SET due_at = CASE WHEN tries = ${tries} THEN ${dueAt} ELSE due_at END,
    attempts = attempts || ${JSON.stringify([attempt])}::jsonb
    WHERE id = ${id} AND state = 'waiting'`.execute(tx);
}

/** Deliveries that ended before that time. */
export async function deleteDeliveries(tx: Tx, before: Date, count: number): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM delivery WHERE id IN (
    SELECT id FROM delivery WHERE ended_at < ${before} ORDER BY ended_at LIMIT ${count})`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}

export interface Backlog {
  readonly waiting: number;
  /** When the oldest of them was made. */
  readonly oldest: Date | null;
}

const COUNTED = 10_000;

/** What waits, counted no further than to ten thousand. */
export async function readBacklog(tx: Tx): Promise<Backlog> {
  const { rows } = await sql<Backlog>`SELECT
    (SELECT count(*)::int FROM (SELECT FROM delivery WHERE state = 'waiting' LIMIT ${COUNTED}) w) AS waiting,
    (SELECT created_at FROM delivery WHERE state = 'waiting' ORDER BY created_at LIMIT 1) AS oldest`.execute(tx);
  return rows[0] ?? { waiting: 0, oldest: null };
}
