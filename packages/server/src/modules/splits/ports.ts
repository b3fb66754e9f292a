import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { AskApproval, KeysPorts, KeyViews } from "../keys/index.ts";

/** What the acts of this module are given. */
export interface SplitPorts {
  readonly keys: KeysPorts;
  readonly database: Database;
  readonly clock: Clock;
}

export interface SplitRoutesPorts extends SplitPorts {
  readonly views: Pick<KeyViews, "show">;
  readonly ask: AskApproval;
}

export interface SplitWatchPorts extends SplitPorts {
  readonly logger: Logger;
}
