/**
 * A primary and its standby, of Debian's PostgreSQL 15, behind one address that leads to whichever of the two is the
 * primary: for tests of what a failover may lose. Processes of this run alone, in a temporary directory.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrate, type RoleNames } from "../../server/src/db/index.ts";
import { systemRandom } from "../../server/src/kernel/random.ts";
import { asOwner, type Connection } from "./postgres.ts";
import { type FaultyProxy, proxyTo } from "./proxy.ts";
import { waitFor } from "./wait.ts";

const BIN = "/usr/lib/postgresql/15/bin";
const START_MS = 30_000;
const SUPERUSER = "postgres";

export interface ReplicatedPostgres {
  /** Lead to the primary, whichever that is. */
  readonly owner: Connection;
  readonly node: Connection;
  readonly roles: RoleNames;
  /** The way from the clients to the primary, and from the standby to the primary. */
  readonly clients: FaultyProxy;
  readonly replication: FaultyProxy;
  /** Whether commits wait for the standby from now on. */
  setSynchronous(on: boolean): Promise<void>;
  /** Returns once the standby has replayed all that is committed now. */
  caughtUp(): Promise<void>;
  /** On the primary, as superuser. */
  query<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** Ends the primary without warning and makes the standby the primary, without a standby of its own. */
  failOver(): Promise<void>;
  /** Ends the primary without warning and starts it again on the same data. */
  restartPrimary(): Promise<void>;
  stop(): Promise<void>;
}

interface Server {
  readonly dataDir: string;
  readonly socketDir: string;
  process: ChildProcess;
}

export async function replicatedPostgres(): Promise<ReplicatedPostgres> {
  const account = accountOf(SUPERUSER);
  const root = await mkdtemp(join(tmpdir(), "claviger-replicated-"));
  await chmod(root, 0o711);
  const dirs = async (name: string) => {
    const made = { dataDir: join(root, name), socketDir: join(root, `${name}-socket`) };
    for (const dir of Object.values(made)) {
      await mkdir(dir, { mode: 0o700 });
      if (account !== null) await chown(dir, account.uid, account.gid);
    }
    return made;
  };
  const run = (program: string, args: readonly string[]): void => {
    execFileSync(join(BIN, program), args, { ...(account ?? {}), stdio: "pipe", cwd: root });
  };
  const first = await dirs("one");
  run("initdb", ["-D", first.dataDir, "-U", SUPERUSER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
  await writeFile(join(first.dataDir, "postgresql.auto.conf"), PRIMARY_SETTINGS);
  const primary = start(first, account);
  await accepts(primary);
  const replication = await proxyTo({ host: first.socketDir, port: 5432 });
  const second = await dirs("two");
  run("pg_basebackup", ["-D", second.dataDir, "-h", first.socketDir, "-U", SUPERUSER, "--no-sync", "-c", "fast"]);
  await writeFile(join(second.dataDir, "standby.signal"), "");
  const { port: replicationPort } = replication.connection;
  await writeFile(
    join(second.dataDir, "postgresql.auto.conf"),
    `${PRIMARY_SETTINGS}primary_conninfo = 'host=127.0.0.1 port=${replicationPort} user=${SUPERUSER} application_name=standby'\n`,
  );
  if (account !== null) {
    for (const name of ["standby.signal", "postgresql.auto.conf"]) {
      await chown(join(second.dataDir, name), account.uid, account.gid);
    }
  }
  const standby = start(second, account);
  const clients = await proxyTo({ host: first.socketDir, port: 5432 });
  const pair = new Pair(root, account, { primary, standby }, clients, replication);
  await pair.caughtUp();
  return pair.prepared();
}

const PRIMARY_SETTINGS = [
  "listen_addresses = ''",
  "max_connections = 200",
  "wal_level = replica",
  "hot_standby = on",
  // Only processes die here, never the machine.
  "fsync = off",
  "wal_receiver_timeout = '5s'",
  "wal_retrieve_retry_interval = '100ms'",
  "",
].join("\n");

interface Account {
  readonly uid: number;
  readonly gid: number;
}

class Pair {
  readonly #root: string;
  readonly #account: Account | null;
  readonly #clients: FaultyProxy;
  readonly #replication: FaultyProxy;
  #primary: Server;
  #standby: Server | null;

  constructor(
    root: string,
    account: Account | null,
    servers: { readonly primary: Server; readonly standby: Server },
    clients: FaultyProxy,
    replication: FaultyProxy,
  ) {
    this.#root = root;
    this.#account = account;
    this.#primary = servers.primary;
    this.#standby = servers.standby;
    this.#clients = clients;
    this.#replication = replication;
  }

  /** With the service's database and roles in it. */
  async prepared(): Promise<ReplicatedPostgres> {
    const database = "claviger";
    await this.query(`CREATE ROLE claviger_owner LOGIN CREATEROLE CREATEDB`);
    await this.query(`CREATE ROLE claviger_node LOGIN`);
    await this.query(`CREATE DATABASE ${database} OWNER claviger_owner`);
    const through = (user: string): Connection => ({
      host: "127.0.0.1",
      port: Number(this.#clients.connection.port),
      user,
      password: "unused",
      database,
    });
    const owner = through("claviger_owner");
    const newSuffix = Buffer.from(systemRandom.bytes(4)).toString("hex");
    const { roles } = await migrate({ owner, loginRole: "claviger_node", newSuffix });
    return {
      ...{ owner, node: through("claviger_node"), roles, clients: this.#clients, replication: this.#replication },
      setSynchronous: (on) => this.setSynchronous(on),
      caughtUp: () => this.caughtUp(),
      query: (text, values) => this.query(text, values),
      failOver: () => this.failOver(),
      restartPrimary: () => this.restartPrimary(),
      stop: () => this.stop(),
    };
  }

  query<R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return asOwner(direct(this.#primary), async (client) => (await client.query<R>(text, [...values])).rows);
  }

  async setSynchronous(on: boolean): Promise<void> {
    await this.query(`ALTER SYSTEM SET synchronous_standby_names = '${on ? "standby" : ""}'`);
    await this.query("SELECT pg_reload_conf()");
    await waitFor(async () => {
      const [row] = await this.query<{ state: string }>(
        "SELECT sync_state AS state FROM pg_stat_replication WHERE application_name = 'standby'",
      );
      return row !== undefined && (row.state === "sync") === on;
    });
  }

  async caughtUp(): Promise<void> {
    const [row] = await this.query<{ lsn: string }>("SELECT pg_current_wal_lsn()::text AS lsn");
    await waitFor(
      async () => {
        const [seen] = await this.query<{ there: boolean }>(
          "SELECT replay_lsn >= $1::pg_lsn AS there FROM pg_stat_replication WHERE application_name = 'standby'",
          [row?.lsn],
        );
        return seen?.there === true;
      },
      { timeoutMs: START_MS, what: "the standby to catch up" },
    );
  }

  async failOver(): Promise<void> {
    const standby = this.#standby;
    if (standby === null) throw new TypeError("there is no standby any more");
    await end(this.#primary, "SIGKILL");
    await asOwner(direct(standby), (client) => client.query("SELECT pg_promote(true, 30)"));
    this.#primary = standby;
    this.#standby = null;
    this.#clients.lead({ host: standby.socketDir, port: 5432 });
  }

  async restartPrimary(): Promise<void> {
    const { dataDir, socketDir } = this.#primary;
    await end(this.#primary, "SIGKILL");
    this.#primary = start({ dataDir, socketDir }, this.#account);
    await accepts(this.#primary);
  }

  async stop(): Promise<void> {
    await this.#clients.close();
    await this.#replication.close();
    for (const server of [this.#standby, this.#primary]) if (server !== null) await end(server, "SIGQUIT");
    await rm(this.#root, { recursive: true, force: true, maxRetries: 10 });
  }
}

function direct(server: Pick<Server, "socketDir">): Connection {
  return { host: server.socketDir, port: 5432, user: SUPERUSER, password: "", database: "postgres" };
}

function start(dirs: Pick<Server, "dataDir" | "socketDir">, account: Account | null): Server {
  const args = ["-D", dirs.dataDir, "-k", dirs.socketDir];
  const process = spawn(join(BIN, "postgres"), args, { ...(account ?? {}), stdio: "ignore", cwd: dirs.dataDir });
  return { ...dirs, process };
}

async function accepts(server: Server): Promise<void> {
  await waitFor(
    async () => {
      const client = new pg.Client(direct(server));
      try {
        await client.connect();
        return true;
      } catch {
        return false;
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    { timeoutMs: START_MS, what: "PostgreSQL to start" },
  );
}

async function end({ process }: Server, signal: NodeJS.Signals): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const gone = once(process, "exit");
  process.kill(signal);
  await gone;
}

/** PostgreSQL refuses to run as root, so it then runs as the user that Debian's package made for it. */
function accountOf(name: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string): number => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}
