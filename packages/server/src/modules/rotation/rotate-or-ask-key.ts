import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import {
  type AskApproval,
  approverFor,
  type Key,
  renewedExpiry,
  requireActiveMember,
  requireKey,
} from "../keys/index.ts";
import { demandUnchanged, holdAgain, type RotationAct } from "./act-on-rotation.ts";
import { demandEmergency } from "./emergency.ts";
import type { RotationPorts } from "./ports.ts";
import { prepareRotation, type Rotated, type RotateInput, wantedOf } from "./rotate-key.ts";
import { readRotated } from "./rotation.store.ts";

/** An overlap that is shorter is an emergency where policy asks for approval of those. */
const SHORTEST_HOURS = 24;

/** A rotation that waits for somebody's approval. Nothing is done to the key yet. */
export interface WaitingRotation {
  readonly key: Key;
  /** As the module of approvals shows it. */
  readonly approval: unknown;
}

/** What a rotation is asked for with: of an emergency also the member in whose name. */
interface AskedRotation extends RotateInput {
  readonly requestedBy?: string | undefined;
}

/** The same as `rotateKey`, where an emergency is asked for when policy wants somebody's approval (A8). */
export async function rotateOrAskKey(
  ports: RotationPorts,
  acting: Acting<Rotated | WaitingRotation>,
  act: RotationAct,
  input: AskedRotation,
  ask: AskApproval,
): Promise<Done<Rotated | WaitingRotation>> {
  const rotate = await prepareRotation(ports, acting, act, input);
  return ports.keys.act(
    acting,
    PLATFORM,
    async (unit) => (await askEmergency(ports, unit, act, input, ask)) ?? rotate(unit),
  );
}

/**
 * Lets an emergency wait where policy wants somebody's approval (A8), and there every rotation of a short overlap; null where it wants
 * nobody's, and for every other rotation. What would refuse the rotation now refuses the request. Throws what `rotateKey` throws.
 */
async function askEmergency(
  ports: RotationPorts,
  unit: Unit,
  { authority, key: id, match }: RotationAct,
  { requestedBy, ...input }: AskedRotation,
  ask: AskApproval,
): Promise<WaitingRotation | null> {
  const seen = await readRotated(unit.tx, await requireKey(unit.tx, id, authority));
  const asker = await requireActiveMember(unit.tx, seen.key.account, requestedBy, "requestedBy");
  const wanted = wantedOf(input, await ports.policyOf(unit.tx, seen.key));
  if (wanted.kind === "emergency") demandEmergency(authority);
  await demandNoLonger(unit, seen.key, input);
  // Hours in which nobody can follow end the old version as well as none.
  if (wanted.overlapHours >= SHORTEST_HOURS) return null;
  const approver = await ports.approverOf(unit.tx, seen.key);
  if (approver === null) return null;
  const held = await holdAgain(unit, seen, match);
  demandUnchanged(seen, held);
  if (held.key.state === "revoked") throw new ClavigerError("STATE_CONFLICT");
  await renewedExpiry(unit.tx, held.key, input, unit.now);
  const { expiresAt, expiresInDays } = input;
  const { overlapHours, graceStarts } = wanted;
  const approval = await ask(unit, authority, {
    ...{ kind: "rotate", before: held.key, key: held.key, approver, member: asker?.id ?? null },
    input: { overlapHours, graceStarts, expiresAt, expiresInDays },
  });
  return { key: held.key, approval };
}

/** A later end is a change that lets the key do more, and waits where such changes do. Throws STATE_CONFLICT. */
async function demandNoLonger(unit: Unit, key: Key, input: RotateInput): Promise<void> {
  if (input.expiresAt === undefined && input.expiresInDays === undefined) return;
  const asked = await renewedExpiry(unit.tx, key, input, unit.now);
  const later = key.expiresAt !== null && (asked === null || asked > key.expiresAt);
  if (!later || (await approverFor(unit.tx, "update", key)) === null) return;
  throw new ClavigerError("STATE_CONFLICT", {
    publicDetail:
      "A later expiry of this key waits for approval. Rotate it without one, and ask for it by a change of the key.",
  });
}
