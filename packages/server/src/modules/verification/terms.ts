import type { KeyTable, Limit, Throttle } from "@claviger/core";

/** What verification knows of a key beside its record: one object for all keys of which the same is true. Immutable. */
export interface Terms {
  readonly kind: "customer" | "management";
  /** For management keys: the environment a verify credential is bound to. */
  readonly boundTo: string | null;
  /** The environment whose limits are meant. */
  readonly environment: string;
  readonly keyLimits: readonly Limit[];
  readonly planLimits: readonly Limit[];
  readonly environmentLimits: readonly Limit[];
  readonly throttle: Throttle | null;
}

/** Keys in memory by the SHA-256 of their secrets, customers' and management keys alike. */
export type KeyMemory = KeyTable<Terms>;

/** Terms are told apart by identity in the table, so this gives the same object for the same content. */
export type ShareTerms = (terms: Terms) => Terms;

/** Beyond it the ones not met for longest are forgotten: keys that come later then share another object. */
const REMEMBERED = 4_096;

export function createTermsPool(remembered = REMEMBERED): ShareTerms {
  const known = new Map<string, Terms>();
  return (terms) => {
    const name = JSON.stringify(terms);
    const shared = known.get(name) ?? terms;
    known.delete(name);
    known.set(name, shared);
    const oldest = known.size > remembered ? known.keys().next().value : undefined;
    if (oldest !== undefined) known.delete(oldest);
    return shared;
  };
}

/** Whether any limit binds the keys of these terms. Management keys are the house's own and have none. */
export function areLimited({ kind, keyLimits, planLimits, environmentLimits, throttle }: Terms): boolean {
  if (kind !== "customer") return false;
  return throttle !== null || keyLimits.length + planLimits.length + environmentLimits.length > 0;
}
