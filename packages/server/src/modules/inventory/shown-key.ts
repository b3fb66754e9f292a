import type { Tx } from "../../db/index.ts";
import {
  type Key,
  type KeyVersion,
  ownerOf,
  statusOf,
  tagOfKey,
  throttleAt,
  versionStatusOf,
  versionsOf,
} from "../keys/index.ts";
import { type KeyUse, recoverableOf, usesOf } from "./inventory.store.ts";

const text = (time: Date | null | undefined): string | null => time?.toISOString() ?? null;

/** Keys as the contract shows them, each with its versions and what is known of their use. `now` in milliseconds since the epoch. */
export async function showKeys(tx: Tx, keys: readonly Key[], now: number): Promise<readonly Record<string, unknown>[]> {
  const ids = keys.map((key) => key.id);
  const versions = Map.groupBy(await versionsOf(tx, ids), (version) => version.key);
  const uses = Map.groupBy(await usesOf(tx, ids, new Date(now)), (use) => use.key);
  const kept = await recoverableOf(tx, ids);
  return keys.map((key) => ({
    ...shape(key, versions.get(key.id) ?? [], uses.get(key.id) ?? [], now),
    recoverable: kept.has(`${key.id}:${key.version}`),
  }));
}

export async function showKey(tx: Tx, key: Key, now: number): Promise<Record<string, unknown>> {
  const [shown] = await showKeys(tx, [key], now);
  if (shown === undefined) throw new TypeError("one key was given and none was shown");
  return shown;
}

function shape(
  key: Key,
  versions: readonly KeyVersion[],
  uses: readonly KeyUse[],
  now: number,
): Record<string, unknown> {
  const latest = (field: "lastUsedAt" | "lastRefusedAt"): KeyUse | undefined =>
    uses.filter((use) => use[field] !== null).sort((a, b) => Number(b[field]) - Number(a[field]))[0];
  const own = shownThrottle(key, now);
  return {
    ...ownPart(key, key.version, now),
    throttle: own === null ? null : { ...own, reason: key.throttle?.reason, since: text(key.throttle?.since) },
    purpose: key.purpose,
    owner: ownerOf(key),
    service: key.service,
    createdBy: key.createdBy,
    updatedAt: text(key.updatedAt),
    lastUsedAt: text(latest("lastUsedAt")?.lastUsedAt),
    lastRefusedAt: text(latest("lastRefusedAt")?.lastRefusedAt),
    lastRefusedCode: latest("lastRefusedAt")?.lastRefusedCode ?? null,
    requests30d: uses[0]?.requests30d ?? 0,
    statusReason: key.stateReason,
    statusComment: key.stateComment,
    statusAt: text(key.stateAt),
    rationale: key.rationale,
    storedIn: key.storedIn,
    criticality: key.criticality,
    runbookUrl: key.runbookUrl,
    dependants: key.dependants,
    versions: versions.map((version) => shapeVersion(key, version, uses, now)),
    etag: tagOfKey(key),
    tags: key.tags,
    metadata: key.metadata,
  };
}

function shapeVersion(key: Key, version: KeyVersion, uses: readonly KeyUse[], now: number) {
  const use = uses.find((candidate) => candidate.version === version.version);
  return {
    version: version.version,
    preview: version.preview,
    status: versionStatusOf(version, key, use?.firstUsedAt != null, now),
    createdAt: text(version.createdAt),
    firstUsedAt: text(use?.firstUsedAt),
    lastUsedAt: text(use?.lastUsedAt),
    expiresAt: text(version.expiresAt),
  };
}

/** What the holder of a secret may know of its key. */
function ownPart(key: Key, version: number, now: number): Record<string, unknown> {
  return {
    id: key.id,
    label: key.label,
    account: key.account,
    environment: key.environment,
    scopes: key.scopes,
    tier: key.tier,
    status: statusOf(key, now),
    version,
    preview: key.preview,
    createdAt: text(key.createdAt),
    expiresAt: text(key.expiresAt),
    allowedIps: key.allowedIps,
    allowedReferrers: key.allowedReferrers,
    audiences: key.audiences,
    limits: key.limits,
    throttle: shownThrottle(key, now),
  };
}

/** As the holder sees it. */
function shownThrottle(key: Key, now: number) {
  const throttle = throttleAt(key, now);
  return throttle === null ? null : { amount: throttle.amount, per: throttle.per, until: text(throttle.until) };
}

/** The same, with the version that was presented: how its secret looks, and when it retires where that is before the key ends. */
export async function showOwn(tx: Tx, key: Key, version: number, now: number): Promise<Record<string, unknown>> {
  const presented = (await versionsOf(tx, [key.id])).find((each) => each.version === version);
  const ends = presented?.expiresAt ?? null;
  const before = ends !== null && (key.expiresAt === null || ends < key.expiresAt);
  return {
    ...{ ...ownPart(key, version, now), preview: presented?.preview ?? key.preview },
    retiresAt: before ? text(ends) : null,
  };
}
