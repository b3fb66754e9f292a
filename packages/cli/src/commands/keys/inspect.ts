import { pageOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { isObject } from "../../input/json-value.ts";
import type { Io } from "../../io.ts";
import { listAt, objectAt, printSections, type Section, seriesSection, sourceRows } from "../../output/sections.ts";

export const inspectKey: ApiCommand = {
  operation: pick(pageOperations, "keys.inspect"),
  examples: [
    "claviger keys inspect key_01M8414TSEEBKV20QTA45NWYH3",
    "claviger keys inspect key_01M8414TSEEBKV20QTA45NWYH3 --period 30d --json",
  ],
  print: printKeyPage,
};

function printKeyPage(io: Io, page: Record<string, unknown>): void {
  const [status, use, failing] = [objectAt(page, "status"), objectAt(page, "use"), objectAt(page, "failing")];
  const after = objectAt(page, "afterDeath");
  const codes = listAt(failing, "codes");
  const refusals = listAt(page, "refusals").filter(isObject);
  const advice = refusals.filter(({ code }) => codes.includes(code)).map((refusal) => refusal.advice);
  const answers: Section = {
    title: "",
    fields: {
      key: page.key,
      status: `${String(status.is)}: ${String(status.why)}`,
      use: `${String(use.is)}: ${String(use.why)}`,
      ...(failing.why === undefined ? {} : { failing: failing.why, "to do": advice.join(" ") }),
      ...(after.why === undefined ? {} : { "after its end": after.why }),
      ...(page.browser === null ? {} : { browser: "A browser sent it: whoever uses that page can read the secret." }),
    },
  };
  printSections(io, [
    answers,
    { title: "Refusals", rows: refusals, columns: ["code", "requests", "firstAt", "lastAt", "versions", "why"] },
    seriesSection(objectAt(page, "series")),
    {
      title: "Versions",
      rows: listAt(page, "versions"),
      columns: ["version", "firstUsedAt", "lastUsedAt", "lastRefusedAt", "lastRefusedCode", "accepted", "refused"],
    },
    { title: "What happened, the latest first", rows: listAt(page, "timeline"), columns: ["at", "what", "why"] },
    {
      title: "Endpoints of the last 30 days",
      rows: listAt(page, "routes"),
      columns: ["method", "route", "mapped", "accepted", "refused", "cost", "lastDay"],
    },
    {
      title: "Sources",
      rows: sourceRows(page),
      columns: ["kind", "value", "accepted", "refused", "firstSeen", "lastSeen"],
    },
  ]);
}
