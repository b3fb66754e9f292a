import type { Timers } from "@claviger/core";
import type { Database, Tx } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/log.ts";
import type { SelectionFacts } from "../bulk-acts/index.ts";
import type { Key } from "../keys/index.ts";

export interface ClosingPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What is known of keys, by the inventory. */
  describe(tx: Tx, ids: readonly string[], now: Date): Promise<SelectionFacts>;
}

export interface ExportPorts {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timers: Timers;
  /** Keys as the contract shows them, by the inventory. */
  showKeys(tx: Tx, keys: readonly Key[], now: number): Promise<readonly object[]>;
}

export interface ErasingPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  /** The key of the audit chain of this version; null where there is none. */
  auditKey(version: number): Uint8Array | null;
  /** What modules beside and above this one know of people of an account. */
  readonly eraseBeside: readonly ((tx: Tx, account: string) => Promise<void>)[];
}
