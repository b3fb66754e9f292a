import type { Limit, Throttle, Tier } from "@claviger/core";

/**
 * A key is the lasting thing; its versions are the secrets.
 *
 * Stored states, and what moves them:
 *   active    → suspended (suspend) → active (resume)
 *   active or suspended → revoked (revoke), for good
 * A key of the kind `requested` waits for approval: it has no version, and is the customer's once it is claimed.
 * Derived from the clock, never stored: `expired` once `expiresAt` has come, `expiring` in the days before, `rotating` until
 * `rotatingUntil`.
 */
export type KeyState = "active" | "suspended" | "revoked";

export type KeyStatus = "requested" | "active" | "expiring" | "rotating" | "suspended" | "expired" | "revoked";

export interface Key {
  readonly id: string;
  readonly account: string;
  readonly kind: "customer" | "management" | "requested";
  readonly environment: string | null;
  readonly label: string;
  readonly purpose: string | null;
  readonly rationale: string | null;
  readonly tier: Tier | null;
  readonly scopes: readonly string[];
  /** At most one of the two. */
  readonly ownerMember: string | null;
  readonly ownerTeam: string | null;
  readonly service: string | null;
  /** A member, or the management key that made it. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date | null;
  readonly state: KeyState;
  readonly stateReason: string | null;
  readonly stateComment: string | null;
  readonly stateAt: Date | null;
  readonly allowedIps: readonly string[];
  readonly allowedReferrers: readonly string[];
  readonly audiences: readonly string[];
  readonly limits: readonly Limit[];
  readonly storedIn: string | null;
  readonly criticality: "low" | "medium" | "high" | "critical" | null;
  readonly runbookUrl: string | null;
  readonly dependants: readonly unknown[];
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The one in force, and how its secret looks. */
  readonly version: number;
  readonly preview: string;
  /** Until then an older version works beside it; null where it is not being rotated. */
  readonly rotatingUntil: Date | null;
  /** Also one that is over: `throttleAt` says whether it holds. */
  readonly throttle: KeyThrottle | null;
}

/** A temporary limit, beside all others that bind the key (E3). */
export interface KeyThrottle {
  readonly amount: number;
  readonly per: Throttle["per"];
  /** At that instant it is over. */
  readonly until: Date;
  readonly reason: string;
  readonly since: Date;
}

/** One secret of a key; only a digest of it is stored. */
export interface KeyVersion {
  readonly key: string;
  readonly version: number;
  readonly preview: string;
  readonly state: "active" | "ended";
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

const DAY_MS = 86_400_000;
/** A key counts as expiring in its last seven days. */
export const EXPIRING_MS = 7 * DAY_MS;

/** revoked > expired > suspended > rotating > expiring > active > requested. `now` is in milliseconds since the epoch. */
export function statusOf(key: Pick<Key, "kind" | "state" | "expiresAt" | "rotatingUntil">, now: number): KeyStatus {
  if (key.state === "revoked") return "revoked";
  const left = key.expiresAt === null ? Number.POSITIVE_INFINITY : key.expiresAt.getTime() - now;
  if (!(left > 0)) return "expired";
  if (key.kind === "requested") return "requested";
  if (key.state === "suspended") return "suspended";
  if (key.rotatingUntil !== null && now < key.rotatingUntil.getTime()) return "rotating";
  return left <= EXPIRING_MS ? "expiring" : "active";
}

/** The throttle that holds at `now`, in milliseconds since the epoch. */
export function throttleAt({ throttle }: Pick<Key, "throttle">, now: number): KeyThrottle | null {
  return throttle !== null && now < throttle.until.getTime() ? throttle : null;
}

export type VersionStatus = "pending" | "active" | "retiring" | "ended";

/**
 * Ended, by an act or by its time; retiring, where it ends before its key; pending, where it is new beside one that is retiring and nobody
 * has used it yet. All but ended ones are accepted. `now` is in milliseconds since the epoch.
 */
export function versionStatusOf(
  { version, state, expiresAt }: Pick<KeyVersion, "version" | "state" | "expiresAt">,
  key: Pick<Key, "version" | "rotatingUntil">,
  used: boolean,
  now: number,
): VersionStatus {
  if (state === "ended" || (expiresAt !== null && expiresAt.getTime() <= now)) return "ended";
  if (expiresAt !== null) return "retiring";
  const rotating = key.rotatingUntil !== null && now < key.rotatingUntil.getTime();
  return rotating && version === key.version && !used ? "pending" : "active";
}

export function ownerOf(key: Pick<Key, "ownerMember" | "ownerTeam">): string | null {
  return key.ownerTeam === null ? key.ownerMember : `team:${key.ownerTeam}`;
}

export const keySubject = (id: string): string => `key:${id}`;

/** The fields that an audit event shows; no secret is among them. */
export function auditedFields(key: Key) {
  const {
    id,
    account,
    kind,
    createdAt,
    updatedAt,
    state,
    stateReason,
    stateComment,
    stateAt,
    ownerMember,
    ownerTeam,
    rotatingUntil,
    throttle,
    ...rest
  } = key;
  return { ...rest, owner: ownerOf(key), expiresAt: key.expiresAt?.toISOString() ?? null };
}
