import { ClavigerError } from "@claviger/core";
import { isForeignKeyViolation, PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { isOnTheWay } from "./queries/hand-overs.ts";
import { auditedStore, type Store } from "./store.ts";
import { findStore, removeStore } from "./stores.store.ts";

/** Forgets a store. What it holds stays there. Throws NOT_FOUND, STATE_CONFLICT while a secret is on its way to it or a schedule names it. */
export async function deleteStore(act: Act, acting: Acting<Store>, id: string): Promise<Done<Store>> {
  try {
    return await forgetStore(act, acting, id);
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "Keys are rotated into the store by schedule." });
  }
}

function forgetStore(act: Act, acting: Acting<Store>, id: string): Promise<Done<Store>> {
  return act(acting, PLATFORM, async (unit) => {
    const store = await findStore(unit.tx, id, "update");
    if (store === null) throw new ClavigerError("NOT_FOUND");
    if (await isOnTheWay(unit.tx, id))
      throw new ClavigerError("STATE_CONFLICT", { publicDetail: "A secret is on its way to the store." });
    await removeStore(unit.tx, id);
    unit.audits({
      ...{ action: "store.deleted", account: null, target: { type: "store", id } },
      before: auditedStore(store),
    });
    return store;
  });
}
