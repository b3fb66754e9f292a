import { ClavigerError } from "@claviger/core";
import { type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../../db/index.ts";
import type { DisabledReason, Webhook } from "../webhook.ts";

function fromRow(row: Selectable<Schema["webhook"]>): Webhook {
  return {
    ...{ id: row.id, account: row.account_id, url: row.url, sealedUrl: row.sealed_url, format: row.format },
    ...{ description: row.description, events: row.events, secret: row.secret },
    ...{ formerSecret: row.former_secret, formerUntil: row.former_until },
    ...{ status: row.status, disabledReason: row.disabled_reason as DisabledReason | null },
    ...{ disabledAt: row.disabled_at, failingSince: row.failing_since },
    ...{ createdAt: row.created_at, updatedAt: row.updated_at },
  };
}

const toRow = (webhook: Webhook) => ({
  ...{ url: webhook.url, sealed_url: webhook.sealedUrl, format: webhook.format, description: webhook.description },
  ...{ events: [...webhook.events], secret: webhook.secret, former_secret: webhook.formerSecret },
  ...{ former_until: webhook.formerUntil, status: webhook.status, disabled_reason: webhook.disabledReason },
  ...{ disabled_at: webhook.disabledAt, failing_since: webhook.failingSince, updated_at: webhook.updatedAt },
});

/** `hold`: against everybody else who changes it, until the transaction ends. */
export async function findWebhook(tx: Tx, id: string, hold = false): Promise<Webhook | null> {
  const row = await tx
    .selectFrom("webhook")
    .selectAll()
    .where("id", "=", id)
    .$if(hold, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : fromRow(row);
}

/** Throws NOT_FOUND. */
export async function requireWebhook(tx: Tx, id: string, hold = false): Promise<Webhook> {
  const webhook = await findWebhook(tx, id, hold);
  if (webhook === null) throw new ClavigerError("NOT_FOUND");
  return webhook;
}

export async function countWebhooks(tx: Tx, account: string | null): Promise<number> {
  const row = await tx
    .selectFrom("webhook")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("account_id", account === null ? "is" : "=", account)
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

/** Throws pg's unique violation where there is one of this id. */
export async function insertWebhook(tx: Tx, webhook: Webhook): Promise<void> {
  await tx
    .insertInto("webhook")
    .values({ id: webhook.id, account_id: webhook.account, created_at: webhook.createdAt, ...toRow(webhook) })
    .execute();
}

export async function updateWebhook(tx: Tx, webhook: Webhook): Promise<void> {
  await tx.updateTable("webhook").set(toRow(webhook)).where("id", "=", webhook.id).execute();
}

export async function removeWebhook(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom("webhook").where("id", "=", id).execute();
}

export interface WebhookFilter {
  readonly account: string | null;
  readonly status: Webhook["status"] | undefined;
}

export async function selectWebhooks(
  tx: Tx,
  { account, status }: WebhookFilter,
  after: string | null,
  count: number,
): Promise<Webhook[]> {
  const rows = await tx
    .selectFrom("webhook")
    .selectAll()
    .$if(account !== null, (query) => query.where("account_id", "=", account))
    .$if(status !== undefined, (query) => query.where("status", "=", status as Webhook["status"]))
    .$if(after !== null, (query) => query.where("id", ">", after as string))
    .orderBy("id")
    .limit(count)
    .execute();
  return rows.map(fromRow);
}

/** Active ones that may be told of events of these accounts: theirs, and those of the platform. */
export async function selectListeners(tx: Tx, accounts: readonly string[]): Promise<Webhook[]> {
  const rows = await tx
    .selectFrom("webhook")
    .selectAll()
    .where("status", "=", "active")
    .where(sql<boolean>`(account_id IS NULL OR account_id = ANY(${accounts}::text[]))`)
    .execute();
  return rows.map(fromRow);
}

export async function findWebhooks(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Webhook>> {
  const rows = await tx.selectFrom("webhook").selectAll().where(sql<boolean>`id = ANY(${ids}::text[])`).execute();
  return new Map(rows.map((row) => [row.id, fromRow(row)]));
}

export async function noteAccepted(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable("webhook")
    .set({ failing_since: null })
    .where("id", "=", id)
    .where("failing_since", "is not", null)
    .execute();
}

/** Since when it fails, now included; null where it is not there any more. */
export async function noteFailed(tx: Tx, id: string, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ since: Date }>`UPDATE webhook SET failing_since = coalesce(failing_since, ${now})
    WHERE id = ${id} RETURNING failing_since AS since`.execute(tx);
  return rows[0]?.since ?? null;
}
