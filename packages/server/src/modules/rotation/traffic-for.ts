import type { Tx } from "../../db/index.ts";
import type { Authority } from "../keys/index.ts";
import { type KeyTraffic, versionTraffic, withoutSources } from "../traffic/index.ts";

/** From where keys are used is shown to who may see that. */
const SOURCES_SCOPE = "claviger:usage:read";

/** How the versions of a key are used, as far as this reader may know it. */
export async function trafficFor(
  { scopes }: Pick<Authority, "scopes">,
  tx: Tx,
  key: string,
  now: Date,
): Promise<KeyTraffic> {
  const traffic = await versionTraffic(tx, key, now);
  return scopes.has(SOURCES_SCOPE) ? traffic : withoutSources(traffic);
}
