import type { Tx } from "../db/index.ts";

/** An event for others, as it is kept. */
export interface KeptEvent {
  readonly id: string;
  readonly type: string;
  readonly account: string | null;
  readonly payload: unknown;
  readonly createdAt: Date;
}

/** Keeps events of an act. `dispatched`: nothing else is to be made of them. */
export async function insertEvents(tx: Tx, events: readonly KeptEvent[], dispatched = false): Promise<void> {
  const rows = events.map(({ id, type, account, payload, createdAt }) => ({
    ...{ id, type, account_id: account, payload: JSON.stringify(payload), created_at: createdAt },
    ...(dispatched ? { dispatched_at: createdAt } : {}),
  }));
  await tx.insertInto("outbox_event").values(rows).execute();
}

/** Those of which no deliveries were made yet, oldest first, held until the transaction ends; what another node holds is left to it. */
export function holdUndispatched(tx: Tx, count: number): Promise<KeptEvent[]> {
  return tx
    .selectFrom("outbox_event")
    .select(["id", "type", "account_id as account", "payload", "created_at as createdAt"])
    .where("dispatched_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .limit(count)
    .forUpdate()
    .skipLocked()
    .execute();
}

export async function markDispatched(tx: Tx, ids: readonly string[], at: Date): Promise<void> {
  await tx.updateTable("outbox_event").set({ dispatched_at: at }).where("id", "in", ids).execute();
}

export async function deleteEvents(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom("outbox_event").where("id", "in", ids).execute();
}
