import { ClavigerError, type RotationEvent } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { type Authority, type Key, requireKey } from "../keys/index.ts";
import type { KeyTraffic } from "../traffic/index.ts";
import { applyStep } from "./apply-step.ts";
import type { RotationPorts } from "./ports.ts";
import { holdRotated, readRotated } from "./rotation.store.ts";
import { type RotatedKey, type StoredRotation, tagOf } from "./rotation.ts";
import { trafficFor } from "./traffic-for.ts";
import type { RotationWarning } from "./warnings.ts";

/** What an act on a rotation has led to. */
export interface RotationResult {
  readonly key: Key;
  readonly rotation: StoredRotation;
  readonly warnings: readonly RotationWarning[];
}

/** Who acts on which rotation. */
export interface RotationAct {
  readonly authority: Authority;
  readonly key: string;
  /** An `If-Match` header; null: whatever the rotation is like. */
  readonly match: string | null;
}

/** What is known before it is done. */
export interface Before {
  readonly held: RotatedKey;
  readonly traffic: KeyTraffic;
  readonly unit: Unit;
}

/** What happens to the rotation, and what is to be said of it. */
export interface Decided {
  readonly event: RotationEvent;
  readonly warnings: readonly RotationWarning[];
}

/**
 * One act on the open rotation of a key. Throws NOT_FOUND; STATE_CONFLICT where no rotation is open; CONFLICT where somebody else has
 * changed it while this waited; PRECONDITION_FAILED where it is not the one that `match` names.
 */
export function actOnRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  { authority, key, match }: RotationAct,
  decide: (before: Before) => Decided | Promise<Decided>,
): Promise<Done<RotationResult>> {
  return ports.keys.act(acting, PLATFORM, async (unit) => {
    const seen = await readRotated(unit.tx, await requireKey(unit.tx, key, authority));
    // Read before the key is held, so that nobody waits for it.
    const traffic = await trafficFor(authority, unit.tx, key, unit.now);
    const held = await holdAgain(unit, seen, match);
    const { event, warnings } = await decide({ held, traffic, unit });
    const applied = await applyStep(ports.keys, unit, acting.actor, held, event);
    if (applied === null) {
      unit.foundDone();
      if (held.stored === null) throw new ClavigerError("STATE_CONFLICT");
      return { key: held.key, rotation: held.stored, warnings };
    }
    demandUnchanged(seen, held);
    return { key: applied.key, rotation: applied.rotation, warnings };
  });
}

/** The key again, kept from others until the transaction ends. Throws PRECONDITION_FAILED. */
export async function holdAgain(unit: Unit, seen: RotatedKey, match: string | null): Promise<RotatedKey> {
  const held = await holdRotated(unit.tx, seen.key.id);
  if (held === null) throw new ClavigerError("NOT_FOUND");
  if (match !== null && match.trim() !== "*" && !tagsOf(match).includes(tagOf(held))) {
    throw new ClavigerError("PRECONDITION_FAILED");
  }
  return held;
}

const tagsOf = (header: string): string[] => header.split(",").map((tag) => tag.trim());

/** Of two that act at once, the one that had to wait is told so. Throws CONFLICT. */
export function demandUnchanged(seen: RotatedKey, held: RotatedKey): void {
  if (tagOf(seen) === tagOf(held)) return;
  throw new ClavigerError("CONFLICT", {
    publicDetail: "Somebody else has just changed the rotation of this key. Look at it and decide again.",
  });
}
