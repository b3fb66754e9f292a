/** Another program with Claviger in it, and another node of the same installation beside it. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClavigerNode, type ClavigerOptions, createClaviger } from "@claviger/server";
import {
  type Api,
  api,
  MASTER_KEY,
  type MadeAccount,
  makeAccount,
  makeScopes,
  silentLogger,
  startApp,
  type TestApp,
  type TestDatabase,
  testDatabase,
  urlOf,
} from "@claviger/testkit";
import { afterAll, beforeAll } from "vitest";

export const BASE_PATH = "/claviger";
export const TERM_MS = 2_000;

export interface Stage {
  readonly database: TestDatabase;
  /** A node of its own, as `claviger serve` is one. */
  readonly other: TestApp;
  readonly onOther: Api;
  readonly account: MadeAccount;
  /** Claviger in this process; closed at the end. */
  embed(options?: ClavigerOptions): Promise<ClavigerNode>;
}

/** To be called where tests are described; what it holds is there once they run. */
export function libraryStage(): Stage {
  const made: Record<string, unknown> = {};
  const embedded: ClavigerNode[] = [];
  const stage = made as unknown as Stage;
  let dataDir = "";
  made.embed = async (options: ClavigerOptions = {}) => {
    const node = await createClaviger({ ...optionsFor(stage.database, dataDir), ...options });
    embedded.push(node);
    return node;
  };
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "claviger-library-"));
    const database = await testDatabase();
    const other = await startApp({ database, env: { CLAVIGER_LEASE_MS: String(TERM_MS) } });
    const onOther = api(other.url, other.managementKey);
    await makeScopes(onOther);
    Object.assign(made, { database, other, onOther, account: await makeAccount(onOther) });
  });
  afterAll(async () => {
    await Promise.all(embedded.map((node) => node.close()));
    await stage.other.stop();
    await stage.database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });
  return stage;
}

export function optionsFor(database: TestDatabase, dataDir: string): ClavigerOptions {
  return {
    ...{ databaseUrl: urlOf(database.node), databaseMigrationUrl: urlOf(database.owner), masterKey: MASTER_KEY },
    ...{ dataDir, leaseMs: TERM_MS, basePath: BASE_PATH, failedAttempts: 0, logger: silentLogger },
  };
}

export interface Served {
  readonly url: string;
  stop(): void;
}

/** Where a server of node:http, of whichever framework, answers. */
export async function servedBy(server: Server): Promise<Served> {
  if (!server.listening) await new Promise<void>((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export function listening(handler: RequestListener): Server {
  return createServer(handler).listen(0, "127.0.0.1");
}
