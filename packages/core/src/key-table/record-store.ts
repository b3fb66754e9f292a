import type { KeyRecord } from "../verdict/verdict.ts";
import { ACCOUNT_DROPPED, ACCOUNT_SUSPENDED, Accounts } from "./accounts.ts";
import { checkHash, HASH_LENGTH, sameHash, wordAt, writeHash } from "./hash-text.ts";
import { KeyIds } from "./key-ids.ts";
import { type Profile, Profiles } from "./profiles.ts";
import {
  ACCOUNT,
  AS_IT_CAME,
  EXPIRY,
  expiryOf,
  FLAGS,
  fitsRow,
  flagsOf,
  HANDLE,
  HAS_SIDE,
  HASH,
  PROFILE,
  presentedVersion,
  RECORD_STRIDE,
  type Side,
  sideOf,
  USE,
  VERSION,
} from "./record-rows.ts";
import { RowIndex } from "./row-index.ts";
import { Rows } from "./rows.ts";
import { Subjects } from "./subjects.ts";
import type { KeyTableEntry } from "./table-types.ts";
import { recordOf } from "./told-record.ts";

/** Rows that each insertion looks at for dropped entries: more than one, so that sweeping overtakes filling. */
const SWEPT_BY_PUT = 8;

/** The rows of a key table with what they refer to: who is in it, and what is dropped. It decides nothing. */
export class RecordStore<Shared extends object> {
  readonly rows: Rows;
  readonly index: RowIndex;
  readonly accounts: Accounts;
  readonly profiles: Profiles<Shared>;
  readonly sides = new Map<number, Side>();
  readonly keyIds: KeyIds;
  readonly #subjects = new Subjects();
  readonly #capacity: number;
  /** Called before a row with counts goes. */
  readonly #leaving: (row: number) => void;
  /** The row that goes next when the table is full. */
  #oldest = 0;
  #swept = 0;
  /** Rows still to be looked at before all entries are gone that have been dropped until now. */
  #toSweep = 0;

  constructor(capacity: number, seed: number, leaving: (row: number) => void) {
    this.rows = new Rows(RECORD_STRIDE, capacity);
    this.index = new RowIndex(this.rows, HASH, HASH + 1, seed, capacity);
    this.accounts = new Accounts(capacity, seed);
    this.profiles = new Profiles(this.#subjects);
    this.keyIds = new KeyIds(this.rows, seed, capacity);
    this.#capacity = capacity;
    this.#leaving = leaving;
  }

  /** The row with this hash, dropped or not; -1 if there is none. */
  find(hash: string): number {
    if (hash.length !== HASH_LENGTH) return -1;
    const { rows, index } = this;
    const first = wordAt(hash, 0);
    const second = wordAt(hash, 4);
    const place = index.hash(first, second);
    const mark = index.mark(first, second);
    const segment = index.segmentOf(place);
    const mask = segment.length - 1;
    for (let slot = place & mask; ; slot = (slot + 1) & mask) {
      const entry = segment[slot] ?? 0;
      if (entry === 0) return -1;
      if ((entry & 0xff000000) !== mark) continue;
      const row = (entry & 0xffffff) - 1;
      if (sameHash(rows.wordsOf(row), rows.startOf(row) + HASH, hash)) return row;
    }
  }

  put(hash: string, entry: KeyTableEntry<Shared>): void {
    checkHash(hash);
    const known = this.find(hash);
    if (known !== -1) this.remove(known);
    else if (this.rows.used >= this.#capacity) this.#removeOldest();
    if (this.#toSweep > 0) this.sweep(SWEPT_BY_PUT);
    this.#write(this.rows.take(), hash, entry);
  }

  remove(row: number): void {
    const words = this.rows.wordsOf(row);
    const at = this.rows.startOf(row);
    if (words[at + USE] !== 0) this.#leaving(row);
    const side = this.sides.get(row);
    this.index.remove(row);
    this.keyIds.remove(row, side);
    this.accounts.release(words[at + ACCOUNT] ?? 0);
    this.profiles.release(this.profiles.at(words[at + PROFILE] ?? 0));
    this.sides.delete(row);
    this.rows.free(row);
  }

  drop(subjects: readonly string[]): void {
    this.#subjects.drop(subjects, {
      dropKey: (id, prefix) => {
        for (const row of this.keyIds.find(id)) {
          if (this.profileOf(row).group.keyPrefixes.has(prefix)) this.remove(row);
        }
      },
      dropAccount: (id, signatures) => this.accounts.drop(id, signatures),
    });
    this.#toSweep = this.rows.top;
  }

  isDropped(row: number): boolean {
    return this.accounts.states[this.accountOf(row)] === ACCOUNT_DROPPED || this.profileOf(row).group.dropped;
  }

  sweep(count: number): boolean {
    const until = Math.min(count, this.#toSweep);
    for (let i = 0; i < until; i++) {
      if (this.#swept >= this.rows.top) this.#swept = 0;
      const row = this.#swept++;
      if (this.#inUse(row) && this.isDropped(row)) this.remove(row);
    }
    this.#toSweep -= until;
    return this.#toSweep === 0;
  }

  profileOf(row: number): Profile<Shared> {
    return this.profiles.at(this.rows.wordsOf(row)[this.rows.startOf(row) + PROFILE] ?? 0);
  }

  accountOf(row: number): number {
    return this.rows.wordsOf(row)[this.rows.startOf(row) + ACCOUNT] ?? 0;
  }

  keyIdOf(row: number): string {
    return this.keyIds.idOf(row, this.sides.get(row));
  }

  recordOf(row: number): KeyRecord {
    const side = this.sides.get(row);
    if (side !== undefined && side.record !== null) return side.record;
    const words = this.rows.wordsOf(row);
    const at = this.rows.startOf(row);
    const parts = {
      ...{ side, profile: this.profileOf(row) },
      flags: words[at + FLAGS] ?? 0,
      version: words[at + VERSION] ?? 0,
      expiry: this.rows.floatsOf(row)[at / 2 + EXPIRY] ?? 0,
    };
    const account = this.accountOf(row);
    const suspended = this.accounts.states[account] === ACCOUNT_SUSPENDED;
    return recordOf(parts, this.keyIds.idOf(row, side), this.accounts.idOf(account), suspended);
  }

  get bytes(): number {
    return this.rows.bytes + this.index.bytes + this.keyIds.bytes + this.accounts.bytes;
  }

  #write(row: number, hash: string, { record, version, accountNote, shared, handle }: KeyTableEntry<Shared>): void {
    const presented = presentedVersion(record, version);
    const fits = fitsRow(record, version, presented);
    const side = sideOf(record, version, presented, fits, this.keyIds.fits(record.keyId));
    const profile = this.profiles.refer(fits ? record : bare(record), shared);
    const words = this.rows.wordsOf(row);
    const at = this.rows.startOf(row);
    writeHash(words, at + HASH, hash);
    words[at + FLAGS] = flagsOf(record, presented) | (side === null ? 0 : HAS_SIDE) | (fits ? 0 : AS_IT_CAME);
    words[at + ACCOUNT] = this.accounts.refer({
      id: record.account,
      suspended: record.accountState === "suspended",
      signature: profile.group.signature,
      note: accountNote,
    });
    words[at + PROFILE] = profile.number;
    words[at + VERSION] = version;
    words[at + HANDLE] = handle ?? 0;
    this.rows.floatsOf(row)[at / 2 + EXPIRY] = expiryOf(record, presented);
    if (side !== null) this.sides.set(row, side);
    this.index.add(row);
    this.keyIds.add(row, record.keyId);
  }

  #inUse(row: number): boolean {
    return this.rows.wordsOf(row)[this.rows.startOf(row) + FLAGS] !== 0;
  }

  #removeOldest(): void {
    for (;;) {
      if (this.#oldest >= this.rows.top) this.#oldest = 0;
      const row = this.#oldest++;
      if (!this.#inUse(row)) continue;
      this.remove(row);
      return;
    }
  }
}

/** For a record that is decided as it came: its subjects, and nothing that could be shared. */
function bare(record: KeyRecord): KeyRecord {
  return { ...record, tier: null, scopes: [], allowedIps: [], allowedReferrers: [], audiences: [] };
}
