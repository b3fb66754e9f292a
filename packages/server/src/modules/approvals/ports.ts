import type { Database } from "../../db/index.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { KeysPorts, KeyViews } from "../keys/index.ts";
import type { RotationPorts } from "../rotation/index.ts";

export interface ApprovalPorts {
  readonly keys: KeysPorts;
  readonly rotation: RotationPorts;
  readonly database: Database;
  readonly clock: Clock;
  readonly views: Pick<KeyViews, "show">;
}
