import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import type { Authority, Key } from "../keys/index.ts";
import type { RotationPorts } from "./ports.ts";

/** What an emergency takes beside what a rotation takes. */
const EMERGENCY_SCOPE = "claviger:keys:emergency";

/** For what ends a version before the one in its place is in use. Throws INSUFFICIENT_SCOPE. */
export function demandEmergency(authority: Pick<Authority, "scopes">): void {
  if (authority.scopes.has(EMERGENCY_SCOPE)) return;
  throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: EMERGENCY_SCOPE } });
}

/**
 * For what is an emergency in all but its name: where policy wants somebody's approval of emergencies, it cannot be had this way. Throws
 * INSUFFICIENT_SCOPE, STATE_CONFLICT.
 */
export async function demandEmergencyAlone(
  ports: Pick<RotationPorts, "approverOf">,
  tx: Tx,
  key: Key,
  authority: Pick<Authority, "scopes">,
): Promise<void> {
  demandEmergency(authority);
  if ((await ports.approverOf(tx, key)) === null) return;
  throw new ClavigerError("STATE_CONFLICT", {
    publicDetail:
      "The new version was not seen in use yet, and policy asks for somebody's approval of an emergency. Rotate with `overlapHours: 0` to ask for it.",
  });
}
