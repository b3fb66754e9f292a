import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { requireKey } from "./find-key.ts";
import { type Key, keySubject } from "./key.ts";
import { saveKey } from "./keys.store.ts";
import type { Authority, KeysPorts } from "./ports.ts";
import { demandMatch } from "./tag.ts";

/** suspended → active. Active already: nothing changes. Throws NOT_FOUND, PRECONDITION_FAILED, STATE_CONFLICT when revoked. */
export function resumeKey(
  ports: KeysPorts,
  acting: Acting<Key>,
  authority: Authority,
  id: string,
  match: string | null = null,
): Promise<Done<Key>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority, true);
    demandMatch(key, match);
    if (key.state === "revoked")
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The key is revoked, which is final." });
    if (key.state === "active") {
      unit.foundDone();
      return key;
    }
    const after: Key = {
      ...key,
      state: "active",
      stateReason: null,
      stateComment: null,
      stateAt: unit.now,
      updatedAt: unit.now,
    };
    await saveKey(unit.tx, after);
    unit.audits({
      action: "key.resumed",
      account: key.account,
      target: { type: "key", id },
      before: { state: key.state, reason: key.stateReason },
      after: { state: "active" },
    });
    unit.widens(keySubject(id));
    unit.emits({ type: "key.resumed", account: key.account, payload: { key: id } });
    return after;
  });
}
