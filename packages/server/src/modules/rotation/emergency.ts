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

/** A version that ends by an act of somebody. */
interface Ending {
  /** Whether the version in its place was never seen in use. */
  readonly unseen: boolean;
  /** Whether one that ends was used within 24 hours. */
  readonly inUse: boolean;
}

/**
 * For what is an emergency in all but its name: it takes the scope where nobody can have followed yet. Where policy wants somebody's approval
 * of emergencies, it cannot be had this way while what ends is in use, whoever has used the new version. Throws INSUFFICIENT_SCOPE,
 * STATE_CONFLICT.
 */
export async function demandEndable(
  ports: Pick<RotationPorts, "approverOf">,
  tx: Tx,
  key: Key,
  authority: Pick<Authority, "scopes">,
  { unseen, inUse }: Ending,
): Promise<void> {
  if (unseen) demandEmergency(authority);
  if (!(unseen || inUse) || (await ports.approverOf(tx, key)) === null) return;
  throw new ClavigerError("STATE_CONFLICT", {
    publicDetail:
      "A version that is in use would end, and policy asks for somebody's approval of that. Wait until it is not used for 24 hours, or ask with `overlapHours: 0`.",
  });
}
