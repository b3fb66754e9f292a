import type { Tx } from "../../db/index.ts";
import { approverFor, type Key, readPolicyOf } from "../keys/index.ts";
import type { RotationPolicy } from "./ports.ts";

/** Where nobody has set another: 72 hours, at most a week, and holders may rotate what they hold, though not in haste. */
const DEFAULT_ROTATION_POLICY: RotationPolicy = Object.freeze({
  overlap: Object.freeze({ defaultHours: 72, usualFromHours: 24, usualToHours: 72, longestHours: 168 }),
  graceStarts: "now",
  holder: Object.freeze({
    ...{ mayRotate: true, mayRotateInEmergency: false, shortestHours: 24, perHour: 4, renewsExpiry: false },
  }),
});

/** As the key's policy says how long both versions work: that is a usual overlap, and one that its holders may ask for. */
export async function rotationPolicyOf(tx: Tx, key: Key): Promise<RotationPolicy> {
  const { overlap, holder, ...rest } = DEFAULT_ROTATION_POLICY;
  const hours = (await readPolicyOf(tx, key)).policy.overlapHours.value;
  return {
    ...rest,
    overlap: {
      ...{ defaultHours: hours, longestHours: overlap.longestHours },
      usualFromHours: Math.min(overlap.usualFromHours, hours),
      usualToHours: Math.max(overlap.usualToHours, hours),
    },
    holder: { ...holder, shortestHours: Math.min(holder.shortestHours, hours) },
  };
}

/** Management keys are the platform's own: whoever may make them needs nobody. */
export async function emergencyApproverOf(tx: Tx, key: Key): Promise<"account" | "staff" | null> {
  return key.kind === "customer" ? approverFor(tx, "rotate", key) : null;
}
