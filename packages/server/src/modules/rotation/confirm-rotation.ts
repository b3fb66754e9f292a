import type { Acting, Done } from "../../kernel/act.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import type { RotationPorts } from "./ports.ts";
import { notSeen, versionInUse } from "./warnings.ts";

/**
 * "I have updated my integration": the old version only waits for its end. Carried out with a warning while the old version is still used,
 * or the new one was not seen yet. Confirmed already: nothing changes. Throws as `actOnRotation` does.
 */
export function confirmRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  act: RotationAct,
): Promise<Done<RotationResult>> {
  return actOnRotation(ports, acting, act, ({ held: { stored }, traffic, unit }) => ({
    event: { type: "confirm" },
    warnings:
      stored === null
        ? []
        : [
            ...(stored.seenAt === null && !isUsed(traffic.versions, stored.to) ? [notSeen(stored.to)] : []),
            ...versionInUse(traffic, stored.from, stored.oldEndsAt, unit.now.getTime()),
          ],
  }));
}

function isUsed(versions: readonly { version: number; firstUsedAt: Date | null }[], version: number): boolean {
  return versions.some((each) => each.version === version && each.firstUsedAt !== null);
}
