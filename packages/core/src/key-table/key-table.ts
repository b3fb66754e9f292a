import type { Catalogue } from "../scopes/catalogue.ts";
import { decide } from "../verdict/decide.ts";
import type { Verdict, VerifyRequest } from "../verdict/verdict.ts";
import { ACCOUNT_DROPPED, ACCOUNT_SUSPENDED } from "./accounts.ts";
import { type CheckState, checkAccess, checkBindings, VALID } from "./check-record.ts";
import {
  codeNumber,
  codeNumberOf,
  codeOf,
  isValid,
  type Outcome,
  outcomeOf,
  recordNumberOf,
  UNKNOWN,
} from "./outcome.ts";
import type { Profile } from "./profiles.ts";
import { ACCOUNT, AS_IT_CAME, ENDED, EXPIRES, expiryAt, FLAGS, HANDLE, PROFILE, SUSPENDED } from "./record-layout.ts";
import { RecordStore } from "./record-store.ts";
import { ScopeNumbers } from "./scope-bits.ts";
import type { KeyTable, KeyTableEntry } from "./table-types.ts";
import { acceptedVerdict, type KeyVerdict, refusedVerdict, type ToldParts } from "./told-verdict.ts";
import type { KeyUse } from "./uses.ts";

const CODE_REVOKED = codeNumber("REVOKED");
const CODE_EXPIRED = codeNumber("EXPIRED");
const CODE_SUSPENDED = codeNumber("SUSPENDED");
const CODE_ACCOUNT_SUSPENDED = codeNumber("ACCOUNT_SUSPENDED");
const CODE_WRONG_ENVIRONMENT = codeNumber("WRONG_ENVIRONMENT");
const CODE_WRONG_ACCOUNT = codeNumber("WRONG_ACCOUNT");

const MAX_ENTRIES = 2 ** 24;

export interface KeyTableOptions {
  /** Most entries held at once: 1 to 16 777 216. Room is taken as it is needed. */
  readonly capacity: number;
  /**
   * 32 random bits, so that nobody can choose keys to import that fall on one place of the index. Default 0, which is
   * for tests.
   */
  readonly seed?: number | undefined;
}

/**
 * Makes an empty table. An entry takes 95 to 120 bytes in typed arrays and 5 to 11 in an index, and is nothing that the
 * garbage collector looks at: what many records have in common is held once, and what few have (metadata, a second
 * expiry) beside.
 *
 * @throws TypeError if the capacity is out of bounds
 */
export function createKeyTable<Shared extends object>(options: KeyTableOptions): KeyTable<Shared> {
  const { capacity, seed } = options;
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_ENTRIES) {
    throw new TypeError(`the capacity of a key table is a whole number from 1 to ${MAX_ENTRIES}`);
  }
  return new Table<Shared>(capacity, seed ?? 0);
}

class Table<Shared extends object> implements KeyTable<Shared> {
  #store: RecordStore<Shared>;
  /** Stores that were cleared and have counts that nobody took yet. */
  readonly #cleared: RecordStore<Shared>[] = [];
  readonly #state: CheckState = { numbers: new ScopeNumbers(), route: null };
  readonly #capacity: number;
  readonly #seed: number;

  constructor(capacity: number, seed: number) {
    this.#capacity = capacity;
    this.#seed = seed;
    this.#store = new RecordStore<Shared>(capacity, seed);
  }

  check(hash: string, request: VerifyRequest, catalogue: Catalogue, now: number): Outcome {
    const store = this.#store;
    const { records } = store;
    const record = records.find(hash);
    if (record === -1) return UNKNOWN;
    const words = records.wordsOf(record);
    const at = records.startOf(record);
    const profile = store.profiles.at(words[at + PROFILE] ?? 0);
    const account = words[at + ACCOUNT] ?? 0;
    const accountState = store.accounts.states[account];
    if (accountState === ACCOUNT_DROPPED || profile.group.dropped) {
      store.remove(record);
      return UNKNOWN;
    }
    const flags = words[at + FLAGS] ?? 0;
    if ((flags & (AS_IT_CAME | ENDED)) !== 0) {
      const code = (flags & AS_IT_CAME) === 0 ? CODE_REVOKED : this.#decidedCode(record, request, catalogue, now);
      return outcomeOf(record, code);
    }
    // Not `now >= expiry`: a clock that is no number must refuse.
    if ((flags & EXPIRES) !== 0 && !(now < expiryAt(words, at))) return outcomeOf(record, CODE_EXPIRED);
    if ((flags & SUSPENDED) !== 0) return outcomeOf(record, CODE_SUSPENDED);
    if (accountState === ACCOUNT_SUSPENDED) return outcomeOf(record, CODE_ACCOUNT_SUSPENDED);
    if (request.environment !== profile.environment) return outcomeOf(record, CODE_WRONG_ENVIRONMENT);
    if (request.account !== undefined && !store.accounts.is(account, request.account)) {
      return outcomeOf(record, CODE_WRONG_ACCOUNT);
    }
    return outcomeOf(record, this.#checkRequest(profile, request, catalogue));
  }

  verify(hash: string, request: VerifyRequest, catalogue: Catalogue, now: number): KeyVerdict | null {
    const outcome = this.check(hash, request, catalogue, now);
    return outcome === UNKNOWN ? null : this.verdictOf(outcome, request, catalogue, now);
  }

  verdictOf(outcome: Outcome, request: VerifyRequest, catalogue: Catalogue, now: number): KeyVerdict {
    const parts = this.#store.toldPartsOf(recordNumberOf(outcome));
    if (!isValid(outcome) || (parts.flags & AS_IT_CAME) !== 0) {
      return this.#toldAtLength(outcome, parts, request, catalogue, now);
    }
    const { route } = this.#state;
    if (route !== null) return acceptedVerdict(parts, "route", route.template, null);
    return acceptedVerdict(parts, request.scopes === undefined ? "identity" : "scopes", null, null);
  }

  put(hash: string, entry: KeyTableEntry<Shared>): void {
    this.#store.put(hash, entry);
  }

  get(hash: string): KeyTableEntry<Shared> | undefined {
    const record = this.#store.records.find(hash);
    return record === -1 || this.#store.isDropped(record) ? undefined : this.entryOf(outcomeOf(record, VALID));
  }

  entryOf(outcome: Outcome): KeyTableEntry<Shared> {
    return {
      record: this.#store.recordOf(recordNumberOf(outcome)),
      version: this.#store.versionOf(recordNumberOf(outcome)),
      accountNote: this.accountNoteOf(outcome),
      shared: this.sharedOf(outcome),
      handle: this.handleOf(outcome),
    };
  }

  keyIdOf(outcome: Outcome): string {
    return this.#store.keyIdOf(recordNumberOf(outcome));
  }

  accountNoteOf(outcome: Outcome): string | null {
    return this.#store.accounts.noteOf(this.#store.wordOf(recordNumberOf(outcome), ACCOUNT));
  }

  sharedOf(outcome: Outcome): Shared | null {
    return this.#store.profileOf(recordNumberOf(outcome)).shared;
  }

  handleOf(outcome: Outcome): number {
    return this.#store.wordOf(recordNumberOf(outcome), HANDLE);
  }

  countUse(outcome: Outcome, now: number): void {
    const code = codeNumberOf(outcome);
    if (code === VALID) this.#store.uses.accept(recordNumberOf(outcome), now);
    else this.#store.uses.refuse(recordNumberOf(outcome), code, now);
  }

  takeUses(limit: number): KeyUse[] {
    const taken: KeyUse[] = [];
    for (const store of [...this.#cleared, this.#store]) {
      for (const use of store.uses.take(limit - taken.length)) taken.push(use);
    }
    while (this.#cleared[0] !== undefined && this.#cleared[0].uses.size === 0) this.#cleared.shift();
    return taken;
  }

  remove(hash: string): boolean {
    const record = this.#store.records.find(hash);
    if (record === -1) return false;
    const known = !this.#store.isDropped(record);
    this.#store.remove(record);
    return known;
  }

  dropSubjects(subjects: readonly string[]): void {
    this.#store.drop(subjects);
  }

  sweep(entries: number): boolean {
    return this.#store.sweep(entries);
  }

  clear(): void {
    if (this.#store.uses.size > 0) this.#cleared.push(this.#store);
    this.#store = new RecordStore<Shared>(this.#capacity, this.#seed);
  }

  get size(): number {
    return this.#store.records.used;
  }

  get bytes(): number {
    return this.#store.bytes;
  }

  /** Refusals, and records that words cannot hold. */
  #toldAtLength(
    outcome: Outcome,
    parts: ToldParts,
    request: VerifyRequest,
    catalogue: Catalogue,
    now: number,
  ): KeyVerdict {
    const code = codeOf(outcome);
    // What is missing is told by the one function that knows how, and so is all of what words cannot say.
    const asked = code === "INSUFFICIENT_SCOPE" || (parts.flags & AS_IT_CAME) !== 0;
    const decided = asked ? this.#decide(recordNumberOf(outcome), request, catalogue, now) : null;
    if (decided !== null && (code === "VALID" || decided.code === code)) {
      return decided.valid
        ? acceptedVerdict(parts, decided.checked, decided.route, decided)
        : refusedVerdict(parts, decided.code, decided.route, decided);
    }
    if (code === "VALID") throw new TypeError("a record that words can hold is told from them");
    return refusedVerdict(parts, code, code === "ROUTE_NOT_MAPPED" ? null : undefined, null);
  }

  /** Split off so that the part that every check runs stays small enough for the compiler. */
  #checkRequest(profile: Profile<Shared>, request: VerifyRequest, catalogue: Catalogue): number {
    const code = profile.bound ? checkBindings(profile, request) : VALID;
    return code === VALID ? checkAccess(profile, request, catalogue, this.#state) : code;
  }

  #decide(record: number, request: VerifyRequest, catalogue: Catalogue, now: number): Verdict {
    return decide(this.#store.recordOf(record), this.#store.versionOf(record), request, catalogue, now);
  }

  #decidedCode(record: number, request: VerifyRequest, catalogue: Catalogue, now: number): number {
    return codeNumber(this.#decide(record, request, catalogue, now).code);
  }
}
