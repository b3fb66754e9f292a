import { type App, createApp, type House } from "./app.ts";
import type { Config } from "./config.ts";
import { currentRole, forgetNodes, masterKeyOf, migrate, openEngine } from "./db/index.ts";
import { systemClock } from "./kernel/clock.ts";
import type { Logger } from "./kernel/log.ts";
import { systemRandom } from "./kernel/random.ts";

/** How long a stop waits for what is outstanding, in milliseconds. */
const STOP_MS = 5_000;

/**
 * Opens database and keyring and makes the app, not yet joined. Used by everything that works on an installation. `mount`,
 * `telemetry`, `importHook`: see `House`.
 */
export async function openInstallation(
  config: Config,
  logger: Logger,
  onExit: () => void,
  { mount, telemetry, importHook }: Pick<House, "mount" | "telemetry" | "importHook"> = {},
): Promise<{ app: App; close: () => Promise<void> }> {
  const engine = await openEngine({
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl ?? undefined,
    directUrl: config.databaseDirectUrl ?? undefined,
    migrationUrl: config.databaseMigrationUrl ?? undefined,
    logger,
    onExit,
  });
  try {
    const fromDataDir = (): Promise<Uint8Array> => masterKeyOf(config.dataDir, systemRandom);
    const masterKey = config.masterKey ?? (await fromDataDir());
    const { roles, applied, ownRoles } = await migrate({
      owner: engine.owner,
      loginRole: await currentRole(engine.node),
      newSuffix: Buffer.from(systemRandom.bytes(4)).toString("hex"),
    });
    if (engine.kind === "embedded") await forgetNodes(engine.owner);
    if (applied.length > 0) logger.info({ applied }, "migrations applied");
    if (!ownRoles)
      logger.warn(
        {},
        "DATABASE_URL: the role may not create roles, so one role does everything; see docs/reference/configuration.md",
      );
    const app = await createApp({
      ...{ config, roles, masterKey, logger, mount, telemetry, importHook, node: engine.node, direct: engine.direct },
      masterKeyNow: config.masterKey === null ? fromDataDir : undefined,
      clock: systemClock,
      random: systemRandom,
    });
    const close = async (): Promise<void> => {
      // A database that says nothing any more must not keep the process.
      const late = new Promise<void>((resolve) => setTimeout(resolve, STOP_MS).unref());
      await Promise.race([app.stop(), late]);
      await engine.stop();
    };
    return { app, close };
  } catch (error) {
    await engine.stop();
    throw error;
  }
}
