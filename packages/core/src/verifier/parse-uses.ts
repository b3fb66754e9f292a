import { PACKED_LIMITS, type PackedUses } from "../usage/packed-uses.ts";
import { USE_LIMITS } from "../usage/use-batch.ts";
import { type Fields, isSpan, isWhole } from "./wire-fields.ts";

const { texts: MOST_TEXTS, textLength, cellWidths, detailWidth, strangerWidth } = PACKED_LIMITS;
const MOST_VERSION = 2_147_483_647;
const MOST_COUNT = 1e12;
const MOST_COST = 1e15;
/** The largest time that a Date can hold. */
const LATEST = 8.64e15;
/** How long the uses of one cell may be apart, and a request may take, in milliseconds. */
const LONGEST = 31 * 86_400_000;
const MOST_FLAGS = 3;

/** Names of texts in a row of a cell; those at `NEEDED` are never null. */
const TEXTS = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const NEEDED = 4;

/** Reads uses in rows; see `PackedUses`. */
export function readUses(fields: Fields): PackedUses {
  const texts = fields.texts("texts", MOST_TEXTS, textLength);
  const isText = (value: unknown, least: number): boolean => isWhole(value, least, texts.length);
  const cells = fields.rows("cells", USE_LIMITS.cells, (row) => isCell(row, isText));
  return {
    ...{ texts, cells },
    details: fields.rows("details", USE_LIMITS.details, (row) => isDetail(row, cells.length, isText)),
    sampledOut: fields.whole("sampledOut", MOST_COUNT),
    strangers: fields.rows("strangers", USE_LIMITS.strangers, ([ip, code, count, ...more]) => {
      return isText(ip, 0) && isText(code, 1) && isWhole(count, 0, MOST_COUNT) && more.length === strangerWidth - 3;
    }),
  };
}

type IsText = (value: unknown, least: number) => boolean;

function isCell(row: readonly unknown[], isText: IsText): boolean {
  if (!cellWidths.includes(row.length)) return false;
  if (!TEXTS.every((place) => isText(row[place], place <= NEEDED ? 1 : 0))) return false;
  const [flags, requests, cost, firstAt, span, ok, moved, wrong, failed, count, totalMs, maxMs] = row.slice(11);
  return (
    isWhole(row[1], 0, MOST_VERSION) &&
    isWhole(flags, 0, MOST_FLAGS) &&
    isWhole(requests, 0, MOST_COUNT) &&
    isWhole(cost, 0, MOST_COST) &&
    isWhole(firstAt, 0, LATEST) &&
    isWhole(span, 0, LONGEST) &&
    (ok === undefined || [ok, moved, wrong, failed, count].every((each) => isWhole(each, 0, MOST_COUNT))) &&
    (ok === undefined || (isSpan(totalMs) && isSpan(maxMs)))
  );
}

function isDetail(row: readonly unknown[], cells: number, isText: IsText): boolean {
  const [cell, after, cost, requestId, status, durationMs] = row;
  return (
    row.length === detailWidth &&
    isWhole(cell, 0, cells - 1) &&
    isWhole(after, 0, LONGEST) &&
    isWhole(cost, 0, MOST_COST) &&
    isText(requestId, 0) &&
    (status === 0 || isWhole(status, 200, 599)) &&
    (durationMs === -1 || isSpan(durationMs))
  );
}
