import type { Tx } from "../../db/index.ts";
import type { Change } from "../../kernel/act.ts";
import { logChange } from "./changes.store.ts";

/**
 * Remembers what this process has just logged, so that after its commit it can forget the cached records at once rather
 * than when it next reads the log. A hint: an entry may be of a transaction that was rolled back, and that costs no more
 * than a record read again.
 */
export interface OwnChanges {
  logChange(tx: Tx, change: Change, at: Date): Promise<number>;
  /** The subjects logged here under this number, once; null when they are not known. */
  take(seq: number): readonly string[] | null;
}

const KEPT = 1_000;

export function createOwnChanges(): OwnChanges {
  const subjectsOf = new Map<number, readonly string[]>();
  return {
    logChange: async (tx, change, at) => {
      const seq = await logChange(tx, change, at);
      subjectsOf.set(seq, change.subjects);
      for (const oldest of subjectsOf.keys()) {
        if (subjectsOf.size <= KEPT) break;
        subjectsOf.delete(oldest);
      }
      return seq;
    },
    take: (seq) => {
      const subjects = subjectsOf.get(seq) ?? null;
      subjectsOf.delete(seq);
      return subjects;
    },
  };
}
