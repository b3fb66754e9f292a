import type { NotedRequest, NotedUse } from "@claviger/core";
import type { Clock } from "../../kernel/clock.ts";
import type { ServiceLogs } from "./service-logs.ts";
import type { Check, Outcome, VerifyKey } from "./verify-key.ts";

/** Notes a verdict with what is recorded of its request. */
export type NoteUse = (outcome: Outcome, check: Check) => NotedUse | null;

export function createNoteUse(logs: ServiceLogs, clock: Pick<Clock, "wall">): NoteUse {
  return (outcome, check) => logs.of(check.service).note(outcome, recorded(check), clock.wall());
}

/** The same verification, each verdict of which is noted. */
export function noting(verify: VerifyKey, note: NoteUse): VerifyKey {
  return (check) => {
    const noted = (outcome: Outcome): Outcome => {
      note(outcome, check);
      return outcome;
    };
    const outcome = verify(check);
    return outcome instanceof Promise ? outcome.then(noted) : noted(outcome);
  };
}

/** Without the key, which is not kept a moment longer than it is needed. */
function recorded({
  method,
  path,
  seenMethod,
  seenPath,
  scopes,
  ip,
  origin,
  userAgent,
  requestId,
  browser,
  cost,
}: Check): NotedRequest {
  return { method, path, seenMethod, seenPath, scopes, ip, origin, userAgent, requestId, browser, cost };
}
