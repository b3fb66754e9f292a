import type { Acting, Actor, Done, Unit } from "../../kernel/act.ts";
import { latestRestored } from "../keys/index.ts";
import { usedVersionsOf } from "../traffic/index.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import { applyStep } from "./apply-step.ts";
import type { RotationPorts } from "./ports.ts";
import { holdRotated } from "./rotation.store.ts";
import type { RotatedKey } from "./rotation.ts";
import { versionInUse } from "./warnings.ts";

/**
 * Ends the new version, in force everywhere when it returns; the old one is in force as before, with no later expiry than policies have come to
 * allow meanwhile. Carried out with a warning where the new version is in use. Cancelled already: passes the barrier again. Throws as
 * `actOnRotation` does.
 */
export function cancelRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  act: RotationAct,
): Promise<Done<RotationResult>> {
  return actOnRotation(ports, acting, act, async ({ held, traffic, unit }) => ({
    event: { type: "cancel", latest: await latestOf(unit, held) },
    warnings: held.stored === null ? [] : versionInUse(traffic, held.stored.to, null, unit.now.getTime()),
  }));
}

/**
 * Ends the new version of an open rotation that nobody has used, within an act of somebody else; false where it is used, or not the one of this
 * version any more.
 */
export async function cancelUnused(
  ports: RotationPorts,
  unit: Unit,
  actor: Actor,
  { key, version }: { readonly key: string; readonly version: number },
): Promise<boolean> {
  const held = await holdRotated(unit.tx, key);
  const stored = held?.stored ?? null;
  if (held === null || stored === null || stored.endedAt !== null || stored.to !== version) return false;
  const used = stored.seenAt !== null || (await usedVersionsOf(unit.tx, [{ key, version }])).length > 0;
  if (used) return false;
  await applyStep(ports.keys, unit, actor, held, { type: "cancel", latest: await latestOf(unit, held) });
  return true;
}

async function latestOf({ tx, now }: Unit, { key, versions, stored }: RotatedKey): Promise<number | null> {
  if (stored === null || stored.endedAt !== null) return null;
  const { from, issuedAt: replacedAt, oldEndsAt: endsAt, priorExpiry } = stored;
  const { createdAt } = versions.find(({ version }) => version === from) ?? key;
  return latestRestored(tx, key, { issuedAt: createdAt.getTime(), replacedAt, endsAt, priorExpiry }, now);
}
