import { ACCOUNT_TYPE, idOfWords, packId } from "./id-words.ts";
import { eachCandidate, RowIndex } from "./row-index.ts";
import { Rows } from "./rows.ts";

/** What a row's state byte may say. A dropped account makes every record that refers to it unknown. */
const ACCOUNT_ACTIVE = 0;
export const ACCOUNT_SUSPENDED = 1;
export const ACCOUNT_DROPPED = 2;

const NOTES_SHIFT = 12;
const NOTES_MASK = (1 << NOTES_SHIFT) - 1;

const STRIDE = 6;
const ID = 0;
const REFERENCES = 4;
/** Bit 0: suspended as it was put; the rest: number of the group's account subjects, see `Subjects`. */
const KIND = 5;

/** What a key's record says of its account. Two records that differ in any of it refer to two rows. */
export interface AccountFacts {
  readonly id: string;
  readonly suspended: boolean;
  /** Which subjects drop it. */
  readonly signature: number;
  /** The caller's own name of the account, or whatever else is remembered with it. */
  readonly note: string | null;
}

/**
 * Accounts as small numbers, so that dropping all keys of one changes a single byte: records that refer to it are then
 * unknown, and a record put later gets a new row. A row goes when nothing refers to it.
 */
export class Accounts {
  /** By row number; one of the three constants above. */
  states = new Uint8Array(16);
  readonly #rows: Rows;
  readonly #index: RowIndex;
  /** In chunks, because one long list would be copied whole when it grows. */
  readonly #notes: (string | null)[][] = [];
  /** Ids that are not written like ours, by row and by id. */
  readonly #oddIds = new Map<number, string>();
  readonly #byOddId = new Map<string, Set<number>>();
  readonly #scratch = new Int32Array(4);

  constructor(capacity: number, seed: number) {
    this.#rows = new Rows(STRIDE, capacity);
    const word = (row: number, at: number): number => this.#rows.wordsOf(row)[this.#rows.startOf(row) + at] ?? 0;
    const words = { first: (row: number) => word(row, ID + 3), second: (row: number) => word(row, ID + 2) };
    this.#index = new RowIndex(words, seed, capacity);
  }

  /** The row for these facts, with one more reference. */
  refer(facts: AccountFacts): number {
    const kind = facts.signature * 2 + (facts.suspended ? 1 : 0);
    let row = -1;
    this.#each(facts.id, (candidate) => {
      if (this.#kindOf(candidate) === kind && this.noteOf(candidate) === facts.note) row = candidate;
    });
    if (row === -1) row = this.#add(facts, kind);
    const words = this.#rows.wordsOf(row);
    const at = this.#rows.startOf(row) + REFERENCES;
    words[at] = (words[at] ?? 0) + 1;
    return row;
  }

  release(row: number): void {
    const words = this.#rows.wordsOf(row);
    const at = this.#rows.startOf(row) + REFERENCES;
    words[at] = (words[at] ?? 0) - 1;
    if (words[at] !== 0) return;
    if (this.states[row] !== ACCOUNT_DROPPED) this.#forget(row);
    this.#oddIds.delete(row);
    this.#note(row, null);
    this.#rows.free(row);
  }

  /** Drops the rows of this account whose signature is one of these. */
  drop(id: string, signatures: ReadonlySet<number>): void {
    const found: number[] = [];
    this.#each(id, (row) => {
      if (signatures.has(this.#kindOf(row) >>> 1)) found.push(row);
    });
    for (const row of found) {
      this.#forget(row);
      this.states[row] = ACCOUNT_DROPPED;
    }
  }

  idOf(row: number): string {
    const odd = this.#oddIds.get(row);
    if (odd !== undefined) return odd;
    const words = this.#rows.wordsOf(row);
    const at = this.#rows.startOf(row) + ID;
    return idOfWords(ACCOUNT_TYPE, words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0);
  }

  /** The id, where it is not written like ours. */
  oddIdOf(row: number): string | undefined {
    return this.#oddIds.size === 0 ? undefined : this.#oddIds.get(row);
  }

  /** Where the four words of an id that is written like ours lie. */
  wordsOf(row: number): Int32Array {
    return this.#rows.wordsOf(row);
  }

  idStartOf(row: number): number {
    return this.#rows.startOf(row) + ID;
  }

  noteOf(row: number): string | null {
    return this.#notes[row >>> NOTES_SHIFT]?.[row & NOTES_MASK] ?? null;
  }

  /** Whether this row is of the account with this id; takes anything. */
  is(row: number, id: unknown): boolean {
    if (typeof id !== "string") return false;
    if (!packId(ACCOUNT_TYPE, id, this.#scratch, 0)) return this.#oddIds.get(row) === id;
    return this.#isScratch(row) && !this.#oddIds.has(row);
  }

  get size(): number {
    return this.#rows.used;
  }

  get bytes(): number {
    return this.#rows.bytes + this.#index.bytes + this.states.length;
  }

  #add(facts: AccountFacts, kind: number): number {
    const row = this.#rows.take();
    const words = this.#rows.wordsOf(row);
    const at = this.#rows.startOf(row);
    words[at + KIND] = kind;
    if (row >= this.states.length) {
      const wider = new Uint8Array(this.states.length * 2);
      wider.set(this.states);
      this.states = wider;
    }
    this.states[row] = facts.suspended ? ACCOUNT_SUSPENDED : ACCOUNT_ACTIVE;
    if (facts.note !== null) this.#note(row, facts.note);
    if (packId(ACCOUNT_TYPE, facts.id, words, at + ID)) this.#index.add(row);
    else {
      for (let i = 0; i < 4; i++) words[at + ID + i] = 0;
      this.#oddIds.set(row, facts.id);
      const rows = this.#byOddId.get(facts.id);
      if (rows === undefined) this.#byOddId.set(facts.id, new Set([row]));
      else rows.add(row);
    }
    return row;
  }

  #note(row: number, note: string | null): void {
    const chunk = this.#notes[row >>> NOTES_SHIFT];
    if (chunk !== undefined) chunk[row & NOTES_MASK] = note;
    else if (note !== null) {
      const fresh = new Array<string | null>(NOTES_MASK + 1).fill(null);
      fresh[row & NOTES_MASK] = note;
      this.#notes[row >>> NOTES_SHIFT] = fresh;
    }
  }

  /** No later record finds it; those that refer to it still do. */
  #forget(row: number): void {
    const odd = this.#oddIds.get(row);
    if (odd === undefined) {
      this.#index.remove(row);
      return;
    }
    const rows = this.#byOddId.get(odd);
    rows?.delete(row);
    if (rows?.size === 0) this.#byOddId.delete(odd);
  }

  #each(id: string, visit: (row: number) => void): void {
    if (!packId(ACCOUNT_TYPE, id, this.#scratch, 0)) {
      for (const row of this.#byOddId.get(id) ?? []) visit(row);
      return;
    }
    eachCandidate(this.#index, this.#scratch[3] ?? 0, this.#scratch[2] ?? 0, (row) => {
      if (this.#isScratch(row)) visit(row);
    });
  }

  #isScratch(row: number): boolean {
    const words = this.#rows.wordsOf(row);
    const at = this.#rows.startOf(row) + ID;
    for (let i = 0; i < 4; i++) if (words[at + i] !== this.#scratch[i]) return false;
    return true;
  }

  #kindOf(row: number): number {
    return this.#rows.wordsOf(row)[this.#rows.startOf(row) + KIND] ?? 0;
  }
}
