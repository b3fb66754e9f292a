import type { Database, Keyring } from "../db/index.ts";
import { createAct, type Effective } from "../kernel/act.ts";
import type { Clock } from "../kernel/clock.ts";
import { createIds } from "../kernel/ids.ts";
import type { Random } from "../kernel/random.ts";
import { sha256 } from "../kernel/sha256.ts";
import { createAuditWriter } from "../modules/audit/index.ts";
import { lockedSeq, logChange } from "../modules/changes/index.ts";
import { type KeysPorts, policyPreviews } from "../modules/keys/index.ts";
import type { PoliciesPorts } from "../modules/policies/index.ts";

export interface UnservedOptions {
  readonly database: Database;
  readonly keyring: Keyring;
  /** The time of every act; may lie in the past, but never goes back. */
  readonly clock: Clock;
  /** What secrets are made of. */
  readonly random: Random;
  /** What ids are made of; they are no secrets and may be repeatable. */
  readonly idRandom: Random;
  /** First part of the keys. */
  readonly keyPrefix: string;
}

export type UnservedPorts = KeysPorts & PoliciesPorts;

/**
 * The house's acts on an installation that no process serves yet. Rows, audit events and changes are written as always; only the
 * barrier has nobody to wait for, because nobody can have seen the keys that are made here.
 */
export function openUnserved(options: UnservedOptions): UnservedPorts {
  const { database, keyring, clock, random, keyPrefix } = options;
  const ids = createIds(clock, options.idRandom);
  const act = createAct({
    ...{ database, clock, ids, lockedSeq, logChange },
    appendAudit: createAuditWriter({ current: () => keyring.current("audit") }),
    committed: () => undefined,
    barrier: async (seq) => inForce(seq),
  });
  const { countEnding } = policyPreviews(database, clock);
  return { act, ids, random, keyring, sha256, keyPrefix, database, clock, countEnding };
}

const inForce = (seq: number): Effective => ({
  ...{ everywhere: true, seq, waitedMs: 0, nodes: 0, verifiers: 0, lapsed: [] },
});
