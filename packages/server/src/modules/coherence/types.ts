import type { Moment, Touched } from "@claviger/core";
import type { Database } from "../../db/index.ts";
import type { Effective } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { Random } from "../../kernel/random.ts";
import type { DirectConnection } from "./coherence.store.ts";

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
}

export interface Coherence {
  /** Joins; returns once the lease is valid. Throws UNAVAILABLE where that takes longer than three terms and 10 s. */
  start(): Promise<void>;
  /** Whether this node may give verdicts now. Reads both clocks each time; never remember the answer. */
  leaseValid(): boolean;
  /** The same at a moment that was read from both clocks just before. */
  leaseValidAt(now: Moment): boolean;
  state(): CoherenceState;
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
  /** Gives the lease back and removes the row, so that nobody waits for this node. Never throws. */
  stop(): Promise<void>;
}
