import type { Tx } from "../../db/index.ts";
import type { Authority } from "../keys/index.ts";
import { type KeyTraffic, type VersionTraffic, versionTraffic, withoutSources } from "../traffic/index.ts";

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

/** Of a version that was never presented. */
export const unusedFor = ({ scopes }: Pick<Authority, "scopes">, version: number): VersionTraffic => ({
  ...{ version, firstUsedAt: null, lastUsedAt: null, accepted1h: 0, accepted24h: 0, refused24h: 0 },
  sources: scopes.has(SOURCES_SCOPE) ? [] : null,
});
