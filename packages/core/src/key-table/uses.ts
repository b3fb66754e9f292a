import type { RefusalCode } from "../verdict/verdict.ts";
import { codeAt } from "./outcome.ts";
import { Rows } from "./rows.ts";

/** What was seen of one version of a key since the last time it was taken. Times are milliseconds since the epoch. */
export interface KeyUse {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  readonly accepted: number;
  readonly refused: number;
  readonly firstUsedAt: number | null;
  readonly lastUsedAt: number | null;
  readonly lastRefusedAt: number | null;
  readonly lastRefusedCode: RefusalCode | null;
}

/** Whose use it is. */
export type UseOwner = Pick<KeyUse, "key" | "version" | "account">;

/** Bounds the first chunk of rows only. */
const ROOM = 1 << 20;
const STRIDE = 10;
const ACCEPTED = 0;
const REFUSED = 1;
const FIRST_USED = 1;
const LAST_USED = 2;
const LAST_REFUSED = 3;
/** One more than the record's number; 0 in rows that are free, and -1 where the record has gone. */
const OWNER = 8;
const CODE = 9;

/** Counts of the versions used since they were last taken, in rows of their own: most keys at most times have none. */
export class Uses {
  #rows = new Rows(STRIDE, ROOM);
  /** Who the rows of records belong to that have gone in the meantime. */
  readonly #orphans = new Map<number, UseOwner>();
  #cursor = 0;

  /** A new row for the record of number `owner`. */
  open(owner: number): number {
    const row = this.#rows.take();
    this.#rows.wordsOf(row)[this.#rows.startOf(row) + OWNER] = owner + 1;
    return row;
  }

  /** The record has got another number. */
  move(row: number, owner: number): void {
    this.#rows.wordsOf(row)[this.#rows.startOf(row) + OWNER] = owner + 1;
  }

  /** `code` is the number of an outcome's code; 0 is VALID. */
  count(row: number, code: number, now: number): void {
    const words = this.#rows.wordsOf(row);
    const floats = this.#rows.floatsOf(row);
    const at = this.#rows.startOf(row);
    if (code === 0) {
      words[at + ACCEPTED] = (words[at + ACCEPTED] ?? 0) + 1;
      if (words[at + ACCEPTED] === 1) floats[at / 2 + FIRST_USED] = now;
      floats[at / 2 + LAST_USED] = now;
    } else {
      words[at + REFUSED] = (words[at + REFUSED] ?? 0) + 1;
      floats[at / 2 + LAST_REFUSED] = now;
      words[at + CODE] = code;
    }
  }

  /** The record goes, its counts stay until they are taken. */
  orphan(row: number, owner: UseOwner): void {
    this.#rows.wordsOf(row)[this.#rows.startOf(row) + OWNER] = -1;
    this.#orphans.set(row, owner);
  }

  /** The same for all. */
  orphanAll(ownerOf: (record: number) => UseOwner): void {
    for (let row = 0; row < this.#rows.top; row++) {
      const owner = this.#rows.wordsOf(row)[this.#rows.startOf(row) + OWNER] ?? 0;
      if (owner > 0) this.orphan(row, ownerOf(owner - 1));
    }
  }

  /** Hands over at most `limit` rows, and frees them. `release` tells who a record is, and takes its row from it. */
  take(limit: number, release: (record: number) => UseOwner): KeyUse[] {
    const taken: KeyUse[] = [];
    for (let seen = 0; seen < this.#rows.top && taken.length < limit; seen++) {
      if (this.#cursor >= this.#rows.top) this.#cursor = 0;
      const row = this.#cursor++;
      const owner = this.#rows.wordsOf(row)[this.#rows.startOf(row) + OWNER] ?? 0;
      if (owner === 0) continue;
      const orphaned = this.#orphans.get(row);
      this.#orphans.delete(row);
      taken.push(this.#read(row, orphaned ?? release(owner - 1)));
      this.#rows.free(row);
    }
    if (this.#rows.used === 0) this.#rows = new Rows(STRIDE, ROOM);
    return taken;
  }

  /** Versions with counts that nobody took yet. */
  get size(): number {
    return this.#rows.used;
  }

  get bytes(): number {
    return this.#rows.bytes;
  }

  #read(row: number, owner: UseOwner): KeyUse {
    const words = this.#rows.wordsOf(row);
    const floats = this.#rows.floatsOf(row);
    const at = this.#rows.startOf(row);
    const accepted = words[at + ACCEPTED] ?? 0;
    const refused = words[at + REFUSED] ?? 0;
    const code = codeAt(words[at + CODE] ?? 0);
    return {
      ...owner,
      ...{ accepted, refused },
      firstUsedAt: accepted === 0 ? null : (floats[at / 2 + FIRST_USED] ?? null),
      lastUsedAt: accepted === 0 ? null : (floats[at / 2 + LAST_USED] ?? null),
      lastRefusedAt: refused === 0 ? null : (floats[at / 2 + LAST_REFUSED] ?? null),
      lastRefusedCode: code === "VALID" ? null : code,
    };
  }
}
