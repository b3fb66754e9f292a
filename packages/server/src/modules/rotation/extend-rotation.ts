import type { Acting, Done } from "../../kernel/act.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import type { RotationPorts } from "./ports.ts";

const HOUR_MS = 3_600_000;

/** The old version ends so many hours later than it would. Throws VALIDATION_FAILED beyond its last date, and as `actOnRotation` does. */
export function extendRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  act: RotationAct,
  hours: number,
): Promise<Done<RotationResult>> {
  return actOnRotation(ports, acting, act, () => ({
    event: { type: "extend", byMs: hours * HOUR_MS },
    warnings: [],
  }));
}
