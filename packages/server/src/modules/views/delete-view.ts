import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { auditedView, type SavedView } from "./saved-view.ts";
import { deleteOwnView, findOwnView } from "./views.store.ts";

/** Forgets a view. Throws NOT_FOUND for one that others keep, shared or not. */
export function deleteView(act: Act, acting: Acting<SavedView>, owner: string, name: string): Promise<Done<SavedView>> {
  return act(acting, PLATFORM, async (unit) => {
    const view = await findOwnView(unit.tx, owner, name);
    if (view === null) throw new ClavigerError("NOT_FOUND");
    await deleteOwnView(unit.tx, owner, name);
    unit.audits({
      action: "view.deleted",
      account: null,
      target: { type: "view", id: name },
      before: auditedView(view),
    });
    return view;
  });
}
