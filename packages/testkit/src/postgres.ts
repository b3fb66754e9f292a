/**
 * The PostgreSQL of one test run: an embedded one in a temporary directory, or the server of TEST_DATABASE_URL, whose
 * role may create databases and roles and is no superuser. A template with all migrations is made once.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "../../server/src/db/embedded/index.ts";
import { migrate, type RoleNames } from "../../server/src/db/index.ts";
import { systemRandom } from "../../server/src/kernel/random.ts";
import { silentLogger } from "./logger.ts";

/** How to reach one database as one role. Plain data: it is handed to the processes that run tests. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** What every test file is given. */
export interface ProvidedPostgres {
  /** Owns the tables; reaches the maintenance database. */
  readonly owner: Connection;
  /** What the service logs in as. */
  readonly node: Connection;
  readonly roles: RoleNames;
  readonly template: string;
  /** Begins the names of all databases of this run. */
  readonly prefix: string;
}

export interface RunningPostgres {
  readonly provided: ProvidedPostgres;
  stop(): Promise<void>;
}

interface Server {
  readonly owner: Connection;
  readonly node: Connection;
  stop(): Promise<void>;
}

const hex = (bytes: number): string => Buffer.from(systemRandom.bytes(bytes)).toString("hex");

export async function startPostgres(url: string | undefined): Promise<RunningPostgres> {
  const suffix = hex(4);
  const prefix = `claviger_test_${suffix}_`;
  const server = url === undefined || url === "" ? await embedded() : await external(url, prefix);
  try {
    const template = `${prefix}template`;
    await asOwner(server.owner, (client) => client.query(`CREATE DATABASE ${template}`));
    const owner = { ...server.owner, database: template };
    const { roles } = await migrate({ owner, loginRole: server.node.user, newSuffix: suffix });
    return {
      provided: { owner: server.owner, node: server.node, roles, template, prefix },
      stop: async () => {
        await dropAll(server.owner, prefix, Object.values(roles), url !== undefined);
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

export async function asOwner<T>(owner: Connection, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...owner });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const MAY_NOT_TERMINATE = "42501";

/**
 * Removes a database with whoever is still connected. Where the owner may not end sessions of the node's role, those that
 * are just going are waited for, by the server itself, for some seconds.
 */
export async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  const drop = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)}`;
  try {
    await client.query(`${drop} WITH (FORCE)`);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== MAY_NOT_TERMINATE) throw error;
    await client.query(drop);
  }
}

async function embedded(): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), "claviger-test-"));
  // As root, PostgreSQL's user must pass through.
  await chmod(dataDir, 0o711);
  const postgres = await startEmbedded({ dataDir, logger: silentLogger });
  return {
    owner: postgres.ownerUrl,
    node: postgres.nodeUrl,
    stop: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function external(text: string, prefix: string): Promise<Server> {
  const url = new URL(text);
  const owner: Connection = {
    host: url.searchParams.get("host") ?? decodeURIComponent(url.hostname),
    port: url.port === "" ? 5432 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
  };
  const user = `${prefix}node`;
  const password = hex(16);
  await asOwner(owner, (client) =>
    client.query(`CREATE ROLE ${pg.escapeIdentifier(user)} LOGIN NOSUPERUSER PASSWORD ${pg.escapeLiteral(password)}`),
  );
  return {
    owner,
    node: { ...owner, user, password },
    stop: () => asOwner(owner, async (client) => void (await client.query(`DROP ROLE ${pg.escapeIdentifier(user)}`))),
  };
}

/** An external server keeps nothing of the run; an embedded one is thrown away anyhow. */
async function dropAll(
  owner: Connection,
  prefix: string,
  roles: readonly string[],
  isExternal: boolean,
): Promise<void> {
  if (!isExternal) return;
  await asOwner(owner, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT datname AS name FROM pg_database WHERE starts_with(datname, $1)",
      [prefix],
    );
    for (const { name } of rows) await dropDatabase(client, name);
    for (const role of roles) await client.query(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(role)}`);
  });
}
