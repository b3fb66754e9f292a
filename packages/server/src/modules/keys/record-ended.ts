import type { Unit } from "../../kernel/act.ts";
import { type Key, keySubject, ownerOf } from "./key.ts";

export type RevokeReason = "leaked" | "compromised" | "unused" | "superseded" | "offboarding" | "abuse" | "other";

/** What a key that is ended or stopped has become, as its trail shows it. */
export type EndedKey =
  | { readonly state: "revoked"; readonly reason: RevokeReason; readonly comment: string | null }
  | { readonly state: "suspended"; readonly reason: string };

/** Its audit event, its change and its outgoing event. `key` is as it was before. */
export function recordEnded(unit: Unit, key: Pick<Key, "id" | "account" | "state">, after: EndedKey): void {
  const { id, account, state } = key;
  unit.audits({
    action: after.state === "revoked" ? "key.revoked" : "key.suspended",
    ...{ account, target: { type: "key", id }, before: { state }, after },
  });
  unit.narrows(keySubject(id));
  unit.emits({
    type: after.state === "revoked" ? "key.revoked" : "key.suspended",
    ...{ account, payload: { key: id, reason: after.reason } },
  });
}

type Owned = Pick<Key, "ownerMember" | "ownerTeam">;

/** The same of a key that is handed over. What it may do stays as it is. */
export function recordHandedOver(
  unit: Unit,
  key: Pick<Key, "id" | "account"> & Owned,
  to: Owned,
  reason: string,
): void {
  const { id, account } = key;
  unit.audits({
    action: "key.updated",
    ...{ account, target: { type: "key", id } },
    ...{ before: { owner: ownerOf(key) }, after: { owner: ownerOf(to), reason } },
  });
  unit.widens(keySubject(id));
  unit.emits({ type: "key.updated", account, payload: { key: id, fields: ["owner"] } });
}
