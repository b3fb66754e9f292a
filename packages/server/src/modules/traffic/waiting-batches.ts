import type { KeyUse, UseBatch } from "@claviger/core";
import type { Unwritten } from "./prepare-group.ts";

export interface Waiting extends Unwritten {
  /** In memory, as estimated. */
  readonly bytes: number;
  /** When it came; monotonic. */
  readonly since: number;
  readonly done: () => void;
}

/**
 * Cells, details and rows in one transaction, so that none holds its rows for long. The more waits, the more of it is of the same keys
 * and becomes the same rows.
 */
const ITEMS_AT_ONCE = 60_000;
/** What a part of a batch takes in memory, about. */
const BYTES = { row: 250, cell: 600, detail: 150, stranger: 100, batch: 300 } as const;

/** Batches in the order in which they came. */
export class WaitingBatches {
  #waiting: Waiting[] = [];
  #bytes = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** What waits, in bytes as estimated. */
  get bytes(): number {
    return this.#bytes;
  }

  /** When the first of it came; null where there is nothing. */
  get since(): number | null {
    return earliest(this.#waiting);
  }

  /** Whether so much waits that it is worth a transaction of its own. */
  get isMuch(): boolean {
    return this.#bytes > (ITEMS_AT_ONCE / 12) * BYTES.cell;
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#bytes += waiting.bytes;
  }

  /** As if they had not been taken. */
  putBack(group: readonly Waiting[]): void {
    this.#waiting.unshift(...group);
    for (const { bytes } of group) this.#bytes += bytes;
  }

  /** What is under way counts no longer as waiting, but it is bounded by what one transaction takes. */
  take(): Waiting[] {
    let items = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      items += itemsOf(waiting);
      return index > 0 && items > ITEMS_AT_ONCE;
    });
    const group = this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
    for (const { bytes } of group) this.#bytes -= bytes;
    return group;
  }
}

/** When the first of them came; null for none. */
export function earliest(waiting: readonly Waiting[]): number | null {
  let first: number | null = null;
  for (const { since } of waiting) if (first === null || since < first) first = since;
  return first;
}

/** Each batch once; one that came several times at once is acknowledged as often. */
export function withoutCopies(group: readonly Waiting[]): Waiting[] {
  const alike = Map.groupBy(group, ({ credential, batch }) => `${credential} ${batch}`);
  return [...alike.values()].flatMap(([first, ...copies]) => {
    if (first === undefined) return [];
    const done = (): void => {
      for (const each of [first, ...copies]) each.done();
    };
    return copies.length === 0 ? [first] : [{ ...first, done }];
  });
}

/** Verifications that a batch tells of: its rows and its cells are of the same ones. */
export function requestsOf({ rows, uses }: Unwritten): number {
  const inRows = rows.reduce((sum, { accepted, refused }) => sum + accepted + refused, 0);
  return Math.max(inRows, uses?.cells.reduce((sum, { requests }) => sum + requests, 0) ?? 0);
}

export function sizeOf(rows: readonly KeyUse[], uses: UseBatch | null): number {
  const own = BYTES.batch + rows.length * BYTES.row;
  if (uses === null) return own;
  const { cells, details, strangers } = uses;
  return own + cells.length * BYTES.cell + details.length * BYTES.detail + strangers.length * BYTES.stranger;
}

function itemsOf({ rows, uses }: Unwritten): number {
  return rows.length + (uses === null ? 0 : uses.cells.length + uses.details.length);
}
