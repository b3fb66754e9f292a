import type { Acting, Done } from "../../kernel/act.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import { demandEndable } from "./emergency.ts";
import type { RotationPorts } from "./ports.ts";
import { workingVersions } from "./rotation.ts";
import { dependantsWait, notSeen, versionInUse, wasUsed } from "./warnings.ts";

/**
 * "I have updated my integration": the old version only waits for its end. Carried out with a warning while the old version is still used,
 * or the new one was not seen yet; where it would end the old version at once before that, it is an emergency and takes the same scope.
 * Confirmed already: nothing changes. Throws INSUFFICIENT_SCOPE, and as `actOnRotation` does.
 */
export function confirmRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  act: RotationAct,
): Promise<Done<RotationResult>> {
  return actOnRotation(ports, acting, act, async ({ held, traffic, unit }) => {
    const { stored } = held;
    if (stored === null || stored.endedAt !== null) return { event: { type: "confirm" }, warnings: [] };
    const unseen = stored.seenAt === null && !wasUsed(traffic, stored.to);
    const endsNow = stored.graceStarts === "confirm" && stored.confirmedAt === null && stored.overlapMs === 0;
    const now = unit.now.getTime();
    const ending = endsNow ? workingVersions(held, now).filter((version) => version !== stored.to) : [stored.from];
    const endsAt = endsNow ? null : stored.oldEndsAt;
    const used = ending.flatMap((version) => versionInUse(traffic, version, endsAt, now));
    if (endsNow) await demandEndable(ports, unit.tx, held.key, act.authority, { unseen, inUse: used.length > 0 });
    return {
      event: { type: "confirm" },
      warnings: [...(unseen ? [notSeen(stored.to)] : []), ...dependantsWait(stored.dependants), ...used],
    };
  });
}
