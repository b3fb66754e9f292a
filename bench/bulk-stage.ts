/** An installation for benchmarks of bulk work, lists and the service: embedded, in a directory that is thrown away. */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type App,
  createApp,
  createLogger,
  currentRole,
  loadConfig,
  migrate,
  openEngine,
  openKeyring,
  systemClock,
  systemRandom,
} from "@claviger/server";
import pg from "pg";
import { openUnserved, type UnservedPorts } from "../packages/server/src/demo/unserved.ts";
import { ensureRootKey } from "../packages/server/src/modules/keys/index.ts";

export const ACTING = {
  actor: { type: "system", id: "bench" },
  source: { via: "system", ip: null, userAgent: null, requestId: null },
} as const;

export interface BulkStage {
  readonly ports: UnservedPorts;
  readonly app: App;
  readonly managementKey: string;
  /** When acts happen, in milliseconds since the epoch; to be moved on by whoever acts. */
  readonly time: { now: number };
  /** For who opens the same installation afterwards. */
  readonly dataDir: string;
  readonly masterKey: Uint8Array;
  /** As the role that owns the tables. Answers the rows of the last statement. */
  asOwner<Row extends pg.QueryResultRow>(statements: readonly string[]): Promise<Row[]>;
  /** Ends what runs, and leaves the data. */
  end(): Promise<void>;
  /** Removes the data; to be called when nothing runs on it. */
  remove(): Promise<void>;
}

/** Opens it. The acts go past the app, so that they can happen at any time; it must not be started before they are done. */
export async function openStage(): Promise<BulkStage> {
  const home = await mkdtemp(join(tmpdir(), "claviger-bench-"));
  // As root, PostgreSQL's user must pass through.
  await chmod(home, 0o711);
  const config = loadConfig({ CLAVIGER_DATA_DIR: join(home, "data"), CLAVIGER_LOG_LEVEL: "error" }, home);
  const logger = createLogger(config.logLevel);
  const engine = await openEngine({ dataDir: config.dataDir, logger });
  const { roles } = await migrate({
    owner: engine.owner,
    loginRole: await currentRole(engine.node),
    newSuffix: "be5cbe5c",
  });
  const masterKey = systemRandom.bytes(32);
  const app = await createApp({
    ...{ config, roles, masterKey, logger, node: engine.node, direct: engine.direct },
    ...{ clock: systemClock, random: systemRandom },
  });
  const keyring = await openKeyring(app.database, masterKey, systemClock, systemRandom);
  const time = { now: systemClock.wall() };
  const clock = { wall: () => time.now, mono: systemClock.mono };
  const ports = openUnserved({
    ...{ database: app.database, keyring, clock, keyPrefix: config.keyPrefix },
    ...{ random: systemRandom, idRandom: systemRandom },
  });
  const root = await ensureRootKey(ports, ACTING, null);
  return {
    ...{ ports, app, time, managementKey: root?.secret?.reveal() ?? "", dataDir: config.dataDir, masterKey },
    asOwner: async <Row extends pg.QueryResultRow>(statements: readonly string[]): Promise<Row[]> => {
      const client = new pg.Client(engine.owner);
      await client.connect();
      try {
        let rows: Row[] = [];
        for (const statement of ["SET search_path = claviger", ...statements]) {
          rows = (await client.query<Row>(statement)).rows;
        }
        return rows;
      } finally {
        await client.end();
      }
    },
    end: async () => {
      await app.stop();
      await engine.stop();
    },
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 10 }),
  };
}
