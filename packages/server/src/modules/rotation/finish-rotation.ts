import { ClavigerError } from "@claviger/core";
import type { Acting, Done } from "../../kernel/act.ts";
import type { Authority } from "../keys/index.ts";
import { actOnRotation, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import type { RotationPorts } from "./ports.ts";
import { versionInUse } from "./warnings.ts";

/** What an emergency takes beside what a rotation takes. */
const EMERGENCY_SCOPE = "claviger:keys:emergency";

/** Throws INSUFFICIENT_SCOPE. */
export function demandEmergency(authority: Pick<Authority, "scopes">): void {
  if (!authority.scopes.has(EMERGENCY_SCOPE)) {
    throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: EMERGENCY_SCOPE } });
  }
}

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
    const used = traffic.versions.some(({ version, firstUsedAt }) => version === stored.to && firstUsedAt !== null);
    if (stored.seenAt === null && !used) demandEmergency(act.authority);
    return { event: { type: "finish" }, warnings: versionInUse(traffic, stored.from, null, unit.now.getTime()) };
  });
}
