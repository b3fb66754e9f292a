import { isDeepStrictEqual } from "node:util";
import { ClavigerError } from "@claviger/core";
import { isUniqueViolation, PLATFORM } from "../../db/index.ts";
import type { Act, Acting, Done } from "../../kernel/act.ts";
import { forgetRows } from "./queries.ts";
import { auditedView, MOST_VIEWS, type SavedView } from "./saved-view.ts";
import { countOwnViews, findOwnView, putView } from "./views.store.ts";

export type SaveViewInput = Pick<SavedView, "description" | "filter" | "shared" | "notify">;

export interface SaveView {
  readonly view: SavedView;
  readonly created: boolean;
}

/** Keeps a filter under a name, or replaces what is kept under it. Throws CONFLICT where others share a view of this name, or there are too many. */
export async function saveView(
  act: Act,
  acting: Acting<SaveView>,
  owner: string,
  name: string,
  input: SaveViewInput,
): Promise<Done<SaveView>> {
  try {
    return await act(acting, PLATFORM, async (unit) => {
      const existing = await findOwnView(unit.tx, owner, name);
      if (existing === null && (await countOwnViews(unit.tx, owner)) >= MOST_VIEWS) {
        throw new ClavigerError("CONFLICT", { publicDetail: `A management key keeps at most ${MOST_VIEWS} views.` });
      }
      const view: SavedView = {
        owner,
        name,
        ...input,
        createdAt: existing?.createdAt ?? unit.now,
        updatedAt: unit.now,
      };
      await putView(unit.tx, view);
      if (existing !== null && !isDeepStrictEqual(existing.filter, view.filter)) await forgetRows(unit.tx, owner, name);
      unit.audits({
        action: "view.saved",
        account: null,
        target: { type: "view", id: name },
        ...(existing === null ? {} : { before: auditedView(existing) }),
        after: auditedView(view),
      });
      return { view, created: existing === null };
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new ClavigerError("CONFLICT", { publicDetail: "Somebody shares a view of this name." });
  }
}
