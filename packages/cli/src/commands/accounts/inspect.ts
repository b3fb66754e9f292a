import { pageOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { isObject } from "../../input/json-value.ts";
import type { Io } from "../../io.ts";
import { listAt, objectAt, printSections, seriesSection, sourceRows } from "../../output/sections.ts";

export const inspectAccount: ApiCommand = {
  operation: pick(pageOperations, "accounts.inspect"),
  examples: ["claviger accounts inspect ext:acme", "claviger accounts inspect ext:acme --period 30d --json"],
  print: printAccountPage,
};

function printAccountPage(io: Io, page: Record<string, unknown>): void {
  const [status, use, failing] = [objectAt(page, "status"), objectAt(page, "use"), objectAt(page, "failing")];
  const rows = listAt(failing, "data").filter(isObject);
  printSections(io, [
    {
      title: "",
      fields: {
        account: page.account,
        name: page.name,
        status: `${String(status.is)}: ${String(status.why)}`,
        use: use.why,
        keys: objectAt(page, "keys"),
      },
    },
    {
      title: `Keys that fail: ${failing.more === true ? "at least " : ""}${String(failing.keys)}`,
      ...{ rows, columns: ["key", "label", "code", "lastUsedAt", "lastRefusedAt"] },
    },
    {
      title: refusalsTitle(objectAt(page, "refusalsOf")),
      rows: listAt(page, "refusals"),
      columns: ["code", "requests", "keys", "firstAt", "lastAt"],
    },
    seriesSection(objectAt(page, "series")),
    {
      title: `Busiest keys since ${String(page.since)}`,
      rows: listAt(page, "busiest"),
      columns: ["key", "label", "environment", "accepted", "refused", "cost"],
    },
    {
      title: `Endpoints since ${String(page.since)}`,
      rows: listAt(page, "routes"),
      columns: ["method", "route", "accepted", "refused", "keys"],
    },
    {
      title: "Sources of the busiest keys",
      rows: sourceRows(page),
      columns: ["kind", "value", "accepted", "refused", "firstSeen", "lastSeen"],
    },
  ]);
}

function refusalsTitle({ keys, more }: Record<string, unknown>): string {
  return more === true ? `Refusals, of the ${String(keys)} keys refused last` : "Refusals";
}
