import { codeAt } from "../key-table/outcome.ts";
import { partsOf, versionOf } from "../key-table/told-verdict.ts";
import { CellRows, hashOfRow, MOST_LOOKED } from "./cell-rows.ts";
import { type Circumstance, Circumstances } from "./circumstances.ts";
import { NOWHERE, type NotedUse } from "./noted-use.ts";
import { USE_LIMITS, type UseCell } from "./use-batch.ts";

export interface CellsOptions {
  /** 32 bits that callers do not know. */
  readonly seed: number;
  /** Merged cells at most. */
  readonly mostMerged: number;
}

/** Uses that are prepared at once, at most. */
export const PREPARED = MOST_LOOKED;
/** Circumstances of a merged cell: all of them together. */
const ALL = -1;
const NO_CIRCUMSTANCE = Object.freeze({
  ...{ method: null, route: null, path: null, scopes: null, ip: null, agent: null, browser: false },
});

/**
 * The cells of one round: so many of their own, and beyond that one merged cell for each version of a key and code. Own ones
 * are numbered from 0; merged ones go on from there, once the round is over.
 */
export class Cells {
  readonly circumstances: Circumstances;
  readonly #own = new CellRows(USE_LIMITS.cells);
  readonly #merged: CellRows;
  readonly #hashes = new Int32Array(PREPARED);
  #round = 0;

  constructor({ seed, mostMerged }: CellsOptions) {
    this.circumstances = new Circumstances(seed);
    this.#merged = new CellRows(mostMerged);
  }

  get size(): number {
    return this.#own.size + this.#merged.size;
  }

  /**
   * Looks at what the first so many of these uses will need. Their rows lie anywhere in memory: asked for one after the other in a
   * loop that waits for none, they come several at a time.
   */
  prepare(uses: readonly (NotedUse | null)[], count: number): void {
    for (let at = 0; at < count; at += 1) {
      const use = uses[at];
      if (use === null || use === undefined) continue;
      const number = this.circumstances.numberOf(use);
      use.circumstances = number;
      this.#hashes[at] = hashOfRow(use.parts, use.verdict, number);
    }
    this.#own.look(this.#hashes, count);
  }

  /** Finds the cell of a use, prepared or of a round before, and notes it there. Returns whether there is room. */
  place(use: NotedUse): boolean {
    const { circumstances } = use;
    const row = circumstances === NOWHERE ? NOWHERE : this.#own.rowOf(use, circumstances);
    use.cell = row === NOWHERE ? this.#mergedCellOf(use) : row;
    use.round = this.#round;
    return use.cell !== NOWHERE;
  }

  add({ cell, at }: NotedUse, cost: number): void {
    if (cell >= MERGED) this.#merged.add(cell - MERGED, at, cost);
    else this.#own.add(cell, at, cost);
  }

  /** What came of a use that was placed; in a round before, it is counted in a cell of this one. */
  answered(use: NotedUse, status: number, durationMs: number): void {
    if (use.round !== this.#round) {
      use.circumstances = this.circumstances.numberOf(use);
      if (!this.place(use)) return;
    }
    const { cell } = use;
    if (cell >= MERGED) this.#merged.answered(cell - MERGED, status, durationMs);
    else this.#own.answered(cell, status, durationMs);
  }

  /** The place in what `take` gives, in this round. */
  indexOf({ cell }: NotedUse): number {
    return cell >= MERGED ? cell - MERGED + this.#own.size : cell;
  }

  /** Hands over all cells, and begins the next round. */
  take(service: string | null): UseCell[] {
    const taken: UseCell[] = [];
    for (const rows of [this.#own, this.#merged]) {
      for (let row = 0; row < rows.size; row += 1) taken.push(this.#cellAt(rows, row, service));
      rows.clear();
    }
    this.circumstances.clear();
    this.#round += 1;
    return taken;
  }

  #mergedCellOf(use: NotedUse): number {
    const row = this.#merged.rowOf(use, ALL);
    return row === NOWHERE ? NOWHERE : MERGED + row;
  }

  #cellAt(rows: CellRows, row: number, service: string | null): UseCell {
    const key = rows.keyAt(row);
    const parts = key === undefined ? null : partsOf(key);
    if (key === undefined || parts === null) throw new TypeError("a cell is of a key");
    const of = this.circumstances.at(rows.circumstancesAt(row));
    return {
      ...{ key: key.keyId, version: versionOf(parts), account: key.account, environment: key.environment },
      code: codeAt(rows.codeNumberAt(row)),
      ...(of === undefined ? NO_CIRCUMSTANCE : told(of)),
      ...{ service: of === undefined ? null : service, merged: of === undefined },
      ...rows.sumsAt(row),
      ...rows.answersAt(row),
    };
  }
}

/** Numbers of merged cells begin here, above all others. */
const MERGED = 2 ** 24;

function told({ method, route, path, scopes, ip, agent, browser }: Circumstance) {
  const where = { method: method.text, route: route.text, path: path.text, scopes: scopes.text };
  return { ...where, ip: ip.text, agent: agent.text, browser };
}
