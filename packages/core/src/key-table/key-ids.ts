import { idOfWords, KEY_TYPE, packId } from "./id-words.ts";
import { KEY_ID, type Side } from "./record-layout.ts";
import type { RecordSegments } from "./record-segments.ts";
import { eachCandidate, RowIndex } from "./row-index.ts";

/** Finds the records of a key by its id: one for each of its versions that the table holds. */
export class KeyIds {
  readonly #records: RecordSegments;
  readonly #index: RowIndex;
  /** Records of keys whose id is not written like ours. */
  readonly #odd = new Map<string, Set<number>>();
  readonly #scratch = new Int32Array(4);

  constructor(records: RecordSegments, seed: number, capacity: number) {
    this.#records = records;
    const words = {
      first: (record: number) => this.#word(record, 3),
      second: (record: number) => this.#word(record, 2),
    };
    this.#index = new RowIndex(words, seed, capacity);
  }

  /** Whether an id can be told in four words. */
  fits(id: string): boolean {
    return packId(KEY_TYPE, id, this.#scratch, 0);
  }

  /** Writes the id of a new record and files it under it. */
  add(record: number, id: string): void {
    if (packId(KEY_TYPE, id, this.#scratch, 0)) {
      this.#records.wordsOf(record).set(this.#scratch, this.#records.startOf(record) + KEY_ID);
      this.#index.add(record);
      return;
    }
    const records = this.#odd.get(id);
    if (records === undefined) this.#odd.set(id, new Set([record]));
    else records.add(record);
  }

  remove(record: number, side: Side | undefined): void {
    if (side === undefined || side.keyId === null) {
      this.#index.remove(record);
      return;
    }
    const records = this.#odd.get(side.keyId);
    records?.delete(record);
    if (records?.size === 0) this.#odd.delete(side.keyId);
  }

  idOf(record: number, side: Side | undefined): string {
    if (side !== undefined && side.keyId !== null) return side.keyId;
    return idOfWords(
      KEY_TYPE,
      this.#word(record, 0),
      this.#word(record, 1),
      this.#word(record, 2),
      this.#word(record, 3),
    );
  }

  /** The records with this id. */
  find(id: string): number[] {
    if (!packId(KEY_TYPE, id, this.#scratch, 0)) return [...(this.#odd.get(id) ?? [])];
    const found: number[] = [];
    eachCandidate(this.#index, this.#scratch[3] ?? 0, this.#scratch[2] ?? 0, (record) => {
      for (let i = 0; i < 4; i++) if (this.#word(record, i) !== this.#scratch[i]) return;
      found.push(record);
    });
    return found;
  }

  /** Records move to other numbers; `sides` are still under the old ones. */
  renumber(from: readonly number[], to: readonly number[], sides: ReadonlyMap<number, Side>): void {
    if (this.#odd.size === 0) {
      this.#index.renumber(from, to);
      return;
    }
    const odd = from.map((record) => sides.get(record)?.keyId ?? null);
    const usual = odd.flatMap((id, i) => (id === null ? [i] : []));
    this.#index.renumber(
      usual.map((i) => from[i] ?? 0),
      usual.map((i) => to[i] ?? 0),
    );
    for (const [i, id] of odd.entries()) if (id !== null) this.#odd.get(id)?.delete(from[i] ?? 0);
    for (const [i, id] of odd.entries()) if (id !== null) this.#odd.get(id)?.add(to[i] ?? 0);
  }

  get bytes(): number {
    return this.#index.bytes;
  }

  #word(record: number, word: number): number {
    return this.#records.wordsOf(record)[this.#records.startOf(record) + KEY_ID + word] ?? 0;
  }
}
