import {
  ClavigerError,
  MOST_WORKING_VERSIONS,
  type RotatingKey,
  type Rotation,
  type RotationEffect,
  type RotationEvent,
  type RotationNews,
  type RotationRefusal,
  type Secret,
  stepRotation,
  takesAway,
} from "@claviger/core";
import type { Actor, Unit } from "../../kernel/act.ts";
import { findContacts } from "../accounts/index.ts";
import {
  issueVersion,
  type Key,
  type KeysPorts,
  keySubject,
  registeredDependants,
  saveKey,
  saveVersion,
} from "../keys/index.ts";
import { insertRotation, latestRotation, saveRotation } from "./rotation.store.ts";
import { type RotatedKey, type StoredRotation, stateOf } from "./rotation.ts";

/** What one step has made of a key. */
export interface Applied {
  readonly key: Key;
  readonly rotation: StoredRotation;
  /** Of a new version. */
  readonly secret: Secret | null;
}

type Issuing = Pick<KeysPorts, "keyPrefix" | "keyring" | "random" | "sha256">;
type Told = Extract<RotationEffect, { do: "tell" }>;

/**
 * Takes one step of the state machine and writes all of it: versions, key, rotation, audit events, the change, outgoing events. The key is
 * held by the caller. Null where it was so already and nothing was written. Throws STATE_CONFLICT where the step is not possible, and
 * VALIDATION_FAILED for an extension beyond the last date.
 */
export async function applyStep(
  ports: Issuing,
  unit: Unit,
  by: Actor,
  held: RotatedKey,
  event: RotationEvent,
): Promise<Applied | null> {
  const before = stateOf(held);
  const [after, effects] = stepRotation(before, event, unit.now.getTime());
  for (const effect of effects) if (effect.do === "refuse") throw refusalOf(effect.why, before);
  const told = effects.filter((effect): effect is Told => effect.do === "tell");
  // Nothing to tell of: at most a version whose end has come, which needs nobody to write it down.
  if (after.rotation === null || told.length === 0) return null;
  const issued = await writeVersions(ports, unit, held.key, effects);
  const key = keyAfter(held, after, issued?.preview ?? null, unit.now);
  await saveKey(unit.tx, key);
  await writeRotations(unit, by, held, [...told.map(({ rotation }) => rotation), after.rotation]);
  const members = told.some(({ news }) => news === "rotation.started") ? await membersOf(unit, held.key) : [];
  for (const { news, rotation } of told) tell(unit, { ...held, members }, news, rotation, after.expiresAt);
  const sooner = isSooner(before.expiresAt, after.expiresAt);
  if (takesAway(effects) || sooner) unit.narrows(keySubject(key.id));
  else unit.widens(keySubject(key.id));
  const rotation = await latestRotation(unit.tx, key.id);
  if (rotation === null) throw new TypeError("a rotation was written and is not there");
  return { key, rotation, secret: issued?.secret ?? null };
}

/** Dependants of a key who are members of its account. */
async function membersOf({ tx }: Unit, key: Key): Promise<string[]> {
  const contacts = registeredDependants(key).flatMap(({ contact }) => contact ?? []);
  return contacts.length === 0 ? [] : findContacts(tx, key.account, contacts);
}

const isSooner = (before: number | null, after: number | null): boolean =>
  after !== null && (before === null || after < before);

async function writeVersions(ports: Issuing, { tx, now }: Unit, key: Key, effects: readonly RotationEffect[]) {
  let issued: Awaited<ReturnType<typeof issueVersion>> | null = null;
  for (const effect of effects) {
    if (effect.do === "issue") issued = await issueVersion(ports, { tx, now }, key, effect.version);
    if (effect.do === "end") await saveVersion(tx, key.id, effect.version, { state: "ended", endedAt: now });
    if (effect.do === "set-end") {
      const expiresAt = effect.endsAt === null ? null : new Date(effect.endsAt);
      await saveVersion(tx, key.id, effect.version, { state: "active", expiresAt });
    }
  }
  return issued;
}

function keyAfter({ key, versions }: RotatedKey, after: RotatingKey, issued: string | null, now: Date): Key {
  const { rotation, current } = after;
  const known = versions.find(({ version }) => version === current)?.preview ?? key.preview;
  const open = rotation !== null && rotation.endedAt === null;
  return {
    ...key,
    version: current,
    preview: issued ?? known,
    expiresAt: after.expiresAt === null ? null : new Date(after.expiresAt),
    rotatingUntil: open ? new Date(rotation.oldEndsAt) : null,
    updatedAt: now,
  };
}

/** Each rotation as the last of these says. */
async function writeRotations(
  { tx }: Unit,
  by: Actor,
  { key, stored }: RotatedKey,
  rotations: readonly Rotation[],
): Promise<void> {
  const latest = new Map(rotations.map((rotation) => [rotation.to, rotation]));
  // The one that was open before the one that follows it: of one key one is open at most.
  for (const [to, rotation] of [...latest].sort(([a], [b]) => a - b)) {
    if (to === stored?.to) await saveRotation(tx, key.id, rotation);
    else await insertRotation(tx, key, by, rotation);
  }
}

const AUDITED = {
  "rotation.started": { action: "key.rotated" },
  "rotation.seen_in_use": { action: "rotation.seen" },
  "rotation.confirmed": { action: "rotation.confirmed" },
  "rotation.extended": { action: "rotation.extended" },
  "rotation.cancelled": { action: "rotation.cancelled" },
  "rotation.finished": { action: "rotation.finished" },
} as const satisfies Record<RotationNews, { readonly action: string }>;

const HOUR_MS = 3_600_000;
const text = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString());

/** The audit event and the outgoing one. No secret is in either. */
function tell(
  unit: Unit,
  { key, stored, members }: RotatedKey & { readonly members: readonly string[] },
  news: RotationNews,
  rotation: Rotation,
  expiresAt: number | null,
): void {
  const { from, to, kind, phase, graceStarts, overlapMs } = rotation;
  const oldEndsAt = text(rotation.oldEndsAt);
  const started = news === "rotation.started";
  // The only other act that gives the key another expiry.
  const restores = phase === "cancelled";
  const was =
    stored !== null && stored.to === to
      ? {
          ...{ phase: stored.phase, oldEndsAt: text(stored.oldEndsAt) },
          ...(restores && { expiresAt: text(key.expiresAt?.getTime() ?? null) }),
        }
      : null;
  unit.audits({
    ...AUDITED[news],
    account: key.account,
    target: { type: "key", id: key.id },
    before: started ? { version: from, expiresAt: text(rotation.priorExpiry) } : was,
    after: started
      ? {
          ...{ version: to, kind, oldVersion: from, oldEndsAt, expiresAt: text(rotation.newExpiry) },
          ...{ graceStarts, overlapHours: overlapMs / HOUR_MS, lastDate: text(rotation.lastDate) },
        }
      : { version: to, oldVersion: from, kind, phase, oldEndsAt, ...(restores && { expiresAt: text(expiresAt) }) },
  });
  unit.emits({
    type: news,
    account: key.account,
    payload: {
      ...{ key: key.id, environment: key.environment, from, to, kind, phase, oldEndsAt },
      ...(started && { dependants: key.dependants.length, members }),
    },
  });
}

const REFUSALS: Record<Exclude<RotationRefusal, "beyond-last-date">, string> = {
  "key-revoked": "The key is revoked, which is final.",
  "key-expired": "The key has expired. A rotation with an expiry that is to come brings a new version.",
  "too-many-versions": `${MOST_WORKING_VERSIONS} versions of the key work already. Finish its rotation, or rotate with no overlap: both end every older one.`,
  "never-rotated": "The key was never rotated.",
  "rotation-done": "The rotation is over: the old version has ended.",
  "rotation-cancelled": "The rotation was cancelled: the new version has ended.",
  "rotation-superseded": "A newer rotation took the place of this one.",
};

function refusalOf(why: RotationRefusal, { rotation }: RotatingKey): ClavigerError {
  if (why !== "beyond-last-date") return new ClavigerError("STATE_CONFLICT", { publicDetail: REFUSALS[why] });
  const latest = text(rotation?.lastDate ?? null);
  return new ClavigerError("VALIDATION_FAILED", {
    errors: [{ path: "hours", message: `the old version works until ${latest} at the latest` }],
  });
}
