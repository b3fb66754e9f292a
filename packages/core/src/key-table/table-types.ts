import type { Catalogue } from "../scopes/catalogue.ts";
import type { KeyRecord, VerifyRequest } from "../verdict/verdict.ts";
import type { Outcome } from "./outcome.ts";
import type { KeyVerdict } from "./told-verdict.ts";
import type { KeyUse } from "./uses.ts";

/** What the table holds for one presented key. */
export interface KeyTableEntry<Shared extends object> {
  /** Of its versions only the presented one is kept: no decision looks at another. */
  readonly record: KeyRecord;
  /** Which of the key's versions has this hash. */
  readonly version: number;
  /** Remembered with the account, such as the caller's own name of it; null for nothing. */
  readonly accountNote: string | null;
  /**
   * Anything that many keys have in common, such as the limits of a plan; null for nothing. Held by identity and never
   * copied: whoever owns it may change it in place for all those keys at once.
   */
  readonly shared: Shared | null;
  /** A number of the caller's, such as that of the key's counters: 32 bits, signed. Default 0. */
  readonly handle?: number | undefined;
}

/**
 * Verified keys in memory, by the SHA-256 of the presented secret: see `createKeyTable`.
 *
 * A hash is always 16 characters, one for each two bytes, and compared in full: `crypto.hash("sha256", secret, "utf16le")`.
 * That costs as much to make as any other form, and the least to read.
 */
export interface KeyTable<Shared extends object> {
  /**
   * Holds an entry under a hash, in place of the one that was there. A full table gives up another entry,
   * each in its turn.
   *
   * @throws TypeError if the hash is not 16 characters
   */
  put(hash: string, entry: KeyTableEntry<Shared>): void;

  /**
   * Decides as `decide` does and allocates nothing, unless the record is one that `decide` itself must look at. The
   * answer is about the table as it is: ask what follows of it at once, before anything is put or dropped.
   *
   * @param now milliseconds since the epoch
   * @returns UNKNOWN if no entry has this hash; else see `isValid` and `codeOf`
   */
  check(hash: string, request: VerifyRequest, catalogue: Catalogue, now: number): Outcome;

  /**
   * The same as a verdict that may be kept: as `decide` gives it for the record with the presented version alone. It
   * makes ids and record only when they are read.
   *
   * @returns null if no entry has this hash
   */
  verify(hash: string, request: VerifyRequest, catalogue: Catalogue, now: number): KeyVerdict | null;
  /**
   * The verdict of an outcome, given what was asked in that very check, which must be the last one that was made. Of
   * an outcome that was given another code by `refusedWith`, the refusal with that code.
   *
   * @throws TypeError for UNKNOWN
   */
  verdictOf(outcome: Outcome, request: VerifyRequest, catalogue: Catalogue, now: number): KeyVerdict;

  /** The entry under a hash, or undefined. Its record is made anew at each call. */
  get(hash: string): KeyTableEntry<Shared> | undefined;
  /** The entry of an outcome. @throws TypeError for UNKNOWN */
  entryOf(outcome: Outcome): KeyTableEntry<Shared>;
  /** The key's id, the account's note, what is shared and the handle of an outcome. @throws TypeError for UNKNOWN */
  keyIdOf(outcome: Outcome): string;
  accountNoteOf(outcome: Outcome): string | null;
  sharedOf(outcome: Outcome): Shared | null;
  handleOf(outcome: Outcome): number;

  /** Counts one use or refusal of the version that the outcome is about, at `now` in milliseconds since the epoch. */
  countUse(outcome: Outcome, now: number): void;
  /** Hands over what was counted, of at most `limit` versions, and forgets it. Counts outlive their entries. */
  takeUses(limit: number): KeyUse[];

  /** Whether an entry was there. */
  remove(hash: string): boolean;
  /**
   * From now on no entry with one of these among its record's subjects is known. What a subject touches is found at
   * once; a subject that many records share, or an account, costs the same however many those are.
   */
  dropSubjects(subjects: readonly string[]): void;
  /** Frees what was dropped among the next `entries`; each `put` also looks at a few. True if none can be left. */
  sweep(entries: number): boolean;
  /** Forgets everything but what was counted. */
  clear(): void;

  /** Entries held, dropped ones that have not been swept yet included. */
  readonly size: number;
  /** Bytes of all typed arrays. What records share and what does not fit them (metadata, odd ids) is not in it. */
  readonly bytes: number;
}
