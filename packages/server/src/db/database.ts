import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { runsOn } from "./copy-rows.ts";
import { clientUnderWay, withDeadlines, withinDeadline } from "./deadlines.ts";
import { type Reach, type RoleNames, roleFor } from "./roles.ts";
import type { Schema } from "./schema.ts";
import { watchForDoubt } from "./uncertain-commit.ts";

export type Tx = Transaction<Schema>;

/**
 * The one way to rows. Every transaction first takes on the role and the settings of its reach, so that row-level
 * security decides what it sees; there is no call without a reach.
 */
export interface Database {
  /**
   * Runs `work` in one read-committed transaction. Throws what `work` throws, rolled back; pg errors pass through;
   * `UncertainCommitError` where a failover may undo the commit.
   */
  transaction<T>(reach: Reach, work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Of the pool, now: connections that are open, those of them that nobody uses, and transactions that wait for one. */
  connections(): { readonly open: number; readonly idle: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface TransactionOptions {
  /** Milliseconds one statement may take; default 10 000, for look-ups 1 500. */
  readonly statementTimeoutMs?: number;
  /** `false` lets the commit return before it is on disk; only for what may be lost, such as acks. Default true. */
  readonly durable?: boolean;
  /** Milliseconds that the transaction may wait for its next statement; default 1 000. More only where it holds up nothing but its like. */
  readonly idleMs?: number;
  readonly isolation?: "read committed" | "repeatable read";
}

export type ConnectionConfig = pg.ClientConfig;
/** One connection that its holder opens and closes. */
export type DatabaseClient = pg.Client;

export interface DatabaseOptions {
  readonly connection: pg.ClientConfig;
  readonly roles: RoleNames;
  /** Connections at most; default 20. */
  readonly poolSize?: number;
  /** Told of errors of idle connections, which belong to nobody. */
  readonly onIdleError?: (error: Error) => void;
}

const STATEMENT_TIMEOUT_MS = 10_000;
const LOOKUP_TIMEOUT_MS = 1_500;
/** How much longer than a statement may take its answer is waited for. */
const ANSWER_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_IN_TRANSACTION_MS = 1_000;
const POOL_SIZE = 20;
const INT8_OID = 20;

/** int8 as a number: sequence numbers and counts stay far below 2^53. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: "text" | "binary") =>
    oid === INT8_OID && format !== "binary"
      ? Number
      : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig["getTypeParser"],
};

/** pg's settings for every connection of ours: names the application, bounds the wait for a connection, reads int8. */
export function clientConfig(connection: pg.ClientConfig): pg.ClientConfig {
  return {
    application_name: "claviger",
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    ...connection,
    types,
  };
}

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({ ...clientConfig(options.connection), max: options.poolSize ?? POOL_SIZE });
  pool.on("error", (error) => options.onIdleError?.(error));
  // Between two statements of a transaction nobody else listens, and an error without a listener ends the process. The next
  // statement fails by itself.
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    watchForDoubt(client);
  });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: withDeadlines(pool) }) });
  return {
    transaction: (reach, work, choices = {}) =>
      withinDeadline(statementTimeout(reach, choices) + ANSWER_MS, () =>
        kysely
          .transaction()
          .setIsolationLevel(choices.isolation ?? "read committed")
          .execute(async (tx) => {
            const client = clientUnderWay();
            if (client !== undefined) runsOn(tx, client);
            await enter(tx, roleFor(reach, options.roles), reach, choices);
            return work(tx);
          }),
      ),
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => kysely.destroy(),
  };
}

/** A look-up is waited for by a request that must be answered; an act may take longer. */
function statementTimeout(reach: Reach, choices: TransactionOptions): number {
  return choices.statementTimeoutMs ?? (reach.kind === "lookup" ? LOOKUP_TIMEOUT_MS : STATEMENT_TIMEOUT_MS);
}

/** Never less than on disk here and on synchronous standbys; stronger settings of the server stay as they are. */
const AT_LEAST_ON = sql`CASE WHEN current_setting('synchronous_commit') IN ('off', 'local') THEN 'on'
  ELSE current_setting('synchronous_commit') END`;

/** One statement sets role and settings for this transaction alone, which is also safe behind a pooler. */
async function enter(tx: Tx, role: string, reach: Reach, choices: TransactionOptions): Promise<void> {
  const account = reach.kind === "account" ? reach.account : "";
  const timeout = String(statementTimeout(reach, choices));
  await sql`SELECT set_config('role', ${role}, true), set_config('search_path', 'claviger', true),
    set_config('claviger.reach', ${reach.kind}, true), set_config('claviger.account', ${account}, true),
    set_config('claviger.change_seq', '', true), set_config('statement_timeout', ${timeout}, true),
    set_config('idle_in_transaction_session_timeout', ${String(choices.idleMs ?? IDLE_IN_TRANSACTION_MS)}, true),
    set_config('synchronous_commit', ${choices.durable === false ? sql`'off'` : AT_LEAST_ON}, true)`.execute(tx);
}
