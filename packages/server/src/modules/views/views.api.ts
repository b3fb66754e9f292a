import { pick, type ViewFilter, viewOperations } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import type { Act } from "../../kernel/act.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { deleteView } from "./delete-view.ts";
import { type SaveView, saveView } from "./save-view.ts";
import type { SavedFilter, SavedView } from "./saved-view.ts";

const SHARES = "claviger:keys:write";

export function viewsRoutes(act: Act): Route[] {
  return [
    route(pick(viewOperations, "views.save"), async (call) => {
      const acting = actingOf<SaveView>(call, async ({ view }) => shown(view));
      const { description, filter, shared, notify } = call.body;
      // What is shared stands in everybody's list, and is counted whenever anybody asks for it.
      if (shared && !call.principal.scopes.has(SHARES)) {
        throw new ClavigerError("INSUFFICIENT_SCOPE", { extra: { scope: SHARES } });
      }
      const input = { description: description ?? null, filter: withoutGaps(filter), shared, notify };
      const done = await saveView(act, acting, call.principal.keyId, call.params.name, input);
      return { status: done.value?.created === true ? 201 : 200, body: done.body };
    }),
    route(pick(viewOperations, "views.delete"), async (call) => {
      const acting = actingOf<SavedView>(call, async (view) => shown(view));
      return { status: 200, body: (await deleteView(act, acting, call.principal.keyId, call.params.name)).body };
    }),
  ];
}

function withoutGaps(filter: ViewFilter): SavedFilter {
  return Object.fromEntries(
    Object.entries(filter).flatMap(([field, value]) => (value === undefined ? [] : [[field, value]])),
  );
}

/** As its owner sees it, who alone saves and deletes it. */
function shown({ name, description, filter, shared, notify, createdAt, updatedAt }: SavedView) {
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { name, description, filter, shared, notify, mine: true, ...times };
}
