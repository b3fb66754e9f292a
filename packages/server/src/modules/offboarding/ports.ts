import type { Database, Tx } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { SelectionFacts } from "../bulk-acts/index.ts";

export interface OffboardingPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  /** What is known of keys, by the inventory. */
  describe(tx: Tx, ids: readonly string[], now: Date): Promise<SelectionFacts>;
}
