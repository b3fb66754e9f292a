/** Splits for people: how far each caller is, and what is left of the shared key. */
import { isObject } from "../input/json-value.ts";
import type { Io } from "../io.ts";
import { listAt, objectAt, printSections } from "./sections.ts";

const CALLERS = [
  ...["name", "progress", "from", "requests24h", "lastSeenAt", "scopes", "key", "owner", "keyLastUsedAt"],
] as const;

/** `splits get` */
export function printSplit(io: Io, body: Record<string, unknown>): void {
  const callers = listAt(body, "callers").filter(isObject).map(rowOf);
  printSections(io, [
    { title: "", fields: objectAt(body, "split") },
    { title: "Callers, most of them by what they call with and from where", rows: callers, columns: CALLERS },
    { title: "What is left of the shared key", fields: objectAt(body, "remaining") },
    { title: "How it stands", fields: objectAt(body, "standing") },
  ]);
}

/** Its scopes are those that its traffic suggests, until it has a key. */
function rowOf(caller: Record<string, unknown>): Record<string, unknown> {
  const match = objectAt(caller, "match");
  const parts = ["agent", "network", "service"].flatMap((part) =>
    typeof match[part] === "string" ? [match[part]] : [],
  );
  const { tier, scopes } = objectAt(caller, "suggestion");
  const suggested = [...(typeof tier === "string" ? [tier] : []), ...(Array.isArray(scopes) ? scopes.map(String) : [])];
  return { ...caller, from: parts.join(" "), scopes: caller.key === null ? suggested.join(" ") : null };
}
