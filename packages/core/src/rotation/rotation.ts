/**
 * A rotation puts version n+1 of a key in the place of version n. Times are milliseconds since the epoch.
 *
 *   issued      the new version is there and nobody has used it; both work
 *   seen        the new version was used; both work
 *   confirmed   the holder says that it uses the new version, which was not seen yet; both work
 *   retiring    seen and confirmed: the old version only waits for its end; both work
 *   done        the old version has ended
 *   cancelled   the new version has ended, and the old one is in force as before
 *   superseded  a newer rotation took its place
 *
 * The first four are open, the others are over. What moves it is in `step.ts`.
 */
export type RotationPhase = "issued" | "seen" | "confirmed" | "retiring" | "done" | "cancelled" | "superseded";

/** When the overlap begins to count. Whatever it is, the old version ends at its last date. */
export const GRACE_STARTS = Object.freeze(["now", "first-use", "confirm"] as const);
export type GraceStart = (typeof GRACE_STARTS)[number];

export type RotationKind = "guided" | "emergency";

export interface Rotation {
  /** The old version and the new one. */
  readonly from: number;
  readonly to: number;
  readonly kind: RotationKind;
  readonly phase: RotationPhase;
  readonly graceStarts: GraceStart;
  readonly overlapMs: number;
  readonly issuedAt: number;
  /** When the new version was found to be in use; null: not yet. */
  readonly seenAt: number | null;
  readonly confirmedAt: number | null;
  /** When the old version ends, as things stand; never after `lastDate`. */
  readonly oldEndsAt: number;
  /** Nothing moves the end of the old version beyond it. */
  readonly lastDate: number;
  /** When it was over; null while it is open. */
  readonly endedAt: number | null;
  /** The key's expiry before the rotation, and the one that it brought; null: never. */
  readonly priorExpiry: number | null;
  readonly newExpiry: number | null;
}

/** How long one secret lives. An ended version never comes back. */
export interface VersionLife {
  readonly version: number;
  /** Null: as long as the key. */
  readonly endsAt: number | null;
  readonly ended: boolean;
}

/** A key, as far as rotations are about it. */
export interface RotatingKey {
  /** Revoked. */
  readonly revoked: boolean;
  /** Null: never. */
  readonly expiresAt: number | null;
  /** The version in force: the newest that is there to stay. */
  readonly current: number;
  /** The highest number that was ever given to a version. */
  readonly newest: number;
  /** Those that have not ended, oldest first; ended ones may be among them. */
  readonly versions: readonly VersionLife[];
  /** The latest one, open or over. */
  readonly rotation: Rotation | null;
}

export function isOpenRotation(rotation: Pick<Rotation, "endedAt"> | null): boolean {
  return rotation !== null && rotation.endedAt === null;
}

export function isKeyEnded(key: Pick<RotatingKey, "revoked" | "expiresAt">, now: number): boolean {
  return key.revoked || (key.expiresAt !== null && key.expiresAt <= now);
}

/** Whether a version of a key is accepted at this moment, as far as its life and its key's go. */
export function versionWorks(key: RotatingKey, version: number, now: number): boolean {
  const life = key.versions.find((each) => each.version === version);
  return !isKeyEnded(key, now) && life !== undefined && isLive(life, now);
}

export function isLive(life: VersionLife, now: number): boolean {
  return !life.ended && (life.endsAt === null || now < life.endsAt);
}
