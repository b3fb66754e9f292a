import type { KeyRecord } from "./verdict.ts";

/**
 * When a version of a key ends, in milliseconds since the epoch, where that is before the key itself does: a rotation has
 * put another version in its place. Null where it lasts as long as the key.
 */
export function retirementOf({ versions, expiresAt }: KeyRecord, version: number): number | null {
  const own = versions.find((candidate) => candidate.version === version)?.expiresAt ?? null;
  if (own === null) return null;
  return expiresAt === null || own < expiresAt ? own : null;
}
