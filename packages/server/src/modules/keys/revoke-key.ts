import { ClavigerError } from "@claviger/core";
import { accountReach, PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { demandConfirmed } from "./demand-confirmed.ts";
import { requireKey } from "./find-key.ts";
import type { Key } from "./key.ts";
import { findKey, saveKey } from "./keys.store.ts";
import type { Authority, Guard, KeysPorts } from "./ports.ts";
import { type RevokeReason, recordEnded } from "./record-ended.ts";
import { demandMatch } from "./tag.ts";

export interface RevokeInput {
  readonly reason: RevokeReason;
  readonly comment?: string | undefined;
}

/** Ends a key for good; no process anywhere accepts it when this returns (C4, E3). Revoked already: passes the barrier again. Throws NOT_FOUND, PRECONDITION_FAILED, CONFIRMATION_REQUIRED. */
export function revokeKey(
  ports: KeysPorts,
  acting: Acting<Key>,
  authority: Authority,
  id: string,
  input: RevokeInput,
  guard: Guard | null = null,
  match: string | null = null,
): Promise<Done<Key>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority, true);
    demandMatch(key, match);
    if (guard !== null && key.state !== "revoked") await demandConfirmed(unit, key, guard);
    return revokeHeld(unit, key, input);
  });
}

/** Whoever holds a secret can end it (E7), in whatever state it is. */
export function revokeOwnKey(
  ports: KeysPorts,
  acting: Acting<Key>,
  holder: { readonly keyId: string; readonly account: string },
  input: RevokeInput,
): Promise<Done<Key>> {
  return ports.act(acting, accountReach(holder.account), async (unit) => {
    const key = await findKey(unit.tx, holder.keyId, true);
    if (key === null) throw new ClavigerError("INVALID_TOKEN");
    return revokeHeld(unit, key, input);
  });
}

/** The same in an act of another kind. The key is held by the caller. */
export async function revokeHeld(unit: Unit, key: Key, input: RevokeInput): Promise<Key> {
  if (key.state === "revoked") {
    unit.foundDone();
    return key;
  }
  const after: Key = {
    ...key,
    state: "revoked",
    stateReason: input.reason,
    stateComment: input.comment ?? null,
    stateAt: unit.now,
    updatedAt: unit.now,
  };
  await saveKey(unit.tx, after);
  recordEnded(unit, key, { state: "revoked", reason: input.reason, comment: after.stateComment });
  return after;
}
