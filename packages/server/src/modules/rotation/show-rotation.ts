import { stepRotation } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { type Authority, requireKey, statusOf, versionStatusOf } from "../keys/index.ts";
import type { VersionTraffic } from "../traffic/index.ts";
import { readRotated } from "./rotation.store.ts";
import { type RotatedKey, type StoredRotation, stateOf, tagOf } from "./rotation.ts";
import { trafficFor, unusedFor } from "./traffic-for.ts";
import type { RotationWarning } from "./warnings.ts";

const HOUR_MS = 3_600_000;
const text = (time: number | Date | null): string | null => (time === null ? null : new Date(time).toISOString());

/** A rotation as the contract shows it. */
export function shapeRotation(rotation: StoredRotation): Record<string, unknown> {
  const { from, to, kind, phase, graceStarts, startedBy } = rotation;
  return {
    ...{ key: rotation.key, from, to, kind, phase, graceStarts, overlapHours: rotation.overlapMs / HOUR_MS },
    ...{ startedAt: text(rotation.issuedAt), startedBy: { type: startedBy.type, id: startedBy.id } },
    ...{ seenAt: text(rotation.seenAt), confirmedAt: text(rotation.confirmedAt) },
    ...{ oldEndsAt: text(rotation.oldEndsAt), lastDate: text(rotation.lastDate), endedAt: text(rotation.endedAt) },
    dependants: rotation.dependants.map(({ doneAt, ...dependant }) => ({ ...dependant, doneAt: text(doneAt) })),
  };
}

export function shapeWarning({ code, message, traffic }: RotationWarning): Record<string, unknown> {
  return { code, message, traffic: traffic === null ? null : shapeTraffic(traffic) };
}

function shapeTraffic({ version, firstUsedAt, lastUsedAt, sources, ...counts }: VersionTraffic) {
  return {
    ...{ version, firstUsedAt: text(firstUsedAt), lastUsedAt: text(lastUsedAt), ...counts },
    sources: sources?.map(({ lastAt, ...source }) => ({ ...source, lastAt: text(lastAt) })) ?? null,
  };
}

/** How the rotation of a key stands, with the traffic of each version. Throws NOT_FOUND. `now` in milliseconds since the epoch. */
export async function showRotation(tx: Tx, authority: Authority, id: string, now: number) {
  const read = await readRotated(tx, await requireKey(tx, id, authority));
  const traffic = await trafficFor(authority, tx, id, new Date(now));
  const { key, stored } = read;
  return {
    ...{ key: key.id, version: key.version, status: statusOf(key, now) },
    rotation: stored === null ? null : shapeRotation(asOf(read, stored, now)),
    versions: read.versions.map((version) => {
      const use =
        traffic.versions.find((each) => each.version === version.version) ?? unusedFor(authority, version.version);
      const status = versionStatusOf(version, key, use.firstUsedAt !== null, now);
      return {
        ...{ ...shapeTraffic(use), preview: version.preview, status },
        ...{ createdAt: text(version.createdAt), expiresAt: text(version.expiresAt) },
      };
    }),
    ...{ etag: tagOf(read), since: text(traffic.since) },
  };
}

/** With what time has done since it was written. */
function asOf(read: RotatedKey, stored: StoredRotation, now: number): StoredRotation {
  const [{ rotation }] = stepRotation(stateOf(read), { type: "tick" }, now);
  return { ...stored, ...rotation };
}
