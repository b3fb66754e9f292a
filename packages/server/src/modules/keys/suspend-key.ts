import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { demandConfirmed } from "./demand-confirmed.ts";
import { requireKey } from "./find-key.ts";
import type { Key } from "./key.ts";
import { saveKey } from "./keys.store.ts";
import type { Authority, Guard, KeysPorts } from "./ports.ts";
import { recordEnded } from "./record-ended.ts";
import { demandMatch } from "./tag.ts";

/** active → suspended, in force everywhere when it returns. Suspended already: passes the barrier again. Throws NOT_FOUND, PRECONDITION_FAILED, CONFIRMATION_REQUIRED, STATE_CONFLICT when revoked. */
export function suspendKey(
  ports: KeysPorts,
  acting: Acting<Key>,
  authority: Authority,
  id: string,
  reason: string,
  guard: Guard | null = null,
  match: string | null = null,
): Promise<Done<Key>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority, true);
    demandMatch(key, match);
    if (key.state === "revoked")
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The key is revoked, which is final." });
    if (key.state === "suspended") {
      unit.foundDone();
      return key;
    }
    if (guard !== null) await demandConfirmed(unit, key, guard);
    return suspendHeld(unit, key, reason);
  });
}

/** The same of a key that works, in an act of another kind. It is held by the caller. */
export async function suspendHeld(unit: Unit, key: Key, reason: string): Promise<Key> {
  const [stateAt, updatedAt] = [unit.now, unit.now];
  const after: Key = { ...key, state: "suspended", stateReason: reason, stateComment: null, stateAt, updatedAt };
  await saveKey(unit.tx, after);
  recordEnded(unit, key, { state: "suspended", reason });
  return after;
}
