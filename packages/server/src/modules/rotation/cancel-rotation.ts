import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { latestRestored } from "../keys/index.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import type { RotationPorts } from "./ports.ts";
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

async function latestOf({ tx, now }: Unit, { key, versions, stored }: RotatedKey): Promise<number | null> {
  if (stored === null || stored.endedAt !== null) return null;
  const { from, issuedAt: replacedAt, oldEndsAt: endsAt, priorExpiry } = stored;
  const { createdAt } = versions.find(({ version }) => version === from) ?? key;
  return latestRestored(tx, key, { issuedAt: createdAt.getTime(), replacedAt, endsAt, priorExpiry }, now);
}
