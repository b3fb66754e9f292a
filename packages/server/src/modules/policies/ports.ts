import type { Database } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { CountEnding } from "./begin-enforcement.ts";

/** What the acts of this module are given. */
export interface PoliciesPorts {
  readonly act: Act;
  readonly ids: Ids;
  readonly database: Database;
  readonly clock: Clock;
  readonly countEnding: CountEnding;
}
