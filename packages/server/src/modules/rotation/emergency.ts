import { ClavigerError } from "@claviger/core";
import type { Authority } from "../keys/index.ts";

/** What an emergency takes beside what a rotation takes. */
const EMERGENCY_SCOPE = "claviger:keys:emergency";

/** For what ends a version before the one in its place is in use. Throws INSUFFICIENT_SCOPE. */
export function demandEmergency(authority: Pick<Authority, "scopes">): void {
  if (authority.scopes.has(EMERGENCY_SCOPE)) return;
  throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: EMERGENCY_SCOPE } });
}
