import type { KeyRecord } from "../verdict/verdict.ts";
import { ACCOUNT_DROPPED, ACCOUNT_SUSPENDED, Accounts } from "./accounts.ts";
import { checkHash } from "./hash-text.ts";
import { KeyIds } from "./key-ids.ts";
import { type Profile, Profiles } from "./profiles.ts";
import {
  ACCOUNT,
  AS_IT_CAME,
  EXPIRY,
  expiryOf,
  FLAGS,
  fitsWords,
  flagsOf,
  HANDLE,
  HAS_SIDE,
  KEY_ID,
  PROFILE,
  presentedVersion,
  type Side,
  sideOf,
  VERSION_SHIFT,
  writeExpiry,
} from "./record-layout.ts";
import { RecordSegments } from "./record-segments.ts";
import { Subjects } from "./subjects.ts";
import type { KeyTableEntry } from "./table-types.ts";
import { type RecordParts, recordOf } from "./told-record.ts";
import type { ToldParts } from "./told-verdict.ts";
import { type UseOwner, Uses } from "./uses.ts";

/** Records that each insertion looks at for dropped ones: more than one, so that sweeping overtakes filling. */
const SWEPT_BY_PUT = 8;

/** The records of a key table with what they refer to: who is in it, and what is dropped. It decides nothing. */
export class RecordStore<Shared extends object> {
  readonly records: RecordSegments;
  readonly accounts: Accounts;
  readonly profiles: Profiles<Shared>;
  readonly sides = new Map<number, Side>();
  readonly keyIds: KeyIds;
  readonly uses: Uses;
  readonly #subjects = new Subjects();
  readonly #capacity: number;
  /** Where the search for the next record to give up begins. */
  #hand = 0;
  /** The segment that is swept next, and how many there are before all is gone that has been dropped until now. */
  #swept = 0;
  #toSweep = 0;
  /** Records that may be looked at until the next insertion. */
  #credit = 0;

  constructor(capacity: number, seed: number) {
    this.records = new RecordSegments(capacity, seed, (from, to) => this.#move(from, to));
    this.accounts = new Accounts(capacity, seed);
    this.profiles = new Profiles(this.#subjects);
    this.keyIds = new KeyIds(this.records, seed, capacity);
    this.uses = new Uses(this.records, (record) => this.ownerOf(record));
    this.#capacity = capacity;
  }

  put(hash: string, entry: KeyTableEntry<Shared>): void {
    checkHash(hash);
    const known = this.records.find(hash);
    if (known !== -1) this.remove(known);
    else if (this.records.used >= this.#capacity) this.#removeOne();
    if (this.#toSweep > 0) this.sweep(SWEPT_BY_PUT);
    let record = this.records.add(hash);
    if (record === -1) {
      this.remove(this.records.neighbour(hash, this.#hand));
      record = this.records.add(hash);
    }
    this.#write(record, entry);
  }

  remove(record: number): void {
    this.uses.leave(record);
    const side = this.sides.get(record);
    this.keyIds.remove(record, side);
    this.accounts.release(this.wordOf(record, ACCOUNT));
    this.profiles.release(this.profileOf(record));
    this.sides.delete(record);
    this.records.free(record);
  }

  drop(subjects: readonly string[]): void {
    this.#subjects.drop(subjects, {
      dropKey: (id, prefix) => {
        for (const record of this.keyIds.find(id)) {
          if (this.profileOf(record).group.keyPrefixes.has(prefix)) this.remove(record);
        }
      },
      dropAccount: (id, signatures) => this.accounts.drop(id, signatures),
    });
    this.#toSweep = this.records.segments.length;
  }

  isDropped(record: number): boolean {
    return (
      this.accounts.states[this.wordOf(record, ACCOUNT)] === ACCOUNT_DROPPED || this.profileOf(record).group.dropped
    );
  }

  /** Whole segments at a time: within one, records may have moved since the last time. */
  sweep(entries: number): boolean {
    this.#credit += entries;
    while (this.#toSweep > 0) {
      const records = this.records.inSegment(this.#swept);
      if (records.length > this.#credit) return false;
      for (const record of records) if (this.isDropped(record)) this.remove(record);
      this.#credit -= records.length;
      this.#toSweep--;
      this.#swept = (this.#swept + 1) % this.records.segments.length;
    }
    this.#credit = 0;
    return true;
  }

  profileOf(record: number): Profile<Shared> {
    return this.profiles.at(this.wordOf(record, PROFILE));
  }

  /** One of the words of `record-layout.ts`. */
  wordOf(record: number, word: number): number {
    return this.records.wordsOf(record)[this.records.startOf(record) + word] ?? 0;
  }

  versionOf(record: number): number {
    return this.sides.get(record)?.version ?? this.wordOf(record, FLAGS) >>> VERSION_SHIFT;
  }

  ownerOf(record: number): UseOwner {
    const account = this.accounts.idOf(this.wordOf(record, ACCOUNT));
    return { key: this.keyIdOf(record), version: this.versionOf(record), account };
  }

  keyIdOf(record: number): string {
    return this.keyIds.idOf(record, this.sides.get(record));
  }

  partsOf(record: number): RecordParts {
    const words = this.records.wordsOf(record);
    const at = this.records.startOf(record);
    const flags = words[at + FLAGS] ?? 0;
    return {
      flags,
      expiryHigh: words[at + EXPIRY] ?? 0,
      expiryLow: words[at + EXPIRY + 1] ?? 0,
      profile: this.profileOf(record),
      side: (flags & HAS_SIDE) === 0 ? undefined : this.sides.get(record),
    };
  }

  /** The same with who it is, for a verdict. Each accepted key makes one: so it is one object. */
  toldPartsOf(record: number): ToldParts {
    const words = this.records.wordsOf(record);
    const at = this.records.startOf(record);
    const flags = words[at + FLAGS] ?? 0;
    const account = words[at + ACCOUNT] ?? 0;
    const accounts = this.accounts.wordsOf(account);
    const of = this.accounts.idStartOf(account);
    return {
      flags,
      expiryHigh: words[at + EXPIRY] ?? 0,
      expiryLow: words[at + EXPIRY + 1] ?? 0,
      profile: this.profiles.at(words[at + PROFILE] ?? 0),
      side: (flags & HAS_SIDE) === 0 ? undefined : this.sides.get(record),
      key0: words[at + KEY_ID] ?? 0,
      key1: words[at + KEY_ID + 1] ?? 0,
      key2: words[at + KEY_ID + 2] ?? 0,
      key3: words[at + KEY_ID + 3] ?? 0,
      account0: accounts[of] ?? 0,
      account1: accounts[of + 1] ?? 0,
      account2: accounts[of + 2] ?? 0,
      account3: accounts[of + 3] ?? 0,
      oddAccount: this.accounts.oddIdOf(account),
      accountSuspended: this.accounts.states[account] === ACCOUNT_SUSPENDED,
    };
  }

  /** The record again, as it came or with its presented version alone. */
  recordOf(record: number): KeyRecord {
    const parts = this.partsOf(record);
    if (parts.side !== undefined && parts.side.record !== null) return parts.side.record;
    const account = this.wordOf(record, ACCOUNT);
    const suspended = this.accounts.states[account] === ACCOUNT_SUSPENDED;
    return recordOf(parts, this.keyIdOf(record), this.accounts.idOf(account), suspended);
  }

  get bytes(): number {
    return this.records.bytes + this.keyIds.bytes + this.accounts.bytes;
  }

  #write(number: number, { record, version, accountNote, shared, handle }: KeyTableEntry<Shared>): void {
    const presented = presentedVersion(record, version);
    const fits = fitsWords(record, version, presented);
    const side = sideOf(record, version, presented, fits, this.keyIds.fits(record.keyId));
    const profile = this.profiles.refer(fits ? record : bare(record), shared);
    const words = this.records.wordsOf(number);
    const at = this.records.startOf(number);
    const flags = flagsOf(record, presented) | (side === null ? 0 : HAS_SIDE) | (fits ? 0 : AS_IT_CAME);
    words[at + FLAGS] = flags | (fits ? version << VERSION_SHIFT : 0);
    words[at + ACCOUNT] = this.accounts.refer({
      id: record.account,
      suspended: record.accountState === "suspended",
      signature: profile.group.signature,
      note: accountNote,
    });
    words[at + PROFILE] = profile.number;
    words[at + HANDLE] = handle ?? 0;
    const expiry = expiryOf(record, presented);
    if (Number.isFinite(expiry)) writeExpiry(words, at, expiry);
    if (side !== null) this.sides.set(number, side);
    this.keyIds.add(number, record.keyId);
  }

  /** Called while the records still lie under their old numbers. */
  #move(from: readonly number[], to: readonly number[]): void {
    this.keyIds.renumber(from, to, this.sides);
    this.uses.move(from, to);
    const sides: [number, Side][] = [];
    for (const [i, record] of from.entries()) {
      const target = to[i] ?? 0;
      const side = (this.wordOf(record, FLAGS) & HAS_SIDE) === 0 ? undefined : this.sides.get(record);
      if (side === undefined) continue;
      sides.push([target, side]);
      this.sides.delete(record);
    }
    for (const [record, side] of sides) this.sides.set(record, side);
  }

  /** Gives up the next record in the order of their places, so that each in turn is the one that goes. */
  #removeOne(): void {
    const record = this.records.next(this.#hand);
    if (record === -1) return;
    this.#hand = record + 1;
    this.remove(record);
  }
}

/** For a record that is decided as it came: its subjects, and nothing that could be shared. */
function bare(record: KeyRecord): KeyRecord {
  return { ...record, tier: null, scopes: [], allowedIps: [], allowedReferrers: [], audiences: [] };
}
