import type { Database } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/log.ts";

export interface DormancyPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}
