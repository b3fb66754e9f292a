import {
  type GraceStart,
  isKeyEnded,
  isLive,
  isOpenRotation,
  type RotatingKey,
  type Rotation,
  type RotationKind,
  type RotationPhase,
  versionWorks,
} from "./rotation.ts";

/** What happens to a key. */
export type RotationEvent =
  | {
      readonly type: "rotate";
      readonly kind: RotationKind;
      /** Of an emergency it does not count. */
      readonly overlapMs: number;
      readonly graceStarts: GraceStart;
      /** The old version ends so long after now at the latest. */
      readonly longestMs: number;
      /** The key's expiry from now on; null: never. */
      readonly expiresAt: number | null;
      /** Whether the version in force is known to be used: then a rotation that brought it is not undone. */
      readonly currentInUse: boolean;
    }
  /** The new version was found to be in use. */
  | { readonly type: "used" }
  | { readonly type: "confirm" }
  /** The old version is to end so much later. */
  | { readonly type: "extend"; readonly byMs: number }
  /** `latest`: the key expires then at the latest, once the old version is in force again; null: no bound. */
  | { readonly type: "cancel"; readonly latest: number | null }
  | { readonly type: "finish" }
  /** Nothing but time. */
  | { readonly type: "tick" };

export type RotationRefusal =
  | "key-revoked"
  /** A key that has expired takes a new version only with an expiry that is to come. */
  | "key-expired"
  | "too-many-versions"
  | "never-rotated"
  | "rotation-done"
  | "rotation-cancelled"
  | "rotation-superseded"
  | "beyond-last-date";

/** What others are told of. */
export type RotationNews =
  | "rotation.started"
  | "rotation.seen_in_use"
  | "rotation.confirmed"
  | "rotation.extended"
  | "rotation.cancelled"
  | "rotation.finished";

/** What whoever keeps the key has to do, in this order and all of it or nothing. */
export type RotationEffect =
  /** Make the secret of this version, which lives as long as the key. */
  | { readonly do: "issue"; readonly version: number }
  /** This version is ended from now on. `worked`: it was accepted until now. */
  | { readonly do: "end"; readonly version: number; readonly worked: boolean }
  /** This version ends at that time, null: with its key. `sooner`: than it would have. */
  | { readonly do: "set-end"; readonly version: number; readonly endsAt: number | null; readonly sooner: boolean }
  /** `rotation`: the one that it is about, as it is now. */
  | { readonly do: "tell"; readonly news: RotationNews; readonly rotation: Rotation }
  /** Nothing changed: the event is not possible now. */
  | { readonly do: "refuse"; readonly why: RotationRefusal }
  /** Nothing changed: it was so already. */
  | { readonly do: "nothing" };

export type Stepped = readonly [key: RotatingKey, effects: readonly RotationEffect[]];

/**
 * One step of the life of a key's versions. Pure and total: no clock, no I/O. What time has done until `now` is done
 * first, whatever the event, so that nothing can be done to a rotation that is over.
 *
 * At no time no version works, unless the key itself has ended: whatever ends one leaves another that lives as long as
 * the key. No version that was given an end outlives its last date.
 */
export function stepRotation(key: RotatingKey, event: RotationEvent, now: number): Stepped {
  const [settled, passed] = settle(key, now);
  const [next, effects] = apply(settled, event, now);
  return [next, [...passed, ...effects]];
}

function apply(key: RotatingKey, event: RotationEvent, now: number): Stepped {
  switch (event.type) {
    case "rotate":
      return rotate(key, event, now);
    case "used":
      return observe(key, now);
    case "confirm":
      return onOpen(key, (rotation) => (rotation.confirmedAt === null ? confirm(key, rotation, now) : nothing(key)));
    case "extend":
      return onOpen(key, (rotation) => extend(key, rotation, event.byMs));
    case "cancel":
      if (key.rotation?.phase === "cancelled") return nothing(key);
      return onOpen(key, (rotation) => cancel(key, rotation, now, event.latest));
    case "finish":
      if (key.rotation?.phase === "done") return nothing(key);
      return onOpen(key, (rotation) => finish(key, rotation, now));
    case "tick":
      return [key, []];
    default:
      return event satisfies never;
  }
}

/** What is seen asks for nothing, so nothing is refused: of a rotation that is over it says nothing new. */
function observe(key: RotatingKey, now: number): Stepped {
  const { rotation } = key;
  return rotation === null || rotation.endedAt !== null || rotation.seenAt !== null
    ? nothing(key)
    : see(key, rotation, now);
}

const nothing = (key: RotatingKey): Stepped => [key, [{ do: "nothing" }]];
const refuse = (key: RotatingKey, why: RotationRefusal): Stepped => [key, [{ do: "refuse", why }]];

const OVER: Partial<Record<RotationPhase, RotationRefusal>> = {
  done: "rotation-done",
  cancelled: "rotation-cancelled",
  superseded: "rotation-superseded",
};

function onOpen(key: RotatingKey, act: (rotation: Rotation) => Stepped): Stepped {
  const { rotation } = key;
  if (key.revoked) return refuse(key, "key-revoked");
  if (rotation === null) return refuse(key, "never-rotated");
  const over = OVER[rotation.phase];
  return over === undefined ? act(rotation) : refuse(key, over);
}

/** What time alone has done: versions whose end has come are ended, and so is the rotation that waited for it. */
function settle(key: RotatingKey, now: number): Stepped {
  const { rotation } = key;
  const past = key.versions.filter((life) => !life.ended && life.endsAt !== null && life.endsAt <= now);
  const effects: RotationEffect[] = past.map(({ version }) => ({ do: "end", version, worked: false }));
  const versions = key.versions.map((life) => (past.includes(life) ? { ...life, ended: true } : life));
  if (rotation === null || rotation.endedAt !== null) return [{ ...key, versions }, effects];
  if (!isKeyEnded(key, now) && now < rotation.oldEndsAt) return [{ ...key, versions }, effects];
  // With its key the old version has ended, whatever its own date.
  const endedAt = Math.min(now, rotation.oldEndsAt);
  const done: Rotation = { ...rotation, phase: "done", oldEndsAt: endedAt, endedAt };
  effects.push({ do: "tell", news: "rotation.finished", rotation: done });
  return [{ ...key, versions, rotation: done }, effects];
}

type Rotate = Extract<RotationEvent, { type: "rotate" }>;

/** Versions of one key that work at a time, at most: each is a secret that somebody may have. */
export const MOST_WORKING_VERSIONS = 20;

function rotate(before: RotatingKey, event: Rotate, now: number): Stepped {
  const emergency = event.kind === "emergency";
  if (before.revoked) return refuse(before, "key-revoked");
  if (event.expiresAt !== null && event.expiresAt <= now) return refuse(before, "key-expired");
  const working = before.versions.filter((life) => isLive(life, now));
  if (!emergency && working.length >= MOST_WORKING_VERSIONS) return refuse(before, "too-many-versions");
  const [key, effects] = keepExpired(...supersede(before, event, now), before.expiresAt);
  const [from, to] = [key.current, key.newest + 1];
  const lastDate = emergency ? now : Math.min(now + event.longestMs, key.expiresAt ?? Number.POSITIVE_INFINITY);
  const started: Rotation = {
    ...{ from, to, kind: event.kind, phase: "issued", graceStarts: event.graceStarts },
    ...{ overlapMs: emergency ? 0 : event.overlapMs, issuedAt: now, seenAt: null, confirmedAt: null },
    oldEndsAt: event.graceStarts === "now" ? Math.min(now + event.overlapMs, lastDate) : lastDate,
    ...{ lastDate, endedAt: null, priorExpiry: key.expiresAt, newExpiry: event.expiresAt },
  };
  // First the new version, then the end of the old one.
  const issued: RotatingKey = {
    ...{ ...key, expiresAt: event.expiresAt, current: to, newest: to, rotation: started },
    versions: [...key.versions, { version: to, endsAt: null, ended: false }],
  };
  const issuing: RotationEffect[] = [
    ...effects,
    { do: "issue", version: to },
    { do: "tell", news: "rotation.started", rotation: started },
  ];
  if (emergency) {
    const [finished, ends] = endOthers(issued, started, now, isKeyEnded(key, now));
    return [finished, [...issuing, ...ends]];
  }
  const [limited, limits] = setEnd(issued, started, started.oldEndsAt);
  const [settled, passed] = settle(limited, now);
  return [settled, [...issuing, ...limits, ...passed]];
}

/**
 * Clears the way for a newer rotation. A version that is in use stays in force, to be the old version of what follows, and what went before
 * it keeps its end. One that was not seen in use gives way to the version before it, and works for as long as the overlap is: uses are
 * counted after they were accepted, so that somebody may use it all the same.
 */
function supersede(key: RotatingKey, event: Rotate, now: number): Stepped {
  const { rotation } = key;
  if (rotation === null || !isOpenRotation(rotation)) return [key, []];
  const over: Rotation = { ...rotation, phase: "superseded", endedAt: now };
  if (rotation.seenAt !== null || event.currentInUse) {
    return [{ ...key, rotation: over }, [{ do: "tell", news: "rotation.cancelled", rotation: over }]];
  }
  const [next, effects] = giveWay(key, over, null);
  const overlaps = event.kind === "guided" && event.graceStarts === "now";
  const endsAt = Math.min(
    now + (overlaps ? event.overlapMs : event.longestMs),
    key.expiresAt ?? Number.POSITIVE_INFINITY,
  );
  const versions = next.versions.map((life) => (life.version === rotation.to ? { ...life, endsAt } : life));
  return [{ ...next, versions }, [{ do: "set-end", version: rotation.to, endsAt, sooner: true }, ...effects]];
}

/** What a later expiry of the key must not bring back: versions beside the one in force end with the expiry that there was. */
function keepExpired(key: RotatingKey, effects: readonly RotationEffect[], expiry: number | null): Stepped {
  if (expiry === null) return [key, effects];
  const later = key.versions.filter(
    ({ version, ended, endsAt }) => version !== key.current && !ended && (endsAt === null || endsAt > expiry),
  );
  const ends = later.map(({ version }): RotationEffect => ({ do: "set-end", version, endsAt: expiry, sooner: false }));
  const versions = key.versions.map((life) => (later.includes(life) ? { ...life, endsAt: expiry } : life));
  return [{ ...key, versions }, [...effects, ...ends]];
}

function see(key: RotatingKey, rotation: Rotation, now: number): Stepped {
  const seen: Rotation = {
    ...{ ...rotation, seenAt: now },
    phase: rotation.confirmedAt === null ? "seen" : "retiring",
  };
  return beginGrace(key, seen, "first-use", now, "rotation.seen_in_use");
}

function confirm(key: RotatingKey, rotation: Rotation, now: number): Stepped {
  const confirmed: Rotation = {
    ...{ ...rotation, confirmedAt: now },
    phase: rotation.seenAt === null ? "confirmed" : "retiring",
  };
  return beginGrace(key, confirmed, "confirm", now, "rotation.confirmed");
}

/** The overlap counts from now where it was waiting for this. */
function beginGrace(
  key: RotatingKey,
  rotation: Rotation,
  begins: GraceStart,
  now: number,
  news: RotationNews,
): Stepped {
  const waited = rotation.graceStarts === begins;
  const oldEndsAt = waited ? Math.min(now + rotation.overlapMs, rotation.oldEndsAt) : rotation.oldEndsAt;
  const [next, effects] = setEnd(key, rotation, oldEndsAt);
  const told: RotationEffect = { do: "tell", news, rotation: next.rotation ?? rotation };
  // An overlap of nothing ends now, not at a time that a slow clock has yet to reach.
  if (oldEndsAt > now) return [next, [...effects, told]];
  const [finished, ends] = finish(key, { ...rotation, oldEndsAt: now }, now);
  return [finished, [told, ...ends]];
}

function extend(key: RotatingKey, rotation: Rotation, byMs: number): Stepped {
  const until = rotation.oldEndsAt + byMs;
  if (!(until <= rotation.lastDate)) return refuse(key, "beyond-last-date");
  const [next, effects] = setEnd(key, rotation, until);
  return [next, [...effects, { do: "tell", news: "rotation.extended", rotation: next.rotation ?? rotation }]];
}

/** The new version ends now. */
function cancel(key: RotatingKey, rotation: Rotation, now: number, latest: number | null): Stepped {
  const [next, effects] = giveWay(key, { ...rotation, phase: "cancelled", endedAt: now }, latest);
  const versions = next.versions.map((life) => (life.version === rotation.to ? { ...life, ended: true } : life));
  const end: RotationEffect = { do: "end", version: rotation.to, worked: versionWorks(key, rotation.to, now) };
  return [{ ...next, versions }, [end, ...effects]];
}

/** The old version is in force as before, whatever becomes of the new one. A later change of the key's expiry is kept, up to the latest. */
function giveWay(key: RotatingKey, over: Rotation, latest: number | null): Stepped {
  const kept = key.expiresAt === over.newExpiry ? over.priorExpiry : key.expiresAt;
  const expiresAt = latest === null || (kept !== null && kept <= latest) ? kept : latest;
  const versions = key.versions.map((life) => (life.version === over.from ? { ...life, endsAt: null } : life));
  return [
    { ...key, expiresAt, current: over.from, versions, rotation: over },
    [
      { do: "set-end", version: over.from, endsAt: null, sooner: false },
      { do: "tell", news: "rotation.cancelled", rotation: over },
    ],
  ];
}

function finish(key: RotatingKey, rotation: Rotation, now: number): Stepped {
  return endOthers(key, rotation, now, isKeyEnded(key, now));
}

/** Ends every version but the new one, and the rotation with them. `dead`: none of them was accepted any more. */
function endOthers(key: RotatingKey, rotation: Rotation, now: number, dead: boolean): Stepped {
  const others = key.versions.filter(({ version, ended }) => version !== rotation.to && !ended);
  const versions = key.versions.map((life) => (others.includes(life) ? { ...life, ended: true } : life));
  const done: Rotation = { ...rotation, phase: "done", oldEndsAt: now, endedAt: now };
  const ends = others.map(
    (life): RotationEffect => ({ do: "end", version: life.version, worked: !dead && isLive(life, now) }),
  );
  return [{ ...key, versions, rotation: done }, [...ends, { do: "tell", news: "rotation.finished", rotation: done }]];
}

/** The old version of a rotation ends then. */
function setEnd(key: RotatingKey, rotation: Rotation, endsAt: number): Stepped {
  const life = key.versions.find(({ version }) => version === rotation.from);
  const moved: Rotation = { ...rotation, oldEndsAt: endsAt };
  if (life === undefined || life.endsAt === endsAt) return [{ ...key, rotation: moved }, []];
  const versions = key.versions.map((each) => (each === life ? { ...each, endsAt } : each));
  const sooner = life.endsAt === null || endsAt < life.endsAt;
  return [{ ...key, versions, rotation: moved }, [{ do: "set-end", version: rotation.from, endsAt, sooner }]];
}

/** Whether something that was accepted may be refused after these effects, now or sooner than before. */
export function takesAway(effects: readonly RotationEffect[]): boolean {
  return effects.some((effect) =>
    effect.do === "end" ? effect.worked : effect.do === "set-end" ? effect.sooner : false,
  );
}
