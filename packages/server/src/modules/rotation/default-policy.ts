import type { RotationPolicy } from "./ports.ts";

/** Where nobody has set another: 72 hours, at most a week, and holders may rotate what they hold, though not in haste. */
export const DEFAULT_ROTATION_POLICY: RotationPolicy = Object.freeze({
  overlap: Object.freeze({ defaultHours: 72, usualFromHours: 24, usualToHours: 72, longestHours: 168 }),
  graceStarts: "now",
  holder: Object.freeze({
    ...{ mayRotate: true, mayRotateInEmergency: false, shortestHours: 24, perHour: 4, renewsExpiry: false },
  }),
});
