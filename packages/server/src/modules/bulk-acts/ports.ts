import type { Database, Tx } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";

/** Which keys; all conditions that are given hold. `ids` stands alone. */
export interface KeySelection {
  readonly account?: string | undefined;
  /** Keys that this member owns. */
  readonly member?: string | undefined;
  readonly service?: string | undefined;
  readonly tag?: string | undefined;
  readonly view?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** Who selects: saved views are theirs. */
export interface Selector {
  readonly keyId: string;
  readonly scopes: ReadonlySet<string>;
}

/** What is known of selected keys, for who is about to act on them. */
export interface SelectionFacts {
  readonly accounts: number;
  /** How many were accepted within 24 hours. */
  readonly used24h: number;
  readonly byStatus: Readonly<Record<string, number>>;
  /** The latest used first. */
  readonly sample: readonly SampledKey[];
}

export interface SampledKey {
  readonly key: string;
  readonly label: string;
  readonly account: string;
  readonly status: string;
  readonly lastUsedAt: string | null;
}

export interface BulkActPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Ids of customers' keys, of those that are not revoked unless they are named; one more than `most` at most. Throws NOT_FOUND and VALIDATION_FAILED. */
  select(tx: Tx, selector: Selector, selection: KeySelection, now: Date, most: number): Promise<readonly string[]>;
  describe(tx: Tx, ids: readonly string[], now: Date): Promise<SelectionFacts>;
}
