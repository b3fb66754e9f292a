import type {
  EpochSighting,
  Moment,
  NodeLease,
  NodeLeaseEffect,
  NodeLeaseEvent,
  ObserverState,
  Reading,
  RecentInvalidations,
} from "@claviger/core";
import type { Surroundings } from "./cluster.ts";
import type { SimRecord } from "./tables.ts";
import type { Process } from "./world.ts";

export interface SimNodeOptions {
  readonly name: string;
  readonly rate: number;
  /** How far the wall clock of its machine is ahead. Nobody's is right, and nothing may depend on that it is. */
  readonly wallAhead: number;
  readonly termMs: number;
  readonly maxStaleMs: number;
}

/** A record and the change that it is true as of; undefined: not answered. */
export type Found = { readonly record: SimRecord | null; readonly asOfSeq: number } | undefined;

/** What a node writes into its row for itself and for its verifiers. */
export interface SaidInRow {
  readonly ackedSeq: number;
  readonly vouchedSeq: number;
  readonly verifiers: number;
}

/** A node as its own parts know it. */
export interface OwnNode {
  readonly cluster: Surroundings;
  readonly options: SimNodeOptions;
  readonly process: Process;
  readonly ring: RecentInvalidations;
  readonly lease: NodeLease;
  observer: ObserverState;
  listing: (Reading & { readonly head: number }) | null;
  sighting: EpochSighting | null;
  readonly sessions: { afterEvents(): void; said(): SaidInRow };
  readonly acts: { look(): void; connectionLost(): void };
  now(): Moment;
  ask<T>(work: (answer: (value: T) => void) => void, done: (value: T | null) => void): void;
  step(event: NodeLeaseEvent): readonly NodeLeaseEffect[];
  apply(seq: number, subjects: readonly string[]): void;
  renew(): void;
  follow(): void;
  acknowledge(): void;
  sendAck(incarnation: string, epoch: string, said: SaidInRow, done: () => void): void;
  find(key: string, done: (found: Found) => void): void;
  longestTerm(): number;
  longestStale(): number;
}
