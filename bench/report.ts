import { arch, cpus, platform, totalmem } from "node:os";
import { type Line, meets } from "./goals.ts";
import type { Spread } from "./measure.ts";

export function machine(): string {
  const processors = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return `${processors[0]?.model ?? "unknown"} × ${processors.length}, ${gigabytes} GiB, ${platform()} ${arch()}, Node.js ${process.version}`;
}

export interface Section {
  readonly title: string;
  readonly lines: readonly Line[];
}

export function printSection({ title, lines }: Section): void {
  process.stdout.write(`\n${title}\n`);
  for (const each of lines) process.stdout.write(`  ${lineText(each)}\n`);
}

function lineText(line: Line): string {
  const { name, figure, unit, ratio, against, goal } = line;
  const compared = ratio === null ? "" : `${spread(ratio, 2)} ${against}`;
  const wanted = goal === null ? "" : `goal ${goalText(goal)}  ${meets(line) ? "ok" : "MISS"}`;
  return `${name.padEnd(44)} ${`${spread(figure, digits(figure))} ${unit}`.padEnd(28)} ${compared.padEnd(56)} ${wanted}`.trimEnd();
}

function goalText({
  atLeast,
  atMost,
}: {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}) {
  return atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
}

function digits({ median }: Spread): number {
  return median < 10 ? 2 : median < 100 ? 1 : 0;
}

/** The median, and in brackets the least and the greatest round. */
function spread({ min, median, max }: Spread, places: number): string {
  const text = median.toFixed(places);
  return min === max ? text : `${text} (${min.toFixed(places)}–${max.toFixed(places)})`;
}
