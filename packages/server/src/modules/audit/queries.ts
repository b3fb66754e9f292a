import type { Tx } from "../../db/index.ts";
import { type EventFilter, selectEvents } from "./audit.store.ts";
import { type AuditEvent, eventOf } from "./audit-event.ts";

/**
 * Audit events, newest first, `limit` at most; `after` is the number of the last one seen. In an account's reach only
 * those of the account. `actor` and `target` are ids, `from` inclusive, `to` exclusive.
 */
export async function listAuditEvents(tx: Tx, filter: EventFilter): Promise<readonly AuditEvent[]> {
  const rows = await selectEvents(tx, filter);
  return rows.map((row) => eventOf(row.seq, row.payload));
}
