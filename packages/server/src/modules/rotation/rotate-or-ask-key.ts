import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { type AskApproval, type Key, renewedExpiry, requireActiveMember, requireKey } from "../keys/index.ts";
import { demandUnchanged, holdAgain, type RotationAct } from "./act-on-rotation.ts";
import { demandEmergency } from "./emergency.ts";
import type { RotationPorts } from "./ports.ts";
import { prepareRotation, type Rotated, type RotateInput, wantedOf } from "./rotate-key.ts";
import { readRotated } from "./rotation.store.ts";

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
 * Lets an emergency wait where policy wants somebody's approval (A8); null where it wants nobody's, and for every other rotation. What would
 * refuse the rotation now refuses the request. Throws what `rotateKey` throws.
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
  if (wantedOf(input, await ports.policyOf(unit.tx, seen.key)).kind !== "emergency") {
    return null;
  }
  demandEmergency(authority);
  const approver = await ports.approverOf(unit.tx, seen.key);
  if (approver === null) return null;
  const held = await holdAgain(unit, seen, match);
  demandUnchanged(seen, held);
  if (held.key.state === "revoked") throw new ClavigerError("STATE_CONFLICT");
  await renewedExpiry(unit.tx, held.key, input, unit.now);
  const { expiresAt, expiresInDays } = input;
  const approval = await ask(unit, authority, {
    ...{ kind: "rotate", before: held.key, key: held.key, approver, member: asker?.id ?? null },
    input: { overlapHours: 0, graceStarts: "now", expiresAt, expiresInDays },
  });
  return { key: held.key, approval };
}
