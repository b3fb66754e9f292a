import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { RotationPorts } from "../rotation/index.ts";
import type { VerifyKey } from "../verification/index.ts";

export interface DrillPorts {
  readonly rotation: RotationPorts;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly verify: VerifyKey;
  /** Days within which a drill is to have passed; 0: none is asked for. */
  readonly everyDays: number;
}
