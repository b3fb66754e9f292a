import type { Database } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { EnvironmentClass, Keks } from "../../kernel/kek/index.ts";
import type { Random } from "../../kernel/random.ts";

export interface RecoveryPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  /** Null where no key is recoverable. */
  readonly kept: { readonly classes: readonly EnvironmentClass[]; readonly keks: Keks } | null;
  /** Reveals of one management key within an hour, over all nodes. */
  readonly perHour: number;
}
