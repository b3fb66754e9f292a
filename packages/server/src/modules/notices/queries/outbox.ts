import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Told } from "../delivery.ts";
import type { Webhook } from "../webhook.ts";

/** Events of which no deliveries were made yet, oldest first, held until the transaction ends; those that another node holds are left to it. */
export async function holdUndispatched(tx: Tx, count: number): Promise<Told[]> {
  const { rows } = await sql<Told>`
    SELECT id, type, account_id AS account, payload, created_at AS "createdAt" FROM outbox_event
    WHERE dispatched_at IS NULL ORDER BY created_at, id LIMIT ${count} FOR UPDATE SKIP LOCKED`.execute(tx);
  return rows;
}

export async function markDispatched(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await sql`UPDATE outbox_event SET dispatched_at = ${at} WHERE id = ANY(${ids}::text[])`.execute(tx);
}

/** An event whose deliveries are made along with it. */
export async function insertDispatched(tx: Tx, { id, type, account, payload, createdAt }: Told): Promise<void> {
  await tx
    .insertInto("outbox_event")
    .values({
      ...{ id, type, account_id: account, payload: JSON.stringify(payload) },
      ...{ created_at: createdAt, dispatched_at: createdAt },
    })
    .execute();
}

export async function findEvents(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Told>> {
  const { rows } = await sql<Told>`
    SELECT id, type, account_id AS account, payload, created_at AS "createdAt" FROM outbox_event
    WHERE id = ANY(${ids}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.id, row]));
}

interface Span {
  readonly from: Date;
  readonly to: Date;
}

/** What a webhook would be told of a span of time, in the order in which it happened. What is not dispatched yet comes by itself. */
export async function selectSpan(
  tx: Tx,
  { account, events }: Pick<Webhook, "account" | "events">,
  { from, to }: Span,
  after: { readonly at: Date; readonly id: string } | null,
  count: number,
): Promise<Pick<Told, "id" | "type" | "account" | "createdAt">[]> {
  const rows = await tx
    .selectFrom("outbox_event")
    .select(["id", "type", "account_id as account", "created_at as createdAt"])
    .where("created_at", ">=", from)
    .where("created_at", "<", to)
    .where("dispatched_at", "is not", null)
    .where("type", "<>", "webhook.test")
    .$if(account !== null, (query) => query.where("account_id", "=", account))
    .$if(events[0] !== "*", (query) => query.where(sql<boolean>`type = ANY(${events}::text[])`))
    .$if(after !== null, (query) => query.where(sql<boolean>`(created_at, id) > (${after?.at}, ${after?.id})`))
    .orderBy("created_at")
    .orderBy("id")
    .limit(count)
    .execute();
  return rows;
}

/** Events from before that time, of which nothing waits. True where there may be more. */
export async function deleteEvents(tx: Tx, before: Date, count: number): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM outbox_event WHERE id IN (
    SELECT o.id FROM outbox_event o WHERE o.created_at < ${before} AND o.dispatched_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM delivery d WHERE d.event_id = o.id AND d.state = 'waiting')
      AND NOT EXISTS (SELECT FROM notice_line n WHERE n.event_id = o.id)
    ORDER BY o.created_at LIMIT ${count})`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
