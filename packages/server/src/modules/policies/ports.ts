import type { Database } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { PolicyChange } from "./policy.ts";

/** What the acts of this module are given. */
export interface PoliciesPorts {
  readonly act: Act;
  readonly ids: Ids;
  readonly database: Database;
  readonly clock: Clock;
  /** Counts the keys that end sooner by a change, with a grace until then. What keys there are is not known here; app.ts hands it in. */
  countEnding(change: PolicyChange, graceUntil: Date): Promise<number>;
}
