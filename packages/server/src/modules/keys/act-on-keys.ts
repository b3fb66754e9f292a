import type { Unit } from "../../kernel/act.ts";
import { type HeldKey, holdKeys, setState } from "./queries/many.ts";
import { type EndedKey, type RevokeReason, recordEnded } from "./record-ended.ts";

/** What is done to each of many keys. */
export type ManyKeysAct =
  | { readonly kind: "revoke"; readonly reason: RevokeReason; readonly comment: string | null }
  | { readonly kind: "suspend"; readonly reason: string };

/** `already`: it was so before; `final`: it is revoked, so that nothing else can be done to it; `unknown`: there is no such key of a customer. */
export type KeyOutcome = "done" | "already" | "final" | "unknown";

/**
 * Does one thing to many keys within a unit of work, with an audit event and an outgoing event for each that it changes, as the act on
 * one key has. Management keys are unknown to it.
 */
export async function actOnKeys(
  unit: Unit,
  ids: readonly string[],
  act: ManyKeysAct,
): Promise<ReadonlyMap<string, KeyOutcome>> {
  const held = new Map((await holdKeys(unit.tx, ids)).map((key) => [key.id, key]));
  const outcomes = new Map(ids.map((id) => [id, outcomeOf(held.get(id), act)]));
  const changing = [...held.values()].filter(({ id }) => outcomes.get(id) === "done");
  if (changing.length === 0) return outcomes;
  const after = stateAfter(act);
  await setState(
    unit.tx,
    changing.map(({ id }) => id),
    after,
    unit.now,
  );
  for (const key of changing) recordEnded(unit, key, after);
  return outcomes;
}

function outcomeOf(key: HeldKey | undefined, act: ManyKeysAct): KeyOutcome {
  if (key === undefined) return "unknown";
  if (key.state === "revoked") return act.kind === "revoke" ? "already" : "final";
  return act.kind === "suspend" && key.state === "suspended" ? "already" : "done";
}

function stateAfter(act: ManyKeysAct): EndedKey {
  return act.kind === "revoke"
    ? { state: "revoked", reason: act.reason, comment: act.comment }
    : { state: "suspended", reason: act.reason };
}
