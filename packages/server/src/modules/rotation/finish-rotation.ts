import type { Acting, Done } from "../../kernel/act.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import { demandEndable } from "./emergency.ts";
import type { RotationPorts } from "./ports.ts";
import { workingVersions } from "./rotation.ts";
import { dependantsWait, versionInUse, wasUsed } from "./warnings.ts";

/**
 * Ends every version but the new one, in force everywhere when it returns, with a warning for each that is in use. Before the new version
 * was seen in use that is an emergency in all but its name, and takes the same scope. Finished already: passes the barrier again. Throws
 * INSUFFICIENT_SCOPE, and as `actOnRotation` does.
 */
export function finishRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  act: RotationAct,
): Promise<Done<RotationResult>> {
  return actOnRotation(ports, acting, act, async ({ held, traffic, unit }) => {
    const { stored } = held;
    if (stored === null || stored.endedAt !== null) return { event: { type: "finish" }, warnings: [] };
    const now = unit.now.getTime();
    const ending = workingVersions(held, now).filter((version) => version !== stored.to);
    const used = ending.flatMap((version) => versionInUse(traffic, version, null, now));
    const unseen = stored.seenAt === null && !wasUsed(traffic, stored.to);
    await demandEndable(ports, unit.tx, held.key, act.authority, { unseen, inUse: used.length > 0 });
    return { event: { type: "finish" }, warnings: [...dependantsWait(stored.dependants), ...used] };
  });
}
