import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { requireKey } from "./find-key.ts";
import { type Key, keySubject, throttleAt } from "./key.ts";
import { saveKey } from "./keys.store.ts";
import type { Authority, KeysPorts } from "./ports.ts";
import { demandMatch } from "./tag.ts";
import { shownThrottle } from "./throttle-key.ts";

/** Takes the throttle away before its end. There is none: nothing changes. Throws NOT_FOUND, PRECONDITION_FAILED. */
export function unthrottleKey(
  ports: KeysPorts,
  acting: Acting<Key>,
  authority: Authority,
  id: string,
  match: string | null = null,
): Promise<Done<Key>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority, true);
    demandMatch(key, match);
    const before = throttleAt(key, unit.now.getTime());
    if (before === null) {
      unit.foundDone();
      return key;
    }
    const after: Key = { ...key, throttle: null, updatedAt: unit.now };
    await saveKey(unit.tx, after);
    unit.audits({
      ...{ action: "key.unthrottled", account: key.account, target: { type: "key", id } },
      ...{ before: shownThrottle(before), after: shownThrottle(null) },
    });
    unit.widens(keySubject(id));
    unit.emits({ type: "key.unthrottled", account: key.account, payload: { key: id } });
    return after;
  });
}
