import type { Database, Tx } from "../../db/index.ts";
import type { CountedCell } from "./counted-cell.ts";

/** A raw event as it is shown. */
export interface StoredEvent {
  readonly id: number;
  readonly at: Date;
  readonly key: string;
  readonly version: number;
  readonly account: string;
  readonly environment: string;
  readonly code: string;
  readonly method: string | null;
  readonly route: string | null;
  /** Whether a scope names the route. */
  readonly mapped: boolean;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly ip: string | null;
  readonly country: string | null;
  readonly agent: string | null;
  readonly browser: boolean;
  readonly service: string | null;
  readonly requestId: string | null;
  readonly cost: number;
  /** Verifications that it stands for; 1 where all were kept. */
  readonly standsFor: number;
}

export interface EventQuery {
  /** Any of them; null: all keys. */
  readonly keys: readonly string[] | null;
  /** Only keys of this account; null: of any. */
  readonly account: string | null;
  readonly codes: readonly string[] | null;
  /** Inclusive. */
  readonly from: Date;
  /** Exclusive. */
  readonly to: Date;
  /** Only events before this one: where the last page ended. */
  readonly before: { readonly at: Date; readonly id: number } | null;
  readonly limit: number;
}

/**
 * Where raw events are. PostgreSQL is the only one there is; another engine may take them, where days of events no longer
 * fit its partitions.
 */
export interface EventStore {
  /**
   * Takes the events of these cells. They count only once `within` commits: an engine that cannot take part in it must bear to be
   * given the same events again.
   */
  append(within: Tx, cells: readonly CountedCell[]): Promise<void>;
  /** Newest first, as far as the reach of `within` goes. */
  read(within: Tx, query: EventQuery): Promise<readonly StoredEvent[]>;
  /** Forgets some events of UTC days before that of `before`, milliseconds since the epoch; says which, null where there are none. */
  drop(database: Database, before: number): Promise<string | null>;
}
