import type { Io } from "../io.ts";
import { cellOf, clean, fieldAt } from "./cell.ts";

const GAP = "  ";

/** Prints rows under a heading, columns aligned; the widths of the first rows hold for all later ones. */
export function createTable(io: Io, columns: readonly string[]): { add(rows: readonly unknown[]): void } {
  let widths: readonly number[] | null = null;
  return {
    add: (rows) => {
      const cells = rows.map((row) => columns.map((column) => cellOf(fieldAt(row, column))));
      if (widths === null) {
        const heading = columns.map(headingOf);
        widths = columns.map((_, index) => Math.max(...[heading, ...cells].map((line) => widthOf(line[index] ?? ""))));
        io.out(emphasised(io, lineOf(heading, widths)));
      }
      const fixed = widths;
      for (const line of cells) io.out(lineOf(line, fixed));
    },
  };
}

/** Prints the fields of one thing, a line each. */
export function printFields(io: Io, fields: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(fields);
  const width = Math.max(0, ...names.map((name) => name.length));
  for (const name of names) {
    const value = fields[name];
    const lines = typeof value === "string" ? value.trimEnd().split("\n") : [];
    if (lines.length < 2) io.out(`${name.padEnd(width)}${GAP}${cellOf(value)}`);
    else io.out([name, ...lines.map((line) => `${GAP}${clean(line)}`)].join("\n"));
  }
}

function lineOf(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => cell + " ".repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell))))
    .join(GAP)
    .trimEnd();
}

const widthOf = (text: string): number => [...text].length;

/** `createdAt` as `CREATED AT`, `actor.id` as `ACTOR ID`. */
function headingOf(column: string): string {
  return column.replace(/[A-Z]|\./g, (mark) => ` ${mark.replace(".", "")}`).toUpperCase();
}

function emphasised(io: Io, text: string): string {
  return io.stdoutIsTerminal && (io.env.NO_COLOR ?? "") === "" ? `\u001b[1m${text}\u001b[0m` : text;
}
