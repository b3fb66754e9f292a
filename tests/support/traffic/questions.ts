/** Every question that the views, pages and sums of keys are there to answer. */
import { BUILT_IN_VIEWS, type BuiltInView } from "@claviger/contract";
import { endpointQuestions } from "./endpoint-questions.ts";
import { ExpectedViews } from "./expected-views.ts";
import { keyQuestions } from "./key-questions.ts";
import type { Ledger } from "./ledger.ts";
import { asMoment, momentOf, type Names, type Question } from "./question.ts";
import { usageQuestions } from "./usage-questions.ts";

type Asking = (ledger: Ledger, names: Names) => Question[];

interface Row {
  readonly label?: string;
  readonly externalId?: string;
  readonly figures: Readonly<Record<string, unknown>>;
}
interface ViewAnswer {
  readonly data: readonly Row[];
  readonly total: number;
}

const TIMES = new Set(["lastUsedAt", "lastRefusedAt", "firstSeen", "lastSeen"]);

const viewQuestions: Asking = (ledger) => {
  const views = new ExpectedViews(ledger);
  return [
    ...BUILT_IN_VIEWS.map((view) => viewQuestion(view, views)),
    {
      asks: "how many rows has each view?",
      ...{ path: "/v1/views", command: ["views", "list"] },
      told: ({ data }: { data: readonly { name: string; total: number }[] }) =>
        Object.fromEntries(data.map(({ name, total }) => [name, total])),
      expected: Object.fromEntries(BUILT_IN_VIEWS.map((view) => [view, views.rowsOf(view).length])),
    },
  ];
};

function viewQuestion(view: BuiltInView, views: ExpectedViews): Question {
  const rows = views.rowsOf(view).map(({ name, figures }) => ({ name, figures: withMoments(figures) }));
  // Only those figures that are expected of a view are compared; there are always some.
  const names = Object.keys(rows[0]?.figures ?? {});
  return {
    asks: `which keys are ${view}?`,
    ...{ path: `/v1/views/${view}?limit=200`, command: ["views", "show", view, "--limit", "200"] },
    told: ({ data, total }: ViewAnswer) => ({
      total,
      rows: data
        .map(({ label, externalId, figures }) => ({
          name: label ?? `ext:${externalId}`,
          figures: Object.fromEntries(names.map((name) => [name, toldFigure(name, figures[name])])),
        }))
        .toSorted(byName),
    }),
    expected: { total: rows.length, rows: rows.toSorted(byName) },
  };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);

function toldFigure(name: string, value: unknown): unknown {
  if (TIMES.has(name)) return momentOf(value as string | null);
  return Array.isArray(value) ? value.toSorted() : value;
}

function withMoments(figures: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const told = Object.entries(figures).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    told.map(([name, value]) => [name, TIMES.has(name) ? asMoment(value as number | null) : value]),
  );
}

/** By what they are about. */
export const QUESTIONS: Readonly<Record<"views" | "keys" | "endpoints" | "sums", Asking>> = {
  ...{ views: viewQuestions, keys: keyQuestions, endpoints: endpointQuestions, sums: usageQuestions },
};
