import type { Tx } from "../../db/index.ts";
import type { Unit } from "../../kernel/act.ts";
import { findMember } from "../accounts/index.ts";
import { ownerOf } from "./key.ts";
import { type HeldKey, holdKeys, type NewOwner, setOwner, setState } from "./queries/many.ts";
import { type EndedKey, type RevokeReason, recordEnded, recordHandedOver } from "./record-ended.ts";

/** What is done to each of many keys. `from`: only to those that this member owns when their turn comes. */
export type ManyKeysAct = { readonly from?: string | undefined } & (
  | { readonly kind: "revoke"; readonly reason: RevokeReason; readonly comment: string | null }
  | { readonly kind: "suspend"; readonly reason: string }
  /** To a member of the account of the keys, or a team. */
  | { readonly kind: "hand-over"; readonly reason: string; readonly from: string; readonly to: NewOwner }
);

/**
 * `already`: it was so before; `final`: it is revoked, so that nothing else can be done to it; `kept`: it is somebody else's by now, or whom
 * it was to go to is gone; `unknown`: there is no such key of a customer.
 */
export type KeyOutcome = "done" | "already" | "final" | "kept" | "unknown";

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
  const takes = await newOwnerTakes(unit.tx, [...held.values()], act);
  const outcomes = new Map(ids.map((id) => [id, outcomeOf(held.get(id), act, takes)]));
  const changing = [...held.values()].filter(({ id }) => outcomes.get(id) === "done");
  if (changing.length === 0) return outcomes;
  const changed = changing.map(({ id }) => id);
  if (act.kind === "hand-over") {
    await setOwner(unit.tx, changed, act.to, unit.now);
    for (const key of changing) recordHandedOver(unit, key, act.to, act.reason);
    return outcomes;
  }
  const after = stateAfter(act);
  await setState(unit.tx, changed, after, unit.now);
  for (const key of changing) recordEnded(unit, key, after);
  return outcomes;
}

/** Whether whom the keys go to is there; held, so that they are not deactivated meanwhile. */
async function newOwnerTakes(tx: Tx, keys: readonly HeldKey[], act: ManyKeysAct): Promise<boolean> {
  if (act.kind !== "hand-over" || act.to.ownerMember === null) return true;
  const account = keys[0]?.account;
  if (account === undefined) return false;
  const member = await findMember(tx, account, act.to.ownerMember, "share");
  return member?.status === "active";
}

function outcomeOf(key: HeldKey | undefined, act: ManyKeysAct, takes: boolean): KeyOutcome {
  if (key === undefined) return "unknown";
  if (key.state === "revoked") return act.kind === "revoke" ? "already" : "final";
  if (act.kind === "hand-over" && ownerOf(key) === ownerOf(act.to)) return "already";
  if (act.from !== undefined && key.ownerMember !== act.from) return "kept";
  if (act.kind === "hand-over") return takes ? "done" : "kept";
  return act.kind === "suspend" && key.state === "suspended" ? "already" : "done";
}

function stateAfter(act: Exclude<ManyKeysAct, { kind: "hand-over" }>): EndedKey {
  return act.kind === "revoke"
    ? { state: "revoked", reason: act.reason, comment: act.comment }
    : { state: "suspended", reason: act.reason };
}
