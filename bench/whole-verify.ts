import {
  assessKey,
  type Catalogue,
  codeOf,
  isValid,
  type KeyTable,
  leaseValid,
  MAX_KEY_LENGTH,
  MIN_KEY_LENGTH,
  type NodeLease,
  type VerifyRequest,
} from "@claviger/core";
import { hashOf, type Shared, sha256Text } from "./fixture.ts";

/** What a verifier puts together for each request. */
export interface Verifier {
  readonly table: KeyTable<Shared>;
  readonly catalogue: Catalogue;
  readonly lease: NodeLease;
  readonly tagKeys: readonly Uint8Array[];
  readonly limiter: Limiter;
}

/** The part of a limiter that every accepted request goes through. */
export interface Limiter {
  /** Spends one unit of the counter with this handle; false if none is left. `mono` in milliseconds. */
  spend(handle: number, mono: number): boolean;
}

/** Stands in for the limits of a key: one counter a second, by handle. */
export function windowCounters(count: number, amount: number): Limiter {
  const cells = new Int32Array(count * 2);
  return {
    spend: (handle, mono) => {
      const second = (mono / 1000) | 0;
      const at = handle * 2;
      if (cells[at] !== second) {
        cells[at] = second;
        cells[at + 1] = 0;
      }
      const spent = (cells[at + 1] ?? 0) + 1;
      if (spent > amount) return false;
      cells[at + 1] = spent;
      return true;
    },
  };
}

/**
 * The whole of a verification in memory, in the order that keeps garbage cheap: length, hash, fresh clocks and lease,
 * look-up and decision, limit, usage; checksum and keyed tag only where no key has the hash.
 *
 * @returns the first letter of the code, as a number: 86 is VALID
 */
export function verifyWhole(verifier: Verifier, secret: string, request: VerifyRequest): number {
  if (secret.length < MIN_KEY_LENGTH || secret.length > MAX_KEY_LENGTH) return MALFORMED;
  const hash = hashOf(secret);
  const mono = performance.now();
  const wall = Date.now();
  if (!leaseValid(verifier.lease, { mono, wall })) return UNAVAILABLE;
  const outcome = verifier.table.check(hash, request, verifier.catalogue, wall);
  if (outcome < 0) {
    return assessKey(secret, verifier.tagKeys, sha256Text) === "genuine" ? UNAVAILABLE : NOT_FOUND;
  }
  if (!isValid(outcome)) {
    verifier.table.countUse(outcome, wall);
    return codeOf(outcome).charCodeAt(0);
  }
  if (!verifier.limiter.spend(verifier.table.handleOf(outcome), mono)) return RATE_LIMITED;
  verifier.table.countUse(outcome, wall);
  return VALID;
}

export const VALID = 86;
export const NOT_FOUND = 78;
const MALFORMED = 77;
const UNAVAILABLE = 85;
const RATE_LIMITED = 82;

/** A lease that outlasts every benchmark. */
export function longLease(): NodeLease {
  return {
    ...{ phase: "in", termMs: 3_600_000, incarnation: "bench", epoch: "bench", applied: 1, tokens: ["bench"] },
    ...{ renewal: null, waiting: [], leasedFrom: { mono: performance.now(), wall: Date.now() } },
  };
}
