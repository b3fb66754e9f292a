import type { Catalogue } from "../scopes/catalogue.ts";
import { decide } from "../verdict/decide.ts";
import type { Verdict, VerifyRequest } from "../verdict/verdict.ts";
import { ACCOUNT_DROPPED, ACCOUNT_SUSPENDED } from "./accounts.ts";
import { type CheckState, checkAccess, checkBindings, VALID } from "./check-record.ts";
import { codeNumber, codeNumberOf, type Outcome, outcomeOf, rowOf, UNKNOWN } from "./outcome.ts";
import type { Profile } from "./profiles.ts";
import { AS_IT_CAME, ENDED, EXPIRY, FLAGS, HANDLE, HAS_SIDE, KEY_ID, SUSPENDED, USE, VERSION } from "./record-rows.ts";
import { RecordStore } from "./record-store.ts";
import { MAX_ROWS } from "./rows.ts";
import { ScopeNumbers } from "./scope-bits.ts";
import type { KeyTable, KeyTableEntry } from "./table-types.ts";
import { AcceptedVerdict } from "./told-record.ts";
import { type KeyUse, type UseOwner, Uses } from "./uses.ts";

const CODE_REVOKED = codeNumber("REVOKED");
const CODE_EXPIRED = codeNumber("EXPIRED");
const CODE_SUSPENDED = codeNumber("SUSPENDED");
const CODE_ACCOUNT_SUSPENDED = codeNumber("ACCOUNT_SUSPENDED");
const CODE_WRONG_ENVIRONMENT = codeNumber("WRONG_ENVIRONMENT");
const CODE_WRONG_ACCOUNT = codeNumber("WRONG_ACCOUNT");

export interface KeyTableOptions {
  /** Most entries held at once: 1 to 16 777 214. Room is taken as it is needed. */
  readonly capacity: number;
  /**
   * 32 random bits, so that nobody can choose keys to import that fall on one place of the index. Default 0, which is
   * for tests.
   */
  readonly seed?: number | undefined;
}

/**
 * Makes an empty table. An entry takes 80 bytes in typed arrays and 10 to 20 in their indexes, and is nothing that the
 * garbage collector looks at: what many records have in common is held once, and what few have (metadata, a second
 * expiry) beside.
 *
 * @throws TypeError if the capacity is out of bounds
 */
export function createKeyTable<Shared extends object>(options: KeyTableOptions): KeyTable<Shared> {
  const { capacity, seed } = options;
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > MAX_ROWS) {
    throw new TypeError(`the capacity of a key table is a whole number from 1 to ${MAX_ROWS}`);
  }
  return new Table<Shared>(capacity, seed ?? 0);
}

class Table<Shared extends object> implements KeyTable<Shared> {
  #store: RecordStore<Shared>;
  readonly #uses = new Uses();
  readonly #state: CheckState = { numbers: new ScopeNumbers(), route: null };
  readonly #capacity: number;
  readonly #seed: number;

  constructor(capacity: number, seed: number) {
    this.#capacity = capacity;
    this.#seed = seed;
    this.#store = this.#empty();
  }

  check(hash: string, request: VerifyRequest, catalogue: Catalogue, now: number): Outcome {
    const store = this.#store;
    const row = store.find(hash);
    if (row === -1) return UNKNOWN;
    const { rows } = store;
    const words = rows.wordsOf(row);
    const at = rows.startOf(row);
    const profile = store.profileOf(row);
    const account = store.accountOf(row);
    const accountState = store.accounts.states[account];
    if (accountState === ACCOUNT_DROPPED || profile.group.dropped) {
      store.remove(row);
      return UNKNOWN;
    }
    const flags = words[at + FLAGS] ?? 0;
    if ((flags & AS_IT_CAME) !== 0) return outcomeOf(row, codeNumber(this.#decide(row, request, catalogue, now).code));
    if ((flags & ENDED) !== 0) return outcomeOf(row, CODE_REVOKED);
    const expiry = rows.floatsOf(row)[(at >> 1) + EXPIRY] ?? 0;
    // Not `now >= expiry`: a clock that is no number must refuse.
    if (expiry !== Number.POSITIVE_INFINITY && !(now < expiry)) return outcomeOf(row, CODE_EXPIRED);
    if ((flags & SUSPENDED) !== 0) return outcomeOf(row, CODE_SUSPENDED);
    if (accountState === ACCOUNT_SUSPENDED) return outcomeOf(row, CODE_ACCOUNT_SUSPENDED);
    if (request.environment !== profile.environment) return outcomeOf(row, CODE_WRONG_ENVIRONMENT);
    if (request.account !== undefined && !store.accounts.is(account, request.account)) {
      return outcomeOf(row, CODE_WRONG_ACCOUNT);
    }
    return outcomeOf(row, this.#checkRequest(profile, request, catalogue));
  }

  verify(hash: string, request: VerifyRequest, catalogue: Catalogue, now: number): Verdict | null {
    const outcome = this.check(hash, request, catalogue, now);
    if (outcome === UNKNOWN) return null;
    const row = rowOf(outcome);
    const { rows, accounts, sides } = this.#store;
    const words = rows.wordsOf(row);
    const at = rows.startOf(row);
    const flags = words[at + FLAGS] ?? 0;
    // Refusals are told in full by the one function that knows how.
    if (codeNumberOf(outcome) !== VALID || (flags & AS_IT_CAME) !== 0) {
      return this.#decide(row, request, catalogue, now);
    }
    const id = at + KEY_ID;
    const ids = [words[id] ?? 0, words[id + 1] ?? 0, words[id + 2] ?? 0, words[id + 3] ?? 0];
    const oddAccount = accounts.readId(this.#store.accountOf(row), ids);
    const { route } = this.#state;
    return new AcceptedVerdict(
      route !== null ? "route" : request.scopes !== undefined ? "scopes" : "identity",
      route === null ? null : route.template,
      {
        flags,
        version: words[at + VERSION] ?? 0,
        expiry: rows.floatsOf(row)[(at >> 1) + EXPIRY] ?? 0,
        profile: this.#store.profileOf(row),
        side: (flags & HAS_SIDE) === 0 ? undefined : sides.get(row),
      },
      ids,
      oddAccount,
    );
  }

  put(hash: string, entry: KeyTableEntry<Shared>): void {
    this.#store.put(hash, entry);
  }

  get(hash: string): KeyTableEntry<Shared> | undefined {
    const row = this.#store.find(hash);
    return row === -1 || this.#store.isDropped(row) ? undefined : this.entryOf(outcomeOf(row, VALID));
  }

  entryOf(outcome: Outcome): KeyTableEntry<Shared> {
    return {
      record: this.#store.recordOf(rowOf(outcome)),
      version: this.#versionOf(rowOf(outcome)),
      accountNote: this.accountNoteOf(outcome),
      shared: this.sharedOf(outcome),
      handle: this.handleOf(outcome),
    };
  }

  keyIdOf(outcome: Outcome): string {
    return this.#store.keyIdOf(rowOf(outcome));
  }

  accountNoteOf(outcome: Outcome): string | null {
    return this.#store.accounts.noteOf(this.#store.accountOf(rowOf(outcome)));
  }

  sharedOf(outcome: Outcome): Shared | null {
    return this.#store.profileOf(rowOf(outcome)).shared;
  }

  handleOf(outcome: Outcome): number {
    return this.#word(rowOf(outcome), HANDLE);
  }

  countUse(outcome: Outcome, now: number): void {
    const row = rowOf(outcome);
    const words = this.#store.rows.wordsOf(row);
    const at = this.#store.rows.startOf(row) + USE;
    if (words[at] === 0) words[at] = this.#uses.open(row) + 1;
    this.#uses.count((words[at] ?? 0) - 1, codeNumberOf(outcome), now);
  }

  takeUses(limit: number): KeyUse[] {
    return this.#uses.take(limit, (row) => {
      this.#store.rows.wordsOf(row)[this.#store.rows.startOf(row) + USE] = 0;
      return this.#ownerOf(row);
    });
  }

  remove(hash: string): boolean {
    const row = this.#store.find(hash);
    if (row === -1) return false;
    const known = !this.#store.isDropped(row);
    this.#store.remove(row);
    return known;
  }

  dropSubjects(subjects: readonly string[]): void {
    this.#store.drop(subjects);
  }

  sweep(rows: number): boolean {
    return this.#store.sweep(rows);
  }

  clear(): void {
    this.#uses.orphanAll((row) => this.#ownerOf(row));
    this.#store = this.#empty();
  }

  get size(): number {
    return this.#store.rows.used;
  }

  get bytes(): number {
    return this.#store.bytes + this.#uses.bytes;
  }

  /** Split off so that the part that every check runs stays small enough for the compiler. */
  #checkRequest(profile: Profile<Shared>, request: VerifyRequest, catalogue: Catalogue): number {
    const code = checkBindings(profile, request);
    return code === VALID ? checkAccess(profile, request, catalogue, this.#state) : code;
  }

  #decide(row: number, request: VerifyRequest, catalogue: Catalogue, now: number): Verdict {
    return decide(this.#store.recordOf(row), this.#versionOf(row), request, catalogue, now);
  }

  #versionOf(row: number): number {
    const side = this.#store.sides.get(row);
    return side === undefined ? this.#word(row, VERSION) : side.version;
  }

  #ownerOf(row: number): UseOwner {
    const { accounts } = this.#store;
    return {
      key: this.#store.keyIdOf(row),
      version: this.#versionOf(row),
      account: accounts.idOf(this.#store.accountOf(row)),
    };
  }

  #word(row: number, word: number): number {
    return this.#store.rows.wordsOf(row)[this.#store.rows.startOf(row) + word] ?? 0;
  }

  #empty(): RecordStore<Shared> {
    return new RecordStore<Shared>(this.#capacity, this.#seed, (row) => {
      this.#uses.orphan(this.#word(row, USE) - 1, this.#ownerOf(row));
    });
  }
}
