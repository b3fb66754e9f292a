import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { RotationPorts } from "../rotation/index.ts";

/** What the acts and jobs of this module are given. */
export interface SchedulePorts {
  readonly rotation: RotationPorts;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}
