import type { StrangerCount } from "@claviger/core";
import { nextTurn } from "../../kernel/next-turn.ts";
import { MOST_COUNTED } from "./bounds.ts";
import { type CountRow, Counts, TABLES, type TableName } from "./count-table.ts";
import { type CountedCell, hourOf } from "./counted-cell.ts";
import { KeyFold } from "./key-fold.ts";
import { networkOf } from "./network-of.ts";

/** Everything that is counted of a group of batches: rows by table, each row once and in one order everywhere. */
export type Folded = { readonly [K in TableName]: readonly CountRow[] };

/** Cells and keys in one turn of the event loop: verifications do not wait for all of them. */
const IN_ONE_TURN = 250;
const UNKNOWN = "unknown";

/** Adds up cells and strangers. `now`: in whose hour strangers are counted. */
export async function foldCells(
  cells: readonly CountedCell[],
  strangers: readonly StrangerCount[],
  now: number,
): Promise<Folded> {
  const keys = new Map<string, KeyFold>();
  const total = new Counts(TABLES.total);
  for (const [index, cell] of cells.entries()) {
    let fold = keys.get(cell.key);
    if (fold === undefined) {
      fold = new KeyFold(cell);
      keys.set(cell.key, fold);
    }
    fold.add(cell);
    if (cell.requests > 0) total.add([hourOf(cell.lastAt), cell.environment, cell.code, cell.requests, cell.cost]);
    if (index % IN_ONE_TURN === IN_ONE_TURN - 1) await nextTurn();
  }
  const ofKeys = await rowsOf([...keys.values()].sort((a, b) => (a.key < b.key ? -1 : 1)));
  return { ...ofKeys, stranger: strangerRows(strangers, hourOf(now)), total: total.sorted() };
}

async function rowsOf(folds: readonly KeyFold[]): Promise<Omit<Folded, "stranger" | "total">> {
  const rows = { hour: [], day: [], facetHour: [], facetDay: [], outcome: [], source: [] } as {
    [K in Exclude<TableName, "stranger" | "total" | "endpoint">]: CountRow[];
  };
  const endpoint = new Counts(TABLES.endpoint);
  for (const [index, fold] of folds.entries()) {
    fold.trim();
    rows.hour.push(...fold.hourRows());
    rows.day.push(...fold.dayRows());
    rows.facetHour.push(...fold.facetHourRows());
    rows.facetDay.push(...fold.facetDayRows());
    rows.outcome.push(...fold.outcomeRows());
    rows.source.push(...fold.sourceRows());
    for (const { route, mapped, method, code, sums, firstAt, lastAt } of fold.routes()) {
      const [requests = 0] = sums;
      const [accepted, refused] = code === "VALID" ? [requests, 0] : [0, requests];
      if (route !== "" && requests > 0)
        endpoint.add([fold.environment, route, mapped, method, firstAt, lastAt, accepted, refused]);
    }
    if (index % IN_ONE_TURN === IN_ONE_TURN - 1) await nextTurn();
  }
  return { ...rows, endpoint: endpoint.sorted() };
}

function strangerRows(strangers: readonly StrangerCount[], hour: number): readonly CountRow[] {
  const rows = new Counts(TABLES.stranger);
  for (const { ip, code, count } of strangers) {
    const network = ip === null ? UNKNOWN : (networkOf(ip)?.network ?? UNKNOWN);
    if (count >= 1) rows.add([hour, network, code, Math.min(Math.floor(count), MOST_COUNTED)]);
  }
  return rows.sorted();
}
