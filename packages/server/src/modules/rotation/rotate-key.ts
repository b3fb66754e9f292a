import { ClavigerError, type GraceStart, isOpenRotation, type RotationEvent, type Secret } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import {
  type Authority,
  demandMayIssue,
  demandRoomAgain,
  type HandedOver,
  type HandOverWanted,
  handOverFor,
  type PreparedSealing,
  renewedExpiry,
  requireKey,
} from "../keys/index.ts";
import { usedVersionsOf } from "../traffic/index.ts";
import { demandUnchanged, holdAgain, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import { applyStep } from "./apply-step.ts";
import { demandEmergency } from "./emergency.ts";
import type { RotationPolicy, RotationPorts } from "./ports.ts";
import { readRotated } from "./rotation.store.ts";
import { type RotatedKey, workingVersions } from "./rotation.ts";
import { trafficFor } from "./traffic-for.ts";
import { type RotationWarning, unusualOverlap, versionInUse } from "./warnings.ts";

export interface RotateInput extends HandOverWanted {
  /** Hours, 0 to 168; left out: as policy says. */
  readonly overlapHours?: number | undefined;
  readonly graceStarts?: GraceStart | undefined;
  readonly expiresAt?: string | null | undefined;
  readonly expiresInDays?: number | undefined;
}

export interface Rotated extends RotationResult, Partial<HandedOver> {
  /** In this answer and nowhere else. */
  readonly secret: Secret;
}

/** A rotation as it is asked for, with what policy says where nothing is. */
export interface Wanted {
  readonly kind: "guided" | "emergency";
  readonly overlapHours: number;
  readonly graceStarts: GraceStart;
}

/**
 * Issues the next version of a key; the one before works on until its end, which is on record from the start. With an overlap of
 * nothing it is an emergency: the one before ends at once, with every older one, in force everywhere when this returns.
 *
 * An open rotation is superseded: where its new version was seen in use it is the old version of this rotation, else it gives way to its own
 * old version and works on for the overlap.
 * Throws NOT_FOUND; STATE_CONFLICT for a revoked key, and for one of which too many versions work; INSUFFICIENT_SCOPE for an emergency
 * without the scope; VALIDATION_FAILED for an overlap beyond policy; GRANT_EXCEEDED for a management key that holds more than the one that
 * asks; CONFLICT, PRECONDITION_FAILED.
 */
export async function rotateKey(
  ports: RotationPorts,
  acting: Acting<Rotated>,
  act: RotationAct,
  input: RotateInput,
): Promise<Done<Rotated>> {
  const rotate = await prepareRotation(ports, acting, act, input);
  return ports.keys.act(acting, PLATFORM, rotate);
}

/** Asks whoever has to be asked outside of the database before anything is held. */
export async function prepareRotation(
  ports: RotationPorts,
  acting: Pick<Acting<unknown>, "actor">,
  act: RotationAct,
  input: RotateInput,
): Promise<(unit: Unit) => Promise<Rotated>> {
  const handOver = await handOverFor(ports.keys, input);
  const seal = (await ports.keys.sealer?.forKey(act.key)) ?? null;
  return async (unit) => {
    const rotated = await rotateWithin(ports, unit, acting, act, input, seal);
    return { ...rotated, ...(await handOver(unit, acting.actor, { ...rotated, version: rotated.rotation.to })) };
  };
}

/** The same within an act of somebody else, who hands the secret over in the same transaction. `seal` is what the keys' sealer has prepared. */
export async function rotateWithin(
  ports: RotationPorts,
  unit: Unit,
  acting: Pick<Acting<unknown>, "actor">,
  { authority, key: id, match }: RotationAct,
  input: RotateInput,
  seal: PreparedSealing | null,
): Promise<Omit<Rotated, keyof HandedOver>> {
  const seen = await readRotated(unit.tx, await requireKey(unit.tx, id, authority));
  const policy = await ports.policyOf(unit.tx, seen.key);
  const wanted = wantedOf(input, policy);
  if (wanted.kind === "emergency") demandEmergency(authority);
  // The account before its key, as everybody takes them who makes keys.
  await demandRoomAgain(unit, seen.key);
  const warnings = await warningsOf(unit, authority, seen, wanted, policy);
  const held = await holdAgain(unit, seen, match);
  demandUnchanged(seen, held);
  const expiresAt = await renewedExpiry(unit.tx, held.key, input, unit.now);
  demandMayIssue(held.key, authority, expiresAt);
  const rotated = await carryOut(ports, unit, acting, held, wanted, policy, expiresAt);
  await seal?.(unit, { ...rotated, version: rotated.rotation.to });
  return { ...rotated, warnings };
}

/** Throws VALIDATION_FAILED. */
export function wantedOf(input: RotateInput, policy: RotationPolicy): Wanted {
  const { defaultHours, longestHours } = policy.overlap;
  const overlapHours = input.overlapHours ?? defaultHours;
  const graceStarts = input.graceStarts ?? policy.graceStarts;
  if (overlapHours > longestHours) {
    throw new ClavigerError("VALIDATION_FAILED", {
      errors: [{ path: "overlapHours", message: `must be at most ${longestHours}` }],
    });
  }
  const emergency = overlapHours === 0 && (input.graceStarts ?? "now") === "now";
  return { kind: emergency ? "emergency" : "guided", overlapHours, graceStarts: emergency ? "now" : graceStarts };
}

const HOUR_MS = 3_600_000;

/** One step, with the secret that it made. */
export async function carryOut(
  ports: RotationPorts,
  unit: Unit,
  { actor }: Pick<Acting<unknown>, "actor">,
  held: RotatedKey,
  wanted: Wanted,
  policy: RotationPolicy,
  expiresAt: Date | null,
): Promise<Omit<Rotated, "warnings">> {
  const event: RotationEvent = {
    ...{ type: "rotate", kind: wanted.kind, graceStarts: wanted.graceStarts },
    overlapMs: wanted.overlapHours * HOUR_MS,
    longestMs: policy.overlap.longestHours * HOUR_MS,
    expiresAt: expiresAt?.getTime() ?? null,
    currentInUse: isOpenRotation(held.stored) && (await isUsed(unit.tx, held)),
  };
  const applied = await applyStep(ports.keys, unit, actor, held, event);
  if (applied === null || applied.secret === null) throw new TypeError("a rotation makes a secret");
  return { key: applied.key, rotation: applied.rotation, secret: applied.secret };
}

/** Whether the version in force was ever used, as far as it has been counted. */
export async function isUsed(tx: Tx, { key: { id, version } }: RotatedKey): Promise<boolean> {
  return (await usedVersionsOf(tx, [{ key: id, version }])).length > 0;
}

async function warningsOf(
  unit: Unit,
  authority: Authority,
  seen: RotatedKey,
  { kind, overlapHours, graceStarts }: Wanted,
  policy: RotationPolicy,
): Promise<readonly RotationWarning[]> {
  if (kind === "guided") return graceStarts === "now" ? unusualOverlap(overlapHours, policy) : [];
  const now = unit.now.getTime();
  const traffic = await trafficFor(authority, unit.tx, seen.key.id, unit.now);
  return workingVersions(seen, now).flatMap((version) => versionInUse(traffic, version, null, now));
}
