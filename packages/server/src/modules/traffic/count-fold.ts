import type { KeyUse, StrangerCount } from "@claviger/core";
import { nextTurn } from "../../kernel/next-turn.ts";
import { type MeteredUse, MeterFold } from "../metering/index.ts";
import { MOST_COUNTED } from "./bounds.ts";
import { type CountRow, Counts, TABLES, type TableName } from "./count-table.ts";
import { type CellSums, hourOf } from "./counted-cell.ts";
import { KeyFold } from "./key-fold.ts";
import { networkOf } from "./network-of.ts";

/** What a group of batches counts. */
export interface CountedGroup {
  readonly cells: readonly CellSums[];
  /** By the first moment of the UTC day to which they are counted. */
  readonly uses: ReadonlyMap<number, readonly KeyUse[]>;
  readonly strangers: readonly StrangerCount[];
  /** When it came, in milliseconds since the epoch: in whose hour strangers are counted. */
  readonly now: number;
}

/** Rows by table, each row once and in one order everywhere. */
export type FoldedRows = { readonly [K in TableName]: readonly CountRow[] };

/** Everything that is counted of some groups, ready to be written. */
export interface FoldedCounts {
  readonly uses: ReadonlyMap<number, readonly KeyUse[]>;
  readonly rows: FoldedRows;
  readonly metered: readonly MeteredUse[];
}

/** Cells and keys in one turn of the event loop: verifications do not wait for all of them. */
const IN_ONE_TURN = 250;
const UNKNOWN = "unknown";

/** Adds up groups. */
export class CountFold {
  readonly #keys = new Map<string, KeyFold>();
  readonly #metered = new MeterFold();
  readonly #strangers = new Counts(TABLES.stranger);
  readonly #uses = new Map<number, KeyUse[]>();

  async add({ cells, uses, strangers, now }: CountedGroup): Promise<void> {
    for (const [day, those] of uses) {
      const known = this.#uses.get(day);
      if (known === undefined) this.#uses.set(day, [...those]);
      else for (const use of those) known.push(use);
    }
    for (const stranger of strangers) this.#addStranger(stranger, hourOf(now));
    let seen = 0;
    for (const cell of cells) {
      let fold = this.#keys.get(cell.key);
      if (fold === undefined) {
        fold = new KeyFold(cell);
        this.#keys.set(cell.key, fold);
      }
      fold.add(cell);
      if (cell.requests > 0) this.#metered.add(cell, cell.lastAt);
      seen += 1;
      if (seen % IN_ONE_TURN === 0) await nextTurn();
    }
  }

  async finish(): Promise<FoldedCounts> {
    const ofKeys = await rowsOf([...this.#keys.values()].sort((a, b) => (a.key < b.key ? -1 : 1)));
    const uses = new Map([...this.#uses].sort(([a], [b]) => a - b));
    return { uses, rows: { ...ofKeys, stranger: this.#strangers.sorted() }, metered: this.#metered.sorted() };
  }

  #addStranger({ ip, code, count }: StrangerCount, hour: number): void {
    const network = ip === null ? UNKNOWN : (networkOf(ip)?.network ?? UNKNOWN);
    if (count >= 1) this.#strangers.add([hour, network, code, Math.min(Math.floor(count), MOST_COUNTED)]);
  }
}

async function rowsOf(folds: readonly KeyFold[]): Promise<Omit<FoldedRows, "stranger">> {
  const rows = { hour: [], day: [], facetHour: [], facetDay: [], outcome: [], source: [] } as {
    [K in Exclude<TableName, "stranger" | "total" | "endpoint">]: CountRow[];
  };
  const [endpoint, total] = [new Counts(TABLES.endpoint), new Counts(TABLES.total)];
  for (const [index, fold] of folds.entries()) {
    fold.trim();
    rows.hour.push(...fold.hourRows());
    rows.day.push(...fold.dayRows());
    rows.facetHour.push(...fold.facetHourRows());
    rows.facetDay.push(...fold.facetDayRows());
    rows.outcome.push(...fold.outcomeRows());
    rows.source.push(...fold.sourceRows());
    for (const { hour, route, mapped, method, code, sums, firstAt, lastAt } of fold.routes()) {
      const [requests = 0, cost = 0] = sums;
      if (requests === 0) continue;
      total.add([hour, fold.environment, code, requests, cost]);
      const [accepted, refused] = code === "VALID" ? [requests, 0] : [0, requests];
      if (route !== "") endpoint.add([fold.environment, route, mapped, method, firstAt, lastAt, accepted, refused]);
    }
    if (index % IN_ONE_TURN === IN_ONE_TURN - 1) await nextTurn();
  }
  return { ...rows, endpoint: endpoint.sorted(), total: total.sorted() };
}
