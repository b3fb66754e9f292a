import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { KeptEvent } from "../../../kernel/outbox.ts";
import type { Webhook } from "../webhook.ts";

export async function findEvents(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, KeptEvent>> {
  const { rows } = await sql<KeptEvent>`
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
): Promise<Pick<KeptEvent, "id" | "type" | "account" | "createdAt">[]> {
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

/** Events from before that time, of which nothing waits, oldest first. */
export async function selectForgotten(tx: Tx, before: Date, count: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT o.id FROM outbox_event o WHERE o.created_at < ${before} AND o.dispatched_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM delivery d WHERE d.event_id = o.id AND d.state = 'waiting')
      AND NOT EXISTS (SELECT FROM mail_event e JOIN mail m ON m.id = e.mail_id WHERE e.event_id = o.id AND m.state = 'waiting')
    ORDER BY o.created_at LIMIT ${count}`.execute(tx);
  return rows.map(({ id }) => id);
}
