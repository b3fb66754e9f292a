import {
  conditionsOf,
  type KeyTableEntry,
  type LookupOutcome,
  notUnderstood,
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
  const told = wireEntry(entry, terms);
  const missing = notUnderstood(told.conditions, understands);
  return missing.length > 0 ? { outcome: "ask", missing } : { outcome: "entry", entry: told };
}

function wireEntry({ record, version, accountNote }: KeyTableEntry<Terms>, terms: Terms): VerifierEntry {
  const limits = resolveLimits({ key: record.keyId, account: record.account, ...terms });
  const presented = record.versions.filter((each) => each.version === version);
  return {
    record: { ...record, versions: presented },
    ...{ version, accountExternalId: accountNote, limits },
    conditions: conditionsOf({ record, limits }),
  };
}
