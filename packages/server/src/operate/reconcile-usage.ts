import { loadConfig } from "../config.ts";
import { systemClock } from "../kernel/clock.ts";
import { createLogger } from "../kernel/log.ts";
import { type Reconciliation, reconcileUsage as reconcile } from "../modules/traffic/index.ts";
import { openExisting } from "./installation.ts";
import type { OperateOptions } from "./options.ts";

export interface ReconcileOptions extends OperateOptions {
  /** UTC days from and to which it is compared, milliseconds since the epoch; default yesterday and today. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const DAY_MS = 86_400_000;

/** Compares counts of uses with each other and with single verifications. Throws ConfigError, EngineError, DatabaseError. */
export async function reconcileUsage({ from, to, ...options }: ReconcileOptions): Promise<Reconciliation> {
  const config = loadConfig(options.environment, options.workingDirectory);
  const { database, close } = await openExisting(config, createLogger("error"));
  const now = systemClock.wall();
  try {
    return await reconcile(database, from ?? now - DAY_MS, to ?? now);
  } finally {
    await close();
  }
}
