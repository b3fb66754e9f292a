import type { Acting, Unit } from "../../kernel/act.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { ManyKeysAct } from "../keys/index.ts";
import { accountOf, type BulkAct } from "./bulk-act.ts";
import { insertBulkAct } from "./bulk-acts.store.ts";

/** Freezes the keys, within the unit of whatever asks for it. Nothing is done to a key yet: see finish-bulk-act.ts. */
export async function startBulkAct(
  ports: { readonly ids: Ids },
  unit: Unit,
  { actor, source }: Pick<Acting<unknown>, "actor" | "source">,
  act: ManyKeysAct,
  selection: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Promise<BulkAct> {
  const bulk: BulkAct = {
    ...{ id: ports.ids.make("bulk"), act, selection, actor, source },
    ...{ keys: keys.length, acted: 0, outcomes: {} },
    ...{ createdAt: unit.now, updatedAt: unit.now, finishedAt: keys.length === 0 ? unit.now : null },
  };
  await insertBulkAct(unit.tx, bulk, keys);
  unit.audits({
    action: "bulk-act.started",
    account: accountOf(bulk),
    target: { type: "bulk-act", id: bulk.id },
    after: { ...act, selection, keys: keys.length },
  });
  return bulk;
}
