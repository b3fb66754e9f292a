import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { requireKey } from "./find-key.ts";
import { type Key, type KeyThrottle, keySubject, statusOf, throttleAt } from "./key.ts";
import { saveKey } from "./keys.store.ts";
import type { Authority, KeysPorts } from "./ports.ts";
import { demandMatch, demandSame } from "./tag.ts";

/** What is asked for: the end as an instant, or in so many minutes. */
export interface ThrottleInput {
  readonly amount: number;
  readonly per: KeyThrottle["per"];
  readonly until?: string | undefined;
  readonly forMinutes?: number | undefined;
  readonly reason: string;
}

const MINUTE_MS = 60_000;
/** A limit that is meant for longer is one of the key, or of its plan. */
const LONGEST_MS = 90 * 86_400_000;

/**
 * Lays a temporary limit over those that bind the key, in force everywhere when it returns (E3). It takes the place of one that is there.
 * One that is looser in any way also needs `claviger:keys:write`, as putting it back does. Throws NOT_FOUND, VALIDATION_FAILED,
 * GRANT_EXCEEDED, PRECONDITION_FAILED, CONFLICT where somebody else has just changed it, STATE_CONFLICT for a key that is revoked or expired and for a management key, which no limit binds.
 */
export function throttleKey(
  ports: KeysPorts,
  acting: Acting<Key>,
  authority: Authority,
  id: string,
  input: ThrottleInput,
  match: string | null = null,
): Promise<Done<Key>> {
  return ports.act(acting, PLATFORM, async (unit) => {
    const seen = await requireKey(unit.tx, id, authority);
    const key = await requireKey(unit.tx, id, authority, true);
    demandMatch(key, match);
    demandSame(seen, key);
    const now = unit.now.getTime();
    demandThrottled(key, now);
    const throttle = { ...input, until: askedEnd(input, unit.now), since: unit.now };
    const before = throttleAt(key, now);
    if (before !== null && isLooser(before, throttle) && !mayWiden(authority)) {
      throw new ClavigerError("GRANT_EXCEEDED", {
        publicDetail:
          "The key has a throttle that is stricter; one that is looser needs the scope claviger:keys:write.",
      });
    }
    const { amount, per, until, reason, since } = throttle;
    const after: Key = { ...key, throttle: { amount, per, until, reason, since }, updatedAt: unit.now };
    await saveKey(unit.tx, after);
    unit.audits({
      ...{ action: "key.throttled", account: key.account, target: { type: "key", id } },
      ...{ before: shownThrottle(before), after: shownThrottle(after.throttle) },
    });
    unit.narrows(keySubject(id));
    unit.emits({
      type: "key.throttled",
      account: key.account,
      payload: { key: id, ...shownThrottle(after.throttle).throttle },
    });
    return after;
  });
}

function demandThrottled(key: Key, now: number): void {
  const status = statusOf(key, now);
  if (key.kind === "management")
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "No limit binds a management key: suspend it." });
  if (status === "revoked" || status === "expired")
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: `The key is ${status}: it is refused already.` });
}

function askedEnd({ until, forMinutes }: ThrottleInput, now: Date): Date {
  const end = until === undefined ? now.getTime() + (forMinutes ?? 0) * MINUTE_MS : new Date(until).getTime();
  const left = end - now.getTime();
  if (left > 0 && left <= LONGEST_MS) return new Date(end);
  throw new ClavigerError("VALIDATION_FAILED", {
    errors: [{ path: "until", message: left > 0 ? "must be within 90 days" : "must be in the future" }],
  });
}

/** Limits of different lengths are not compared: each lets something through that the other does not. */
function isLooser(before: KeyThrottle, after: Pick<KeyThrottle, "amount" | "per" | "until">): boolean {
  return after.per !== before.per || after.amount > before.amount || after.until < before.until;
}

const mayWiden = ({ scopes }: Authority): boolean => scopes.has("claviger:keys:write");

/** As the trail has it. */
export function shownThrottle(throttle: KeyThrottle | null) {
  if (throttle === null) return { throttle: null };
  const { amount, per, until, reason } = throttle;
  return { throttle: { amount, per, until: until.toISOString(), reason } };
}
