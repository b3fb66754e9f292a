import type { Tx } from "../../db/index.ts";
import type { AuditRecord } from "../../kernel/act.ts";
import { isAuditAction } from "./actions.ts";
import { insertRows, lockHead, moveHead, type NewRow } from "./audit.store.ts";
import { payloadOf } from "./audit-event.ts";
import { chainHash } from "./chain.ts";

/** The keys of the chain. Each event names the version it was written with; old versions are kept for verifying. */
export interface AuditKeys {
  current(): { readonly version: number; readonly key: Uint8Array };
  /** Null for a version that does not exist. */
  byVersion(version: number): Uint8Array | null;
}

/** Appends events to the chain in the transaction of the act. Throws TypeError for an action that is not in the list. */
export type AppendAudit = (tx: Tx, records: readonly AuditRecord[]) => Promise<void>;

/** `onAppended` is told of each append before its commit; see `createAnchorKeeper`. */
export function createAuditWriter(keys: Pick<AuditKeys, "current">, onAppended?: () => void): AppendAudit {
  return async (tx, records) => {
    for (const { action } of records) {
      if (!isAuditAction(action)) throw new TypeError(`${action} is not an action of the audit list`);
    }
    if (records.length === 0) return;
    const { version, key } = keys.current();
    // Payloads are made before the head is locked: whoever waits for the lock waits for one insert only.
    const payloads = records.map(payloadOf);
    const head = await lockHead(tx);
    let { seq, hash } = head;
    const rows = records.map((record, index): NewRow => {
      const payload = payloads[index] ?? "";
      seq += 1;
      hash = chainHash(key, hash, seq, payload);
      return {
        seq,
        id: record.id,
        at: record.at,
        action: record.action,
        account_id: record.account,
        actor_id: record.actor.id,
        target_type: record.target.type,
        target_id: record.target.id,
        payload,
        key_version: version,
        hash,
      };
    });
    await insertRows(tx, rows);
    await moveHead(tx, { seq, hash });
    onAppended?.();
  };
}
