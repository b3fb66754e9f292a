import type { Config } from "../config.ts";
import { attachEmbedded, type Engine, openEngine } from "../db/index.ts";
import type { Logger } from "../kernel/log.ts";

/** The installation's database server, for work beside the service. */
export interface OperatedServer extends Engine {
  /** False where the embedded server did not run and was started for this work alone. */
  readonly wasRunning: boolean;
}

/**
 * Reaches the database of the settings, whether the service runs or not: an embedded server that does not run is started
 * until `stop`. Never makes one. Throws EngineError.
 */
export async function openServer(config: Config, logger: Logger): Promise<OperatedServer> {
  if (config.databaseUrl !== null) {
    const engine = await openEngine({
      dataDir: config.dataDir,
      databaseUrl: config.databaseUrl,
      directUrl: config.databaseDirectUrl ?? undefined,
      migrationUrl: config.databaseMigrationUrl ?? undefined,
      logger,
    });
    return { ...engine, wasRunning: true };
  }
  const { nodeUrl, ownerUrl, wasRunning, stop } = await attachEmbedded({ dataDir: config.dataDir, logger });
  return { kind: "embedded", node: nodeUrl, direct: nodeUrl, owner: ownerUrl, wasRunning, stop };
}
