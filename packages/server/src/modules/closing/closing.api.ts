import { closingOperations, pick } from "@claviger/contract";
import type { ManagementPrincipal } from "../../kernel/principal.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { type Account, showAccount } from "../accounts/index.ts";
import { answeredBulkAct, finishBulkAct } from "../bulk-acts/index.ts";
import { closeAccount, type PreviewedClosing, previewClosing } from "./close-account.ts";
import { AccountExports } from "./export-account.ts";
import type { ClosingPorts, ExportPorts } from "./ports.ts";

const SECOND_MS = 1_000;
const NOTHING = { bulkAct: null, results: [], effective: null };

/** Labels and uses of keys are shown to who may see keys. */
function showPreview({ keys, confirm }: PreviewedClosing, { scopes }: ManagementPrincipal) {
  return { ...keys, sample: scopes.has("claviger:keys:read") ? keys.sample : [], confirm };
}

/** What is rendered is kept for a repeat, and with it the act that is gone on with. */
interface Rendered {
  readonly account: object;
  readonly closingAct: string | null;
}

export function closingRoutes(ports: ClosingPorts & ExportPorts): Route[] {
  const exports = new AccountExports(ports);
  return [
    route(pick(closingOperations, "accounts.close"), async (call) => {
      const { dryRun, waitSeconds, ...input } = call.body;
      if (dryRun) {
        const found = await previewClosing(ports, call.params.id);
        const told = { account: showAccount(found.account), selected: showPreview(found, call.principal) };
        return { status: 200, body: { dryRun, ...told, ...NOTHING } };
      }
      const acting = actingOf<Account>(
        call,
        async (account): Promise<Rendered> => ({
          ...{ account: showAccount(account), closingAct: account.closingAct },
        }),
      );
      const done = await closeAccount(ports, acting, call.params.id, input);
      const { account, closingAct } = done.body as Rendered;
      const told = { dryRun, account, selected: null };
      if (closingAct === null) return { status: 200, body: { ...told, ...NOTHING, effective: done.effective } };
      const finished = await finishBulkAct(ports, acting, closingAct, waitSeconds * SECOND_MS);
      const { status, body } = await answeredBulkAct(ports.database, finished);
      return { status, body: { ...told, ...body } };
    }),
    route(pick(closingOperations, "accounts.export"), async (call) => {
      const acting = { ...actingOf<string>(call, async () => null), idempotency: undefined };
      return {
        ...{ status: 200, contentType: "application/x-ndjson", stream: await exports.start(acting, call.params.id) },
        headers: { "Content-Disposition": 'attachment; filename="account.ndjson"' },
      };
    }),
  ];
}
