import { idOfWords, KEY_TYPE, packId } from "./id-words.ts";
import { KEY_ID, type Side } from "./record-rows.ts";
import { eachCandidate, RowIndex } from "./row-index.ts";
import type { Rows } from "./rows.ts";

/** Finds the rows of a key by its id: one for each of its versions that the table holds. */
export class KeyIds {
  readonly #rows: Rows;
  readonly #index: RowIndex;
  /** Rows of keys whose id is not written like ours. */
  readonly #odd = new Map<string, Set<number>>();
  readonly #scratch = new Int32Array(4);

  constructor(rows: Rows, seed: number, capacity: number) {
    this.#rows = rows;
    this.#index = new RowIndex(rows, KEY_ID + 3, KEY_ID + 2, seed, capacity);
  }

  /** Whether an id can be told in four words. */
  fits(id: string): boolean {
    return packId(KEY_TYPE, id, this.#scratch, 0);
  }

  /** Writes the id of a new row and files it under it. */
  add(row: number, id: string): void {
    if (packId(KEY_TYPE, id, this.#scratch, 0)) {
      this.#rows.wordsOf(row).set(this.#scratch, this.#rows.startOf(row) + KEY_ID);
      this.#index.add(row);
      return;
    }
    const rows = this.#odd.get(id);
    if (rows === undefined) this.#odd.set(id, new Set([row]));
    else rows.add(row);
  }

  remove(row: number, side: Side | undefined): void {
    if (side === undefined || side.keyId === null) {
      this.#index.remove(row);
      return;
    }
    const rows = this.#odd.get(side.keyId);
    rows?.delete(row);
    if (rows?.size === 0) this.#odd.delete(side.keyId);
  }

  idOf(row: number, side: Side | undefined): string {
    if (side !== undefined && side.keyId !== null) return side.keyId;
    const words = this.#rows.wordsOf(row);
    const at = this.#rows.startOf(row) + KEY_ID;
    return idOfWords(KEY_TYPE, words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
  }

  /** The rows with this id. */
  find(id: string): number[] {
    if (!packId(KEY_TYPE, id, this.#scratch, 0)) return [...(this.#odd.get(id) ?? [])];
    const found: number[] = [];
    eachCandidate(this.#index, this.#scratch[3] ?? 0, this.#scratch[2] ?? 0, (row) => {
      const words = this.#rows.wordsOf(row);
      const at = this.#rows.startOf(row) + KEY_ID;
      for (let i = 0; i < 4; i++) if (words[at + i] !== this.#scratch[i]) return;
      found.push(row);
    });
    return found;
  }

  get bytes(): number {
    return this.#index.bytes;
  }
}
