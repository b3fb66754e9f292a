import type { Unit } from "../../kernel/act.ts";
import { keySubject } from "./key.ts";
import { type HeldKey, holdKeys, setOwner, setState } from "./queries/many.ts";
import type { RevokeReason } from "./revoke-key.ts";

/** What is done to each of many keys. `to`: a member of the keys' account. */
export type ManyKeysAct =
  | { readonly kind: "revoke"; readonly reason: RevokeReason; readonly comment: string | null }
  | { readonly kind: "suspend"; readonly reason: string }
  | { readonly kind: "hand-over"; readonly to: string };

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
  await write(unit, changing, act);
  for (const key of changing) record(unit, key, act);
  return outcomes;
}

function outcomeOf(key: HeldKey | undefined, act: ManyKeysAct): KeyOutcome {
  if (key === undefined) return "unknown";
  if (key.state === "revoked") return act.kind === "revoke" ? "already" : "final";
  if (act.kind === "suspend") return key.state === "suspended" ? "already" : "done";
  if (act.kind === "hand-over") return key.ownerMember === act.to ? "already" : "done";
  return "done";
}

function write(unit: Unit, keys: readonly HeldKey[], act: ManyKeysAct): Promise<void> {
  const ids = keys.map(({ id }) => id);
  switch (act.kind) {
    case "revoke":
      return setState(unit.tx, ids, "revoked", act.reason, act.comment, unit.now);
    case "suspend":
      return setState(unit.tx, ids, "suspended", act.reason, null, unit.now);
    case "hand-over":
      return setOwner(unit.tx, ids, act.to, unit.now);
  }
  return act satisfies never;
}

function record(unit: Unit, key: HeldKey, act: ManyKeysAct): void {
  const about = { account: key.account, target: { type: "key", id: key.id } };
  const { account, id } = key;
  switch (act.kind) {
    case "revoke": {
      const { reason, comment } = act;
      const after = { state: "revoked", reason, comment };
      unit.audits({ action: "key.revoked", ...about, before: { state: key.state }, after });
      unit.narrows(keySubject(id));
      unit.emits({ type: "key.revoked", account, payload: { key: id, reason } });
      return;
    }
    case "suspend": {
      const { reason } = act;
      unit.audits({
        action: "key.suspended",
        ...about,
        before: { state: key.state },
        after: { state: "suspended", reason },
      });
      unit.narrows(keySubject(id));
      unit.emits({ type: "key.suspended", account, payload: { key: id, reason } });
      return;
    }
    case "hand-over": {
      const before = { owner: key.ownerTeam === null ? key.ownerMember : `team:${key.ownerTeam}` };
      unit.audits({ action: "key.updated", ...about, before, after: { owner: act.to } });
      unit.widens(keySubject(id));
      unit.emits({ type: "key.updated", account, payload: { key: id, fields: ["owner"] } });
      return;
    }
  }
  act satisfies never;
}
