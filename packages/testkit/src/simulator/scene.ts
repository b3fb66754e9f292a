/** Everything that may go wrong, by name. */
export type FaultName =
  | "verifier stands still"
  | "node stands still"
  | "machine sleeps"
  | "wall clock steps"
  | "connection breaks"
  | "verifier is cut off"
  | "node is cut off"
  | "link is slow"
  | "node is killed"
  | "node leaves"
  | "verifier is killed"
  | "verifier is closed"
  | "database is away"
  | "wait for standby is cancelled"
  | "standby takes over";

/** What a run emphasises; what is left out is drawn. */
export interface Scene {
  readonly standby?: boolean;
  /** The longest that a message takes, in milliseconds. */
  readonly longestDelay?: number;
  /** The same between nodes and verifiers, where that is another one. */
  readonly verifierDelay?: number;
  /** How likely it is that a node is woken by a change. */
  readonly woken?: number;
  readonly nodes?: number;
  readonly verifiers?: number;
  readonly logKept?: number;
  readonly ringKept?: number;
  readonly terms?: readonly number[];
  readonly rates?: readonly number[];
  readonly faults?: readonly FaultName[];
  /** Milliseconds between faults, on average. */
  readonly pace?: number;
  /** The longest that the standby is behind. */
  readonly longestLag?: number;
}
