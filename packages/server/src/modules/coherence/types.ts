import type { Moment, Touched } from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Effective } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import type { DirectConnection } from "./coherence.store.ts";

/** How far the verifiers in other processes have come that hold leases from this node. */
export interface Confirmed {
  /** The newest change, not beyond what was asked for, that all of them have applied. */
  readonly ackedSeq: number;
  /** How many they are. */
  readonly verifiers: number;
  /** The same, counting also verifiers that lapsed and were allowed to go on without a lease. */
  readonly vouchedSeq: number;
}

/** Leases that this node has lent to verifiers in other processes; see the module `verifiers`. All of it is synchronous. */
export interface LentLeases {
  /** How far they have come up to `applied`, a number of `epoch`. */
  confirmed(applied: number, epoch: string): Confirmed;
  /** Everything up to `seq` of `epoch` is visible here. What was touched was told before, in `onInvalidate`. */
  onApplied(seq: number, epoch: string): void;
}

export interface CoherenceOptions {
  readonly database: Database;
  /** A direct connection, not through a transaction pooler: two of its own are held, so that no busy pool delays a renewal. */
  readonly listenConnection: DirectConnection;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Milliseconds, 250-60 000: the longest a revocation waits for this node when it does not answer. */
  readonly termMs: number;
  /** What operators know this node by; shown where it lapsed. */
  readonly name: string;
  /** Version of the software. */
  readonly software: string;
  /** Forget every record that depends on one of the subjects. Synchronous: what returns is visible to verification. */
  onInvalidate(subjects: readonly string[], seq: number): void;
  /** Forget every record. Synchronous, too. */
  onDropEverything(): void;
  /** Without it nothing is lent. */
  readonly lent?: LentLeases;
}

export interface CoherenceState {
  /** Null while this node is not in the cluster. */
  readonly incarnation: string | null;
  readonly epoch: string | null;
  readonly appliedSeq: number;
  /** Entries of the change log known to exist but not yet applied here. */
  readonly lagSeq: number;
  /** 0 without a valid lease. */
  readonly leaseMsLeft: number;
  /** Rows of nodes at the last read, this one's included. */
  readonly nodes: number;
  /** Acts now waiting at the barrier. */
  readonly barriers: number;
  /** Times this node was without a valid lease after it had had one; a stop is none. */
  readonly lapses: number;
}

export interface Coherence {
  /** Joins; returns once the lease is valid. Throws UNAVAILABLE where that takes longer than three terms and 10 s. */
  start(): Promise<void>;
  /** Whether this node may give verdicts now. Reads both clocks each time; never remember the answer. */
  leaseValid(): boolean;
  /** The same at a moment that was read from both clocks just before. */
  leaseValidAt(now: Moment): boolean;
  state(): CoherenceState;
  /** Milliseconds since the newest renewal of each node that this one has seen, by incarnation. */
  renewedAgo(): ReadonlyMap<string, number>;
  /**
   * This process has committed `seq`. With its subjects, the records that depend on them are forgotten before this
   * returns; without, shortly after.
   */
  committed(seq: number, subjects?: readonly string[] | null): void;
  /**
   * Waits until no process anywhere acts on what was before `seq`, which must have been committed. Throws
   * BARRIER_UNCONFIRMED, with `seq` in `extra`, when the database was lost on the way or the wait took too long.
   */
  barrier(seq: number): Promise<Effective>;
  /** Whether a record read as of `asOfSeq` may have been touched since: use it only where it is `untouched`. */
  touchedSince(asOfSeq: number, subjects: readonly string[]): Touched;
  /** Subjects of all changes after `seq` that are applied here; null where that is not known, or they are more than `most`. */
  subjectsAfter(seq: number, most: number): readonly string[] | null;
  /** Whether `beginLending` was written down for the present row, with at least `maxStaleMs`. */
  isLending(maxStaleMs: number): boolean;
  /**
   * To be awaited before a lease is lent: a durable note that this node lends leases, and to verifiers that may go on
   * without one for `maxStaleMs`. False where it could not be written, or the node has lost its row: lend nothing.
   */
  beginLending(maxStaleMs: number): Promise<boolean>;
  /** A verifier has applied more, or its lease has ended: acknowledges at once what waited for it. */
  acknowledgeSoon(): void;
  /**
   * Gives the lease back and removes the row, so that nobody waits for this node. With `keepRow` the row stays until it
   * lapses, because leases that were lent under it may still be in use. Never throws.
   */
  stop(options?: { readonly keepRow: boolean }): Promise<void>;
}
