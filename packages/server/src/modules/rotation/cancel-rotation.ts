import type { Acting, Done } from "../../kernel/act.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import type { RotationPorts } from "./ports.ts";
import { versionInUse } from "./warnings.ts";

/**
 * Ends the new version, in force everywhere when it returns; the old one is in force as before. Carried out with a warning where the new
 * version is in use. Cancelled already: passes the barrier again. Throws as `actOnRotation` does.
 */
export function cancelRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  act: RotationAct,
): Promise<Done<RotationResult>> {
  return actOnRotation(ports, acting, act, ({ held: { stored }, traffic, unit }) => ({
    event: { type: "cancel" },
    warnings: stored === null ? [] : versionInUse(traffic, stored.to, null, unit.now.getTime()),
  }));
}
