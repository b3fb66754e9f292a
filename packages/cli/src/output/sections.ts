import { isObject } from "../input/json-value.ts";
import type { Io } from "../io.ts";
import { createTable, printFields } from "./table.ts";

/** Part of a page about one thing: its fields, or rows under a heading. */
export interface Section {
  readonly title: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly rows?: readonly unknown[];
  readonly columns?: readonly string[];
}

/** Prints parts of a page one below the other; those without content are left out. */
export function printSections(io: Io, sections: readonly Section[]): void {
  let printed = 0;
  for (const { title, fields, rows = [], columns = [] } of sections) {
    if (fields === undefined && rows.length === 0) continue;
    if (printed > 0) io.out("");
    printed += 1;
    if (title !== "") io.out(title);
    if (fields !== undefined) printFields(io, fields);
    else createTable(io, columns).add(rows);
  }
}

export const objectAt = (of: unknown, name: string): Record<string, unknown> => {
  const found = isObject(of) ? of[name] : undefined;
  return isObject(found) ? found : {};
};

export const listAt = (of: unknown, name: string): readonly unknown[] => {
  const found = isObject(of) ? of[name] : undefined;
  return Array.isArray(found) ? found : [];
};

const BARS = "▁▂▃▄▅▆▇█";

/** Counts as bars of eight heights, the highest for the most; a zero is a dot. */
function barsOf(counts: readonly number[]): string {
  const most = Math.max(1, ...counts);
  return counts.map((count) => (count === 0 ? "·" : BARS[Math.min(7, Math.floor((8 * count) / most))])).join("");
}

/** A series of the API: what was accepted and what was refused, as bars with their sums. */
export function seriesSection(series: Record<string, unknown>): Section {
  const points = listAt(series, "data");
  const counts = (name: string): number[] => points.map((point) => (isObject(point) ? Number(point[name]) : 0));
  const line = (name: string): string => {
    const each = counts(name);
    return `${barsOf(each)} ${each.reduce((sum, count) => sum + count, 0)}`;
  };
  return {
    title: `Over ${String(series.period)}, by ${String(series.step)}, ${String(series.from)} to ${String(series.to)}${series.complete === false ? ", not from its beginning" : ""}`,
    fields: { accepted: line("accepted"), refused: line("refused") },
  };
}

/** The sources of a page as rows, each with its kind. */
export function sourceRows(page: Record<string, unknown>): readonly unknown[] {
  return Object.entries(objectAt(page, "sources")).flatMap(([kind, those]) =>
    (Array.isArray(those) ? those : []).filter(isObject).map((source) => ({ kind, ...source })),
  );
}
