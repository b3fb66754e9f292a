import type { Acting, Done } from "../../kernel/act.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import { demandEmergency } from "./emergency.ts";
import type { RotationPorts } from "./ports.ts";
import { versionInUse, wasUsed } from "./warnings.ts";

/**
 * Ends the old version, in force everywhere when it returns, with a warning where it is in use. Before the new version was seen in use
 * that is an emergency in all but its name, and takes the same scope. Finished already: passes the barrier again. Throws INSUFFICIENT_SCOPE, and as
 * `actOnRotation` does.
 */
export function finishRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  act: RotationAct,
): Promise<Done<RotationResult>> {
  return actOnRotation(ports, acting, act, ({ held: { stored }, traffic, unit }) => {
    if (stored === null || stored.endedAt !== null) return { event: { type: "finish" }, warnings: [] };
    if (stored.seenAt === null && !wasUsed(traffic, stored.to)) demandEmergency(act.authority);
    return { event: { type: "finish" }, warnings: versionInUse(traffic, stored.from, null, unit.now.getTime()) };
  });
}
