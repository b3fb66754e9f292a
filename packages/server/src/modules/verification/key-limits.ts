import {
  type AppliedLimit,
  type KeyTable,
  limitsFrom,
  type Outcome,
  type ResolvedLimit,
  resolveLimits,
} from "@claviger/core";
import { areLimited, type Terms } from "./terms.ts";

interface Resolved {
  readonly hash: string;
  readonly terms: Terms;
  readonly limits: readonly ResolvedLimit[];
}

/** Keys whose limits are remembered: a power of two. */
const PLACES = 1 << 13;

/**
 * The limits that bind keys in memory. They name counters of their own for each key, so they cannot be shared, and are
 * made of the key's terms when they are asked for. Those of the keys that are most in use are remembered, each in the one place that its hash
 * gives it; what is remembered holds for this hash and these terms alone, which no change of the key can make untrue.
 */
export class KeyLimits {
  readonly #table: KeyTable<Terms>;
  readonly #places = new Array<Resolved | undefined>(PLACES).fill(undefined);

  constructor(table: KeyTable<Terms>) {
    this.#table = table;
  }

  /** For a request from `ip` at `wall` with the key of this outcome, which lies under this hash; null where none binds it. */
  of(hash: string, outcome: Outcome, ip: string | undefined, wall: number): readonly AppliedLimit[] | null {
    const terms = this.#table.sharedOf(outcome);
    if (terms === null || !areLimited(terms)) return null;
    const place = hash.charCodeAt(0) & (PLACES - 1);
    const known = this.#places[place];
    if (known !== undefined && known.hash === hash && known.terms === terms) return limitsFrom(known.limits, ip, wall);
    const { keyId, account } = this.#table.entryOf(outcome).record;
    const limits = resolveLimits({ key: keyId, account, ...terms });
    this.#places[place] = { hash, terms, limits };
    return limitsFrom(limits, ip, wall);
  }
}
