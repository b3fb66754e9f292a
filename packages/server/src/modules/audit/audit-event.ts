import { withoutKeys } from "@claviger/core";
import type { Actor, AuditRecord, Source } from "../../kernel/act.ts";

/** One act, as it was written. `at` is ISO 8601 in UTC with milliseconds. `before` and `after` may be absent. */
export interface AuditEvent {
  readonly seq: number;
  readonly id: string;
  readonly at: string;
  readonly action: string;
  readonly account: string | null;
  readonly actor: Actor;
  readonly target: { readonly type: string; readonly id: string };
  readonly before?: unknown;
  readonly after?: unknown;
  readonly source: Source;
  /** What it said beyond this was erased. */
  readonly erased?: true;
}

/** The text that is stored and hashed, byte for byte. */
export function payloadOf(record: AuditRecord): string {
  const { id, at, action, account, actor, target, before, after, source } = record;
  // Whoever calls may have put anything into it.
  const userAgent = source.userAgent === null ? null : withoutKeys(source.userAgent);
  return JSON.stringify({
    id,
    at: at.toISOString(),
    action,
    account,
    actor: { type: actor.type, id: actor.id },
    target: { type: target.type, id: target.id },
    before,
    after,
    source: { via: source.via, ip: source.ip, userAgent, requestId: source.requestId },
  });
}

/** What is left of an event that is erased. */
export function erasedLeft(payload: string): string {
  const { id, at, action, account, actor, target, source } = JSON.parse(payload) as Omit<AuditEvent, "seq">;
  return JSON.stringify({
    ...{ id, at, action, account, actor, target },
    ...{ source: { via: source.via, ip: null, userAgent: null, requestId: null }, erased: true },
  });
}

/** Reads a stored payload. Throws SyntaxError where it is not JSON, which an unbroken chain rules out. */
export function eventOf(seq: number, payload: string): AuditEvent {
  return { seq, ...(JSON.parse(payload) as Omit<AuditEvent, "seq">) };
}
