import type { Ack, Hello, NodeMessage, Renew, Welcome } from "./wire.ts";

/** A lease that a node gave to a session. Times are of the node's monotonic clock. */
export interface SessionGrant {
  /** Whoever uses it has applied everything up to here: it holds back only later changes. */
  readonly seq: number;
  /** When it is surely over for its holder. */
  readonly deadline: number;
  /** When what its holder may go on with where nobody can be reached is surely over; at least the deadline. */
  readonly staleUntil: number;
  /** Given to a process that may not be the one that acknowledges now, so no acknowledgement counts for it. */
  readonly orphaned: boolean;
}

/** What a node keeps of one verifier, on whichever connection it comes. */
export interface SessionState {
  readonly session: string;
  /** The credential that opened it, and the only one that may take it up again. */
  readonly credential: string;
  readonly name: string;
  readonly software: string;
  readonly understands: readonly string[];
  readonly termMs: number;
  readonly staleIfUnreachableMs: number;
  /** Null while it is not connected. */
  readonly connection: number | null;
  /** The epoch in which the numbers below count. */
  readonly epoch: string;
  /** What is applied at the node, as far as this session was told. */
  readonly known: number;
  /** Up to where this connection has been told. */
  readonly announced: number;
  /** Up to where it has acknowledged what it was told. While it is below `announced`, a frame is under way. */
  readonly acked: number;
  /** The most it says to have applied; may be ahead of this node. */
  readonly claimed: number;
  /** Subjects of changes after `announced`, to go out in one frame; null: too many to tell. */
  readonly pending: readonly string[] | null;
  /** Since when it owes an acknowledgement; null: it does not. */
  readonly owesSince: number | null;
  /** Since when there is something pending. */
  readonly pendingSince: number | null;
  /** What was under way at the last grant; it must be acknowledged before the next. */
  readonly owedAtGrant: number | null;
  /** In the order in which they were given. */
  readonly grants: readonly SessionGrant[];
  /** Monotonic times at which a lease ran out while it held back a change. */
  readonly lapses: readonly number[];
  /** Whether it has acknowledged nothing more since the last of them. */
  readonly silent: boolean;
  /** Monotonic time of the last thing heard. */
  readonly heardAt: number;
}

/** The node itself at the moment of an event, all read just before. */
export interface NodeView {
  /** Monotonic, in ms. */
  readonly now: number;
  /** Wall clock, in ms since the epoch. */
  readonly serverTime: number;
  /** Null while the node is not in the cluster. */
  readonly epoch: string | null;
  readonly applied: number;
  /** What is left of the node's own lease by both clocks; 0 without one. */
  readonly leaseMsLeft: number;
  /** What the node's row says that its verifiers may go on for without a lease. */
  readonly maxStaleMs: number;
  /**
   * For how long a session may hold back a change, in ms; left out: for as long as its leases run. Others take a node for
   * deaf that acknowledges nothing for its term.
   */
  readonly patienceMs?: number | undefined;
}

export type SessionEvent =
  | {
      readonly kind: "hello";
      readonly connection: number;
      readonly credential: string;
      readonly message: Hello;
      /** Subjects of all changes after its `appliedSeq` and up to what is applied here; null: not known. */
      readonly missed: readonly string[] | null;
      readonly node: NodeView;
    }
  | {
      readonly kind: "renew";
      readonly connection: number;
      readonly message: Renew;
      readonly node: NodeView;
      /** Lapses of late of all sessions of its credential, see `recentLapses`. */
      readonly credentialLapses: number;
    }
  | { readonly kind: "ack"; readonly connection: number; readonly message: Ack; readonly now: number }
  | { readonly kind: "release"; readonly connection: number; readonly now: number }
  | { readonly kind: "disconnected"; readonly connection: number; readonly now: number }
  /** Everything up to `seq` is applied at the node; these subjects were touched since it last told. */
  | { readonly kind: "applied"; readonly seq: number; readonly subjects: readonly string[]; readonly now: number }
  /** The node dropped everything: it has joined, or cannot tell what was touched. Everything up to `seq` is applied. */
  | { readonly kind: "resync"; readonly epoch: string; readonly seq: number; readonly now: number }
  /** Time has passed: to be sent about once a second and before a session is judged. */
  | { readonly kind: "tick"; readonly now: number };

export type SessionEffect =
  | { readonly kind: "send"; readonly connection: number; readonly message: NodeMessage }
  /** Send WELCOME with these, and what the node adds: name, settings, limits. Nothing may go out before it. */
  | {
      readonly kind: "welcome";
      readonly connection: number;
      readonly welcome: Pick<Welcome, "version" | "epoch" | "seq" | "serverTime">;
    }
  /** Close this connection, once what was to be sent is sent. */
  | { readonly kind: "hang-up"; readonly connection: number }
  /** A lease ran out while it held back changes after `seq`. */
  | { readonly kind: "lapsed"; readonly seq: number }
  /** It was given back: forget it as soon as `isForgettable` says so. */
  | { readonly kind: "ended" };
