import { pageOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { isObject } from "../../input/json-value.ts";
import type { Io } from "../../io.ts";
import { listAt, objectAt, printSections, seriesSection } from "../../output/sections.ts";

export const showOverview: ApiCommand = {
  operation: pick(pageOperations, "overview.show"),
  examples: ["claviger overview", "claviger overview --period 30d --json"],
  print: printOverview,
};

function printOverview(io: Io, page: Record<string, unknown>): void {
  const { byEnvironment, ...keys } = objectAt(page, "keys");
  const [busiest, failing] = [objectAt(page, "busiest"), objectAt(page, "failing")];
  const ofBusy = busiest.complete === true ? "" : ", of those with more than 1000 requests on a day";
  const [strangers, recorded] = [objectAt(page, "strangers"), objectAt(page, "recorded")];
  const views = listAt(page, "views").filter(isObject);
  printSections(io, [
    {
      title: "",
      fields: { at: page.at, keys, ...objectAt(page, "usage"), ...objectAt(page, "cluster"), recorded: recorded.why },
    },
    {
      title: "Keys by environment",
      rows: Array.isArray(byEnvironment) ? byEnvironment : [],
      columns: ["environment", "total", "active", "expiring", "suspended", "expired", "revoked"],
    },
    seriesSection(objectAt(page, "series")),
    { title: "Refusals", rows: listAt(page, "refusals"), columns: ["code", "today", "days7", "days30"] },
    {
      title: `Keys that fail: ${failing.more === true ? "at least " : ""}${String(failing.keys)}`,
      ...{ rows: listAt(failing, "data"), columns: ["key", "label", "code", "lastUsedAt", "lastRefusedAt"] },
    },
    {
      title: `Busiest keys since ${String(busiest.since)}${ofBusy}`,
      ...{ rows: listAt(busiest, "keys"), columns: ["key", "label", "account", "environment", "requests"] },
    },
    {
      title: `Busiest accounts since ${String(busiest.since)}${ofBusy}`,
      ...{ rows: listAt(busiest, "accounts"), columns: ["account", "name", "requests"] },
    },
    {
      title: `No genuine key since ${String(strangers.since)}: ${String(strangers.requests)}`,
      ...{ rows: strangerRows(strangers), columns: ["by", "name", "requests"] },
    },
    {
      title: `Missing in all counts since ${String(objectAt(recorded, "lost").since)}`,
      ...{
        rows: listAt(objectAt(recorded, "lost"), "paths"),
        columns: ["path", "requests", "times", "firstAt", "lastAt", "why"],
      },
    },
    {
      title: "Views",
      rows: views.map(({ name, total, more }) => ({
        name,
        rows: more === true ? `more than ${String(total)}` : total,
      })),
      columns: ["name", "rows"],
    },
  ]);
}

/** What presented no genuine key, by reason and by network in one table. */
function strangerRows(strangers: Record<string, unknown>): readonly unknown[] {
  const of = (by: string, list: string) =>
    listAt(strangers, list)
      .filter(isObject)
      .map((row) => ({ by, name: row[by], requests: row.requests }));
  return [...of("code", "codes"), ...of("network", "networks")];
}
