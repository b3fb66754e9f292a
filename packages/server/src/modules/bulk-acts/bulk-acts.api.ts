import { bulkActOperations, endingOperations, pick } from "@claviger/contract";
import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import { pageOf } from "../../kernel/page.ts";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import type { ManyKeysAct } from "../keys/index.ts";
import { actOnSelection, previewSelection, type Selected, type SelectionAct } from "./act-on-selection.ts";
import type { BulkAct, BulkResult } from "./bulk-act.ts";
import { findBulkAct, selectResults } from "./bulk-acts.store.ts";
import { type FinishedBulkAct, finishBulkAct } from "./finish-bulk-act.ts";
import type { BulkActPorts, KeySelection } from "./ports.ts";

/** Results that stand in the answer itself; those of larger acts are a list of their own. */
const MOST_RESULTS = 1_000;
const SECOND_MS = 1_000;

const BY_PLACE = {
  ...{ sort: "place", kinds: ["number"] as const },
  valuesOf: ({ place }: BulkResult) => [place],
};

const showBulkAct = (bulk: BulkAct) => ({
  id: bulk.id,
  act: bulk.act.kind,
  reason: bulk.act.reason,
  comment: bulk.act.kind === "revoke" ? bulk.act.comment : null,
  selection: bulk.selection,
  by: bulk.actor,
  status: bulk.finishedAt === null ? "running" : "finished",
  keys: bulk.keys,
  acted: bulk.acted,
  outcomes: { done: 0, already: 0, final: 0, kept: 0, unknown: 0, ...bulk.outcomes },
  createdAt: bulk.createdAt.toISOString(),
  updatedAt: bulk.updatedAt.toISOString(),
  finishedAt: bulk.finishedAt?.toISOString() ?? null,
});

const shownResult = ({ key, outcome }: BulkResult) => ({ key, outcome });

/** Labels and uses of keys are shown to who may see keys. */
function showSelected(selected: Selected | null, { scopes }: ManagementPrincipal) {
  if (selected === null) return null;
  return { ...selected, sample: scopes.has("claviger:keys:read") ? selected.sample : [] };
}

/** How far an act has come, as other acts answer it that begin one; 202 while it is running. */
export async function answeredBulkAct(
  database: BulkActPorts["database"],
  { bulk, effective }: FinishedBulkAct,
): Promise<{ readonly status: number; readonly body: object }> {
  const results =
    bulk.keys > MOST_RESULTS
      ? []
      : await database.transaction(PLATFORM, (tx) => selectResults(tx, bulk.id, null, 0, MOST_RESULTS));
  return {
    status: bulk.finishedAt === null ? 202 : 200,
    body: { bulkAct: showBulkAct(bulk), results: results.map(shownResult), effective },
  };
}

async function answered(
  ports: BulkActPorts,
  principal: ManagementPrincipal,
  { selected, ...finished }: FinishedBulkAct & { readonly selected: Selected | null },
): Promise<Answer> {
  const { status, body } = await answeredBulkAct(ports.database, finished);
  return { status, body: { dryRun: false, selected: showSelected(selected, principal), ...body } };
}

interface ManyBody extends KeySelection {
  readonly dryRun: boolean;
  readonly confirm?: number | string | undefined;
  readonly waitSeconds: number;
}

export function bulkActsRoutes(ports: BulkActPorts): Route[] {
  const many = async (
    call: Parameters<typeof actingOf>[0] & { readonly principal: ManagementPrincipal },
    act: ManyKeysAct,
    { dryRun, confirm, waitSeconds, ...given }: ManyBody,
  ): Promise<Answer> => {
    const { account, member, service, tag, view, ids } = given;
    const selection: KeySelection = JSON.parse(JSON.stringify({ account, member, service, tag, view, ids }));
    if (dryRun) {
      const selected = await previewSelection(ports, call.principal, selection);
      const shown = showSelected(selected, call.principal);
      return { status: 200, body: { dryRun, bulkAct: null, selected: shown, results: [], effective: null } };
    }
    const acting = actingOf<{ readonly id: string; readonly facts: Selected }>(call, async ({ id }) => ({ id }));
    const wanted: SelectionAct = { act, selection, confirm, withinMs: waitSeconds * SECOND_MS };
    return answered(ports, call.principal, await actOnSelection(ports, acting, call.principal, wanted));
  };
  return [
    route(pick(endingOperations, "keys.revoke-many"), (call) => {
      const { reason, comment = null } = call.body;
      return many(call, { kind: "revoke", reason, comment }, call.body);
    }),
    route(pick(endingOperations, "keys.suspend-many"), (call) =>
      many(call, { kind: "suspend", reason: call.body.reason }, call.body),
    ),
    route(pick(bulkActOperations, "bulk-acts.finish"), async (call) => {
      const acting = actingOf<void>(call, async () => undefined);
      const withinMs = (call.body?.waitSeconds ?? 20) * SECOND_MS;
      const finished = await finishBulkAct(ports, acting, call.params.id, withinMs);
      return answered(ports, call.principal, { ...finished, selected: null });
    }),
    route(pick(bulkActOperations, "bulk-acts.get"), (call) =>
      ports.database.transaction(PLATFORM, async (tx) => {
        const bulk = await findBulkAct(tx, call.params.id);
        if (bulk === null) throw new ClavigerError("NOT_FOUND");
        return { status: 200, body: showBulkAct(bulk) };
      }),
    ),
    route(pick(bulkActOperations, "bulk-acts.results"), (call) =>
      ports.database.transaction(PLATFORM, async (tx) => {
        const { id } = call.params;
        if ((await findBulkAct(tx, id)) === null) throw new ClavigerError("NOT_FOUND");
        const { outcome = null } = call.query;
        const page = await pageOf<BulkResult>(call.query, BY_PLACE, (after, count) =>
          selectResults(tx, id, outcome, Number(after?.[0] ?? 0), count),
        );
        return { status: 200, body: { data: page.data.map(shownResult), nextCursor: page.nextCursor } };
      }),
    ),
  ];
}
