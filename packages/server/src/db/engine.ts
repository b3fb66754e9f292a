/**
 * The PostgreSQL of this installation: the embedded one, or the operator's own where DATABASE_URL is set. Everything
 * above sees connections and never asks which it is.
 */
import type pg from "pg";
import { type EngineLogger, startEmbedded } from "./embedded/index.ts";

export { EngineError, type EngineErrorCode } from "./embedded/index.ts";

export interface EngineConfig {
  /** CLAVIGER_DATA_DIR; used where there is no `databaseUrl`. */
  readonly dataDir: string;
  /** DATABASE_URL: the node's connections, perhaps through a pooler. */
  readonly databaseUrl?: string | undefined;
  /** DATABASE_DIRECT_URL: the same database without a pooler. Default: `databaseUrl`. */
  readonly directUrl?: string | undefined;
  /** DATABASE_MIGRATION_URL: as the role that owns the tables. Default: `directUrl`. */
  readonly migrationUrl?: string | undefined;
  readonly logger: EngineLogger;
  /** Called when the embedded server ends without having been asked to; the process cannot go on without it. */
  readonly onExit?: (exit: { code: number | null }) => void;
}

export interface Engine {
  readonly kind: "embedded" | "external";
  /** For queries, by a pool. */
  readonly node: pg.ClientConfig;
  /** For LISTEN and session-wide advisory locks, which a pooler in transaction mode breaks; same role as `node`. */
  readonly direct: pg.ClientConfig;
  /** For migrations. */
  readonly owner: pg.ClientConfig;
  /** Ends the embedded server; does nothing to an external one. */
  stop(): Promise<void>;
}

/** Starts or checks the database server. Throws EngineError, whose message names the setting to change. */
export async function openEngine(config: EngineConfig): Promise<Engine> {
  if (config.databaseUrl !== undefined) return openExternal(config, config.databaseUrl);
  const embedded = await startEmbedded(config);
  return {
    kind: "embedded",
    node: embedded.nodeUrl,
    direct: embedded.nodeUrl,
    owner: embedded.ownerUrl,
    stop: () => embedded.stop(),
  };
}

async function openExternal(config: EngineConfig, databaseUrl: string): Promise<Engine> {
  const direct = config.directUrl ?? databaseUrl;
  const owner = config.migrationUrl ?? direct;
  return {
    kind: "external",
    node: { connectionString: databaseUrl },
    direct: { connectionString: direct },
    owner: { connectionString: owner },
    stop: () => Promise.resolve(),
  };
}
