import type { GraceStart } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import type { Key, KeysPorts } from "../keys/index.ts";

/** What may be done to a key, and what is taken where nothing is said. Hours. */
export interface RotationPolicy {
  readonly overlap: {
    readonly defaultHours: number;
    /** An overlap outside of these is carried out with a warning. */
    readonly usualFromHours: number;
    readonly usualToHours: number;
    /** The old version ends so long after the new one was issued at the latest, whatever is done. */
    readonly longestHours: number;
  };
  readonly graceStarts: GraceStart;
  /** Whoever presents the key itself. */
  readonly holder: {
    readonly mayRotate: boolean;
    readonly mayRotateInEmergency: boolean;
    /** No holder ends what other holders use sooner than that, except in an emergency. */
    readonly shortestHours: number;
    /** Rotations of one key by its holders within an hour, at most. */
    readonly perHour: number;
    /** Whether the key's expiry moves as it does where staff rotate it. */
    readonly renewsExpiry: boolean;
  };
}

export interface RotationPorts {
  readonly keys: KeysPorts;
  /** The policy of this key. */
  policyOf(tx: Tx, key: Key): Promise<RotationPolicy>;
  /** Whose approval an emergency of this key needs (A8); null for nobody's. */
  approverOf(tx: Tx, key: Key): Promise<"account" | "staff" | null>;
}
