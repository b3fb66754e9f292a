import { access } from "node:fs/promises";
import { join } from "node:path";
import { createLogger } from "../../kernel/log.ts";
import { openServer } from "../open-database.ts";
import type { OperateOptions } from "../options.ts";
import { type Check, fail, messageOf, warn } from "./check.ts";
import { checkDataDir } from "./data-dir.ts";
import { checkDatabase } from "./database.ts";
import { checkPort } from "./port.ts";
import { checkRedis } from "./redis.ts";
import { checkNode, checkSettings } from "./settings.ts";

export type { Check, CheckStatus } from "./check.ts";

/**
 * Looks at everything an installation needs, one check after the other, as soon as each is known. Changes nothing, but for
 * starting an embedded database that does not run and stopping it again. Never throws for what it finds.
 */
export async function* runDoctor(options: OperateOptions): AsyncGenerator<Check> {
  yield checkNode(process.versions.node);
  const { config, checks } = checkSettings(options);
  yield* checks;
  if (config === null) return;
  yield* await checkDataDir(config.dataDir, config.masterKey === null);
  yield await checkPort(config.host, config.port);
  yield* checkRedis(config);
  const embedded = config.databaseUrl === null;
  if (embedded && !(await hasCluster(config.dataDir))) {
    yield warn(
      "database",
      "there is none yet",
      "nothing, if the service was never started: its first start makes it; else set CLAVIGER_DATA_DIR",
    );
    return;
  }
  try {
    const server = await openServer(config, createLogger("silent"));
    try {
      yield* checkDatabase(config, server);
    } finally {
      await server.stop();
    }
  } catch (error) {
    const action = embedded
      ? "look at what the service says when it starts"
      : "check DATABASE_URL and the server behind it";
    yield fail("database", messageOf(error), action);
  }
}

async function hasCluster(dataDir: string): Promise<boolean> {
  return access(join(dataDir, "postgres")).then(
    () => true,
    () => false,
  );
}
