import {
  conditionsOf,
  type KeyTableEntry,
  type LookupOutcome,
  notUnderstood,
  type ResolvedLimit,
  resolveLimits,
  type VerifierEntry,
} from "@claviger/core";
import type { Terms } from "../verification/index.ts";

const NOT_FOUND: LookupOutcome = Object.freeze({ outcome: "refused", code: "NOT_FOUND" });

/**
 * What a verifier is told of a key: null where nobody has the string. A management key is told as unknown, whoever asks,
 * and a record that the verifier could not judge is not given to it.
 */
export function outcomeOf(entry: KeyTableEntry<Terms> | null, understands: readonly string[]): LookupOutcome {
  const terms = entry?.shared ?? null;
  if (entry === null || terms === null || terms.kind !== "customer") return NOT_FOUND;
  const told = wireEntry(entry);
  const missing = notUnderstood(told.conditions, understands);
  return missing.length > 0 ? { outcome: "ask", missing } : { outcome: "entry", entry: told };
}

/** What binds a caller's key. */
export function limitsIn(entry: KeyTableEntry<Terms> | null): readonly ResolvedLimit[] {
  const terms = entry?.shared ?? null;
  if (entry === null || terms === null || terms.kind !== "customer") return [];
  return resolveLimits({ key: entry.record.keyId, account: entry.record.account, ...terms });
}

function wireEntry(entry: KeyTableEntry<Terms>): VerifierEntry {
  const { record, version, accountNote } = entry;
  const limits = limitsIn(entry);
  const presented = record.versions.filter((each) => each.version === version);
  return {
    record: { ...record, versions: presented },
    ...{ version, accountExternalId: accountNote, limits },
    conditions: conditionsOf({ record, limits }),
  };
}
