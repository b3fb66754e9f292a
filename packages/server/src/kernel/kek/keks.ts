import type { Clock } from "../clock.ts";
import type { Random } from "../random.ts";
import { createAwsKek } from "./aws-kek.ts";
import { type Kek, type KekPlace, kekUnavailable, type Wrapped } from "./kek.ts";
import { createLocalKek } from "./local-kek.ts";
import type { KekSource, RecoverySettings } from "./read-recovery.ts";
import { createVaultKek } from "./vault-kek.ts";

/** The key-encryption keys of a process: one that wraps, and the one before it until all is wrapped again. */
export interface Keks {
  readonly current: Kek;
  /** Null for what was altered or belongs to another place. Throws KEK_UNAVAILABLE, also where none of these wrapped it. */
  unwrap(wrapped: Wrapped, place: KekPlace): Promise<Uint8Array | null>;
}

/** Asks nobody yet: a node starts whether or not who keeps the key is there. */
export function createKeks({ kek, old }: RecoverySettings, clock: Clock, random: Random): Keks {
  const current = open(kek, clock, random);
  const all = old === null ? [current] : [current, open(old, clock, random)];
  return {
    current,
    unwrap: async (wrapped, place) => {
      const found = all.find(({ opens }) => opens(wrapped.kek));
      if (found === undefined) throw kekUnavailable(wrapped.kek, "is not among the settings of this node");
      return found.unwrap(wrapped, place);
    },
  };
}

function open(source: KekSource, clock: Clock, random: Random): Kek {
  switch (source.kind) {
    case "local":
      return createLocalKek(source.key, random);
    case "vault":
      return createVaultKek(source);
    case "awskms":
      return createAwsKek(source, clock);
    default:
      return source satisfies never;
  }
}
