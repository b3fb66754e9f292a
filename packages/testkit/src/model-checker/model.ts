/**
 * What the checked system consists of. Parts are plain values: a move copies those that it changes, and never changes one
 * that another state may hold. The state machines in them are those of the product.
 *
 * Time goes on in ticks of true time, a few of them in a term; each process counts them by a clock of its own rate. Between
 * two ticks anything may happen in any order, and anything may be put off for any number of ticks: so a process that stands
 * still, a slow link and a slow database are not moves of their own.
 */
import type {
  BarrierWaiter,
  Moment,
  NodeLease,
  NodeLeaseEffect,
  NodeMessage,
  NodeRow,
  ObserverState,
  Reading,
  SessionState,
  VerifierMessage,
  VerifierState,
  Watched,
} from "@claviger/core";
import type { LoggedChange } from "../simulator/tables.ts";

export type Stepwise = "renewals" | "acts" | "reads";

/** How much of everything there is. */
export interface Bounds {
  /** The rate of each node's clock against true time, and of each verifier's: 0.9 to 1.1. */
  readonly nodes: readonly number[];
  readonly verifiers: readonly number[];
  /** Places of the nodes that the client may ask. */
  readonly asked: readonly number[];
  /** Places of the nodes that verifiers connect to; null: all. */
  readonly homes: readonly number[] | null;
  /** Ticks of true time in a term; at least 2. */
  readonly ticksInTerm: number;
  /** What is done, one after another: the key is taken away, or given back, or something else is changed. */
  readonly acts: readonly ("take" | "give" | "other")[];
  /** How often each thing fails, in all. */
  readonly faults: Faults;
  /** Places of the nodes and of the verifiers that fail, and whose connections do; null: any. */
  readonly failing: { readonly nodes: readonly number[] | null; readonly verifiers: readonly number[] | null };
  /** Subjects that rings of invalidations keep, and changes that the log keeps. */
  readonly ringKept: number;
  readonly logKept: number;
  /** Whether nodes verify the key themselves, and read it for that; otherwise they hold what verifiers looked up. */
  readonly ownLookUps: boolean;
  /** RENEWs that a verifier has not had answered, and its connections that an end takes for open, at most. */
  readonly renewals: number;
  readonly lines: number;
  /** Whether it is checked that each act can come to an end; otherwise states in which nothing can be accepted are left. */
  readonly progress: boolean;
  /** Whether a node lends no longer than others wait for it to acknowledge. Without that, leases are longer. */
  readonly patience: boolean;
  /**
   * Places of the nodes that do these step by step, so that anything may come between: a renewal, an act, a read of the rows.
   * At the others each is one move, and whoever is asked to act looks at the rows all the time. That is the best for
   * whoever wants to show a mistake: heads are as low as they can be, tokens are seen as early as they can be, acts end as
   * early as they can, and no lease is longer, since it counts from before the first step.
   */
  readonly stepwise: Readonly<Record<Stepwise, readonly number[]>>;
  /** Whether a node receives at once what a verifier sends. What goes to verifiers takes its time all the same. */
  readonly prompt: boolean;
}

export interface Faults {
  /** A connection breaks: what is under way on it is lost. */
  readonly breaks: number;
  /** A node is killed, and another process takes its place. */
  readonly nodeKills: number;
  readonly verifierKills: number;
  /** A verifier is closed in good order, and another process takes its place. */
  readonly closes: number;
  /** A node stops in good order, and another process takes its place once its row is gone. */
  readonly leaves: number;
  /** A request to the database, or its answer, is lost. */
  readonly losses: number;
}

/** A ring of invalidations, as what was told to it since it was emptied: the real one is made of that when it is asked. */
export interface Ring {
  readonly floor: number | null;
  readonly noted: readonly { readonly seq: number; readonly subjects: readonly string[] }[];
}

export interface ModelDatabase {
  readonly head: number;
  readonly log: readonly LoggedChange[];
  readonly active: boolean;
  readonly rows: readonly NodeRow[];
}

type Write = Extract<NodeLeaseEffect, { readonly kind: "write-join" | "write-renewal" }>;

/** A renewal under way. The head is read before the token is written only where that mistake is made. */
export interface Renewing {
  readonly step: "read-first" | "written" | "read";
  readonly token: string;
  readonly write: Write;
  readonly rows: number;
  readonly head: number;
}

/** A read of all rows and of the log under way. */
export interface Following {
  readonly sentAt: number;
  readonly incarnation: string | null;
  readonly applied: number;
  /** What the database has answered; null: it has not got to it. */
  readonly found: {
    readonly head: number;
    readonly rows: readonly NodeRow[];
    readonly changes: readonly LoggedChange[];
  } | null;
}

/** A read of the key whose answer is on its way to the node: for the verifier on this line; null: for the node itself. */
export interface LookedUp {
  readonly line: number | null;
  readonly id: number;
  readonly active: boolean;
  readonly asOfSeq: number;
}

export interface ModelNode {
  readonly place: number;
  /** Names this process among all that ever ran at this place. */
  readonly process: string;
  leaving: boolean;
  /** The row that it gives back when it is free to. */
  leavingRow: string | null;
  lease: NodeLease;
  /** Whether the key is held, as one that is good. */
  held: boolean;
  ring: Ring;
  observer: ObserverState;
  listing: (Reading & { readonly head: number }) | null;
  /** Not before this moment of its clock is the lease renewed again. */
  renewAt: number;
  renewing: Renewing | null;
  following: Following | null;
  reading: LookedUp | null;
  sessions: readonly SessionState[];
  waiter: BarrierWaiter | null;
  /** Rows that looked dead before the commit, for the mistake of going by that. */
  seenDead: readonly Watched[];
  /** Changes that are applied late, by the mistake of acknowledging them first. */
  late: readonly LoggedChange[];
}

/** A look-up under way. */
export interface Asked {
  readonly id: number;
  readonly generation: number;
  /** Whether the verification that sent it, or one that joined it, began when the key was confirmed to be taken away. */
  readonly late: boolean;
  readonly joinedLate: boolean;
}

export interface ModelVerifier {
  readonly place: number;
  state: VerifierState;
  held: boolean;
  ring: Ring;
  /** The connection that it wants to open. */
  wants: number | null;
  asked: Asked | null;
  /** The clocks as they were read at the last step. */
  remembered: Moment;
  /** Invalidations that are carried out late, by the mistake of acknowledging them first. */
  late: readonly { readonly seq: number; readonly subjects: readonly string[] }[];
}

/** One connection: two streams, each in order. Between two connections there is no order. */
export interface ModelLine {
  readonly id: number;
  readonly verifier: number;
  readonly node: number;
  /** The verifier's own number for it. */
  readonly number: number;
  readonly session: string;
  toNode: readonly VerifierMessage[];
  toVerifier: readonly NodeMessage[];
  /** Nothing gets through any more, though an end may not have noticed. */
  broken: boolean;
  /** Whether this end is still open. */
  atVerifier: boolean;
  atNode: boolean;
  /** The session that was taken up on it. */
  greeted: string | null;
}

/** A write that comes at some time, or never: one that was taken for lost, or the removal of a row. */
export type StrayWrite =
  | { readonly kind: "renewal"; readonly place: number; readonly write: Write }
  | { readonly kind: "reap"; readonly incarnation: string; readonly token: string };

/** The one client that acts. */
export interface ModelAct {
  /** Which of the acts comes next, or is under way. */
  readonly index: number;
  /** `committed`: the node that was asked does not know yet. `waiting`: it waits at the barrier. */
  readonly step: "idle" | "committed" | "waiting";
  readonly node: number;
  readonly seq: number;
  readonly foundDone: boolean;
  /** What was taken away was confirmed, and has not been given back since. */
  readonly confirmed: boolean;
  /** Told by what the last confirmation said. */
  readonly told: { readonly verifiers: number; readonly lapsed: number } | null;
}

export interface Model {
  tick: number;
  /** Commits so far: what was read before one of them was read earlier, also within a tick. */
  commits: number;
  names: number;
  database: ModelDatabase;
  nodes: ModelNode[];
  verifiers: ModelVerifier[];
  lines: ModelLine[];
  strays: readonly StrayWrite[];
  act: ModelAct;
  left: Faults;
  /** An answer that must not have been given, in words. */
  wrong: string | null;
}

export const EPOCH = "database:00000001";
export const KEY = "k";
export const SUBJECT = "key:k";
export const OTHER_SUBJECT = "key:other";
/**
 * Such that a half, a third and a quarter of it are whole numbers by clocks of rate 0.9, 1 and 1.1: then sums and differences of
 * times are exact, and what comes at the very end of a span comes there in every state.
 */
export const TERM_MS = 1_200;
