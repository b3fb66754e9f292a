import type { Database, Keyring } from "../../db/index.ts";
import type { Act, Unit } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/log.ts";
import type { ResolveName } from "../../kernel/outgoing/index.ts";
import type { Random } from "../../kernel/random.ts";
import type { StoreCommands } from "../../kernel/store-commands.ts";
import type { StoreMetrics } from "../../kernel/store-metrics.ts";
import type { HandOver } from "./hand-over.ts";

/** What the acts and jobs of this module are given. */
export interface StoresPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly ids: Ids;
  readonly keyring: Keyring;
  readonly logger: Logger;
  readonly metrics: StoreMetrics;
  /** How names of stores are resolved. */
  readonly resolve: ResolveName;
  /** CLAVIGER_ALLOW_PRIVATE_TARGETS. */
  readonly allowPrivate: boolean;
  /** CLAVIGER_STORE_COMMANDS. */
  readonly commands: StoreCommands;
  /** Ends the version of a rotation by schedule that has not arrived, in the transaction that gives it up. */
  giveUp(unit: Unit, handOver: HandOver): Promise<void>;
}
