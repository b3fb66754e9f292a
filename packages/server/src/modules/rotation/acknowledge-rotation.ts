import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { requireKey } from "../keys/index.ts";
import { demandUnchanged, holdAgain, type RotationAct, type RotationResult } from "./act-on-rotation.ts";
import { waitingOf } from "./dependant.ts";
import type { RotationPorts } from "./ports.ts";
import { latestRotation, readRotated, saveDependants } from "./rotation.store.ts";

/**
 * Says that a dependant uses the new version. It moves nothing by itself: the old version ends when it would. Said already: nothing changes.
 * Throws NOT_FOUND; VALIDATION_FAILED where nobody of that name was registered when the rotation began; STATE_CONFLICT where none is open;
 * CONFLICT, PRECONDITION_FAILED.
 */
export function acknowledgeRotation(
  ports: RotationPorts,
  acting: Acting<RotationResult>,
  { authority, key: id, match }: RotationAct,
  name: string,
): Promise<Done<RotationResult>> {
  return ports.keys.act(acting, PLATFORM, async (unit) => {
    const seen = await readRotated(unit.tx, await requireKey(unit.tx, id, authority));
    const held = await holdAgain(unit, seen, match);
    const { key, stored } = held;
    const open = stored !== null && stored.endedAt === null && stored.oldEndsAt > unit.now.getTime();
    if (!open) throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The key is not being rotated." });
    const named = stored.dependants.filter((dependant) => dependant.name === name);
    if (named.length === 0) {
      throw new ClavigerError("VALIDATION_FAILED", {
        errors: [{ path: "dependant", message: "nobody of that name was registered when the rotation began" }],
      });
    }
    if (waitingOf(named).length === 0) {
      unit.foundDone();
      return { key, rotation: stored, warnings: [] };
    }
    demandUnchanged(seen, held);
    const { type, id: by } = acting.actor;
    const done = { doneAt: unit.now.getTime(), doneBy: { type, id: by } };
    const dependants = stored.dependants.map((dependant) =>
      dependant.name === name && dependant.doneAt === null ? { ...dependant, ...done } : dependant,
    );
    await saveDependants(unit.tx, { ...stored, dependants });
    const waiting = waitingOf(dependants).length;
    unit.audits({
      ...{ action: "rotation.acknowledged", account: key.account, target: { type: "key", id } },
      after: { version: stored.to, dependant: name, waiting },
    });
    unit.emits({
      type: "rotation.acknowledged",
      account: key.account,
      payload: { key: id, environment: key.environment, to: stored.to, waiting },
    });
    return { key, rotation: (await latestRotation(unit.tx, id)) ?? stored, warnings: [] };
  });
}
