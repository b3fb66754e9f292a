import type { StoredRow } from "./audit.store.ts";

/** The name of a column that does not repeat what the payload says; null when all do. */
export function mismatchedColumn(row: StoredRow): string | null {
  const payload = parse(row.payload);
  const expected: Readonly<Record<string, unknown>> = {
    id: payload.id,
    at: typeof payload.at === "string" ? microseconds(payload.at) : undefined,
    action: payload.action,
    account_id: payload.account,
    actor_id: payload.actor?.id,
    target_type: payload.target?.type,
    target_id: payload.target?.id,
  };
  const stored: Readonly<Record<string, unknown>> = { ...row };
  return Object.keys(expected).find((column) => stored[column] !== expected[column]) ?? null;
}

interface Payload {
  readonly id?: unknown;
  readonly at?: unknown;
  readonly action?: unknown;
  readonly account?: unknown;
  readonly actor?: { readonly id?: unknown };
  readonly target?: { readonly type?: unknown; readonly id?: unknown };
}

function parse(text: string): Payload {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}

/** Payloads hold milliseconds, the column microseconds. */
function microseconds(iso: string): string {
  return iso.replace(/Z$/, "000Z");
}
