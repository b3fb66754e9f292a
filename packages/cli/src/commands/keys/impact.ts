import { endingOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";
import { isObject } from "../../input/json-value.ts";
import type { Io } from "../../io.ts";
import { listAt, objectAt, printSections } from "../../output/sections.ts";

export const keyImpact: ApiCommand = {
  operation: pick(endingOperations, "keys.impact"),
  examples: [
    "claviger keys impact key_01M8414TSEEBKV20QTA45NWYH3",
    "claviger keys impact key_01M8414TSEEBKV20QTA45NWYH3 --window 30d --json",
  ],
  print: printImpact,
};

function printImpact(io: Io, impact: Record<string, unknown>): void {
  const suggestion = objectAt(impact, "suggestion");
  const callers = Object.entries(objectAt(impact, "callers")).flatMap(([kind, those]) =>
    (Array.isArray(those) ? those : []).filter(isObject).map((row) => ({ kind, ...row })),
  );
  printSections(io, [
    {
      title: "",
      fields: {
        key: `${String(impact.key)} (${String(impact.label)})`,
        status: impact.status,
        breaks: impact.breaks,
        "better to": `${String(suggestion.act)}: ${String(suggestion.why)}`,
      },
    },
    { title: "Who calls", rows: callers, columns: ["kind", "value", "accepted", "refused"] },
    {
      title: "What they call",
      rows: listAt(impact, "endpoints"),
      columns: ["method", "route", "mapped", "accepted", "refused"],
    },
    { title: "When to choose which", rows: listAt(impact, "choices"), columns: ["act", "when"] },
  ]);
}
