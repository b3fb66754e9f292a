import type { Moment } from "../coherence/moment.ts";
import type { DenyReason, NodeMessage, VerifierMessage, VerifierSettings, Welcome } from "./wire.ts";

/** What a verifier says of itself. */
export interface VerifierOptions {
  /** Random, 16 to 64 characters of `[A-Za-z0-9_-]`, made anew by every process and thread. */
  readonly session: string;
  /** The term to ask for, in milliseconds. */
  readonly termMs: number;
  /** For how long to go on without a lease where nobody can be reached, in milliseconds; 0: never. */
  readonly staleIfUnreachableMs: number;
  readonly understands: readonly string[];
  /** What operators know it by; printable ASCII. */
  readonly name: string;
  readonly software: string;
}

/** A grant. It may be used by whoever has applied everything up to `seq`. */
export interface VerifierGrant {
  /** The clocks from before the RENEW was sent. */
  readonly t0: Moment;
  readonly termMs: number;
  readonly staleMs: number;
  readonly seq: number;
}

/** A RENEW that was not answered yet. */
export interface SentRenewal {
  readonly nonce: number;
  readonly t0: Moment;
}

export interface VerifierState {
  readonly options: VerifierOptions;
  readonly phase: "disconnected" | "greeting" | "following" | "closed";
  /** The number of the connection in use, or of the one that was asked for. */
  readonly connection: number;
  /** Null until a node was reached for the first time. */
  readonly epoch: string | null;
  /** Everything up to here is applied. Never falls within an epoch. */
  readonly applied: number;
  /** Goes up whenever everything is dropped; what was asked for under another number is not used. */
  readonly generation: number;
  /** The lease in use; it may be over: `standingOf` tells. */
  readonly lease: VerifierGrant | null;
  /** Grants whose changes are not applied yet, oldest first. */
  readonly waiting: readonly VerifierGrant[];
  /** Oldest first; all of this connection. */
  readonly renewals: readonly SentRenewal[];
  readonly lastNonce: number;
  /** When the HELLO of this connection was sent. */
  readonly greetedAt: Moment;
  /** Monotonic time of the next RENEW. */
  readonly renewAt: number;
  /** A node's wall clock, not older than `at`. */
  readonly time: { readonly serverTime: number; readonly at: Moment } | null;
  /** In remote mode a verdict is asked for each time; leases are asked for all the same, more seldom. */
  readonly mode: "local" | "remote";
  /** Why the last RENEW was not granted; null after a grant. */
  readonly denied: DenyReason | null;
  /** Denials in a row for want of acknowledgement. */
  readonly unacknowledged: number;
  /** Connections in a row that came to nothing. */
  readonly failures: number;
}

export type VerifierEvent =
  | { readonly kind: "started"; readonly at: Moment }
  /** The connection that was asked for is open. `at` was read before anything is sent on it. */
  | { readonly kind: "connected"; readonly connection: number; readonly at: Moment }
  /** It could not be opened, or is gone. */
  | { readonly kind: "disconnected"; readonly connection: number; readonly at: Moment }
  /** The node refused to open it, for a reason that trying again does not change. */
  | { readonly kind: "rejected"; readonly connection: number; readonly reason: DenyReason }
  | { readonly kind: "received"; readonly connection: number; readonly at: Moment; readonly message: NodeMessage }
  /** Something that is no message, or of a kind that is not known: it may have been an invalidation. */
  | { readonly kind: "unreadable"; readonly connection: number; readonly at: Moment }
  /** Time has passed: to be sent at `nextTickAt`, and whenever `clocksApart` says so. */
  | { readonly kind: "tick"; readonly at: Moment }
  | { readonly kind: "closed" };

export type VerifierDropReason = "joined" | "epoch-changed" | "resync" | "gap" | "closed" | "given-up";

/** To be carried out in order, in the same synchronous block as the step and before any verification. */
export type VerifierEffect =
  | { readonly kind: "send"; readonly connection: number; readonly message: VerifierMessage }
  /** Open a connection under this number to any node, after a random share of the delay, at least half. */
  | { readonly kind: "connect"; readonly connection: number; readonly delayMs: number }
  | { readonly kind: "disconnect"; readonly connection: number }
  /** Note the change in the ring of invalidations, and forget what depends on the subjects. */
  | { readonly kind: "drop-subjects"; readonly seq: number; readonly subjects: readonly string[] }
  /** Forget everything, and reset the ring to `floor`; null: nothing is known. Settings and catalogue are forgotten too. */
  | { readonly kind: "drop-everything"; readonly floor: number | null; readonly because: VerifierDropReason }
  /** Settings of this connection, true as of `seq`. */
  | {
      readonly kind: "settings";
      readonly settings: VerifierSettings;
      readonly seq: number;
      readonly limits: Welcome["limits"];
    }
  /** An answer to one of the caller's own questions, or `fault`. */
  | { readonly kind: "deliver"; readonly message: Delivered }
  | { readonly kind: "mode"; readonly mode: "local" | "remote"; readonly because: DenyReason | null }
  /** The node speaks these versions of the protocol, and none of ours; another node is tried. */
  | { readonly kind: "unsupported"; readonly versions: readonly number[] }
  /** For good: neither this session nor this credential will be served. */
  | { readonly kind: "give-up"; readonly reason: DenyReason };

export type Delivered = Extract<
  NodeMessage,
  { readonly kind: "record" | "catalogue" | "settings" | "usage-ok" | "budget" | "unanswered" | "fault" }
>;

/** A verifier that has not begun. */
export function newVerifier(options: VerifierOptions): VerifierState {
  const never: Moment = { mono: 0, wall: 0 };
  return {
    options,
    phase: "disconnected",
    connection: 0,
    epoch: null,
    applied: 0,
    generation: 0,
    lease: null,
    waiting: [],
    renewals: [],
    lastNonce: 0,
    greetedAt: never,
    renewAt: 0,
    time: null,
    mode: "local",
    denied: null,
    unacknowledged: 0,
    failures: 0,
  };
}
