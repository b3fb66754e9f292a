/**
 * The PostgreSQL of this installation: the embedded one, or the operator's own where DATABASE_URL is set. Everything
 * above sees connections and never asks which it is.
 */
import pg from "pg";
import { EngineError, type EngineLogger, startEmbedded } from "./embedded/index.ts";

export { EngineError, type EngineErrorCode } from "./embedded/index.ts";

export interface EngineConfig {
  /** CLAVIGER_DATA_DIR; used where there is no `databaseUrl`. */
  readonly dataDir: string;
  /** DATABASE_URL: the node's connections, perhaps through a pooler. */
  readonly databaseUrl?: string | undefined;
  /** DATABASE_DIRECT_URL: the same database without a pooler. Default: `databaseUrl`. */
  readonly directUrl?: string | undefined;
  /** DATABASE_MIGRATION_URL: as the role that owns the tables, without a pooler. Default: `directUrl`. */
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

/** The settings that lead to an external server; errors name them. */
export type UrlVariable = "DATABASE_URL" | "DATABASE_DIRECT_URL" | "DATABASE_MIGRATION_URL";

/** What a connection tells about the server and the role behind it. */
export interface ServerFacts {
  /** `server_version_num`: 150012 is 15.12. */
  readonly version: number;
  readonly role: string;
  readonly superuser: boolean;
  readonly bypassesRls: boolean;
  readonly inRecovery: boolean;
  readonly readOnly: boolean;
  /** Equal for two connections that lead to one database. */
  readonly identity: string;
  /** False where something between us and the server answers for it. */
  readonly direct: boolean;
}

const OLDEST = 15;
const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 5_000;

async function openExternal(config: EngineConfig, databaseUrl: string): Promise<Engine> {
  const { directUrl, migrationUrl } = config;
  const node = await checked("DATABASE_URL", databaseUrl);
  const direct = directUrl === undefined ? node : await checked("DATABASE_DIRECT_URL", directUrl);
  const owner = migrationUrl === undefined ? direct : await checked("DATABASE_MIGRATION_URL", migrationUrl);
  if (directUrl === undefined && !node.direct) {
    throw new EngineError(
      "POOLER_IN_FRONT",
      "DATABASE_URL leads through a connection pooler: set DATABASE_DIRECT_URL to the same database without it, which notifications and locks need.",
    );
  }
  requireSameDatabase("DATABASE_DIRECT_URL", direct, node);
  requireSameDatabase("DATABASE_MIGRATION_URL", owner, node);
  const directString = directUrl ?? databaseUrl;
  return {
    kind: "external",
    node: { connectionString: databaseUrl },
    direct: { connectionString: directString },
    owner: { connectionString: migrationUrl ?? directString },
    stop: () => Promise.resolve(),
  };
}

async function checked(variable: UrlVariable, url: string): Promise<ServerFacts> {
  const facts = await readFacts(variable, url);
  const refusal = refusalOf(variable, facts);
  if (refusal !== undefined) throw refusal;
  return facts;
}

/**
 * Why a server cannot be used, if so. A superuser or a role with BYPASSRLS would see every account's rows, whatever the
 * policies say; only the role that migrates, and serves no request, may be one.
 */
export function refusalOf(variable: UrlVariable, facts: ServerFacts): EngineError | undefined {
  const major = Math.floor(facts.version / 10_000);
  if (major < OLDEST) {
    return new EngineError(
      "SERVER_TOO_OLD",
      `${variable} leads to PostgreSQL ${major}; it must be ${OLDEST} or later.`,
    );
  }
  if (facts.inRecovery || facts.readOnly) {
    const what = facts.inRecovery ? "a standby" : "a read-only database";
    return new EngineError("SERVER_READ_ONLY", `${variable} leads to ${what}; it must be the primary, and writable.`);
  }
  if (variable !== "DATABASE_MIGRATION_URL" && (facts.superuser || facts.bypassesRls)) {
    const what = facts.superuser ? "is a superuser" : "has BYPASSRLS";
    return new EngineError(
      "ROLE_TOO_POWERFUL",
      `The role ${facts.role} of ${variable} ${what}, so row-level security would not hold: use an ordinary role (CREATE ROLE claviger LOGIN CREATEROLE).`,
    );
  }
  return undefined;
}

function requireSameDatabase(variable: UrlVariable, facts: ServerFacts, node: ServerFacts): void {
  if (facts.identity === node.identity) return;
  throw new EngineError(
    "DATABASES_DIFFER",
    `${variable} leads to another database than DATABASE_URL; both must name the same one.`,
  );
}

async function readFacts(variable: UrlVariable, url: string): Promise<ServerFacts> {
  const client = newClient(variable, url);
  // A connection that breaks while idle has nobody to tell.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<FactsRow>(FACTS_SQL);
    const [row] = rows;
    if (row === undefined) throw new TypeError("the query for facts gives one row");
    const { backend_pid, ...facts } = row;
    return { ...facts, direct: backend_pid === processIdOf(client) };
  } catch (error) {
    throw new EngineError(
      "SERVER_UNREACHABLE",
      `${variable} (${masked(url)}) cannot be used: ${reasonOf(error)}.`,
      error,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** A name with several addresses, none of which answers, gives an error of errors, whose own message is empty. */
function reasonOf(error: unknown): string {
  const inner = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error ? inner.message : String(inner);
}

interface FactsRow extends Omit<ServerFacts, "direct"> {
  readonly backend_pid: number;
}

/** `session_user`: what SET ROLE can always come back to. */
const FACTS_SQL = `
  SELECT current_setting('server_version_num')::int AS version, r.rolname AS role, r.rolsuper AS superuser,
    r.rolbypassrls AS "bypassesRls", pg_is_in_recovery() AS "inRecovery",
    current_setting('default_transaction_read_only')::bool AS "readOnly", pg_backend_pid() AS backend_pid,
    concat_ws(' ', current_database(), (SELECT oid FROM pg_database WHERE datname = current_database()),
      extract(epoch FROM pg_postmaster_start_time())) AS identity
  FROM pg_roles r WHERE r.rolname = session_user`;

function newClient(variable: UrlVariable, url: string): pg.Client {
  try {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new TypeError("not a URL of PostgreSQL");
    return new pg.Client({
      connectionString: url,
      application_name: "claviger",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
    });
  } catch {
    // The error is not kept as a cause: it carries the URL, and that the password.
    throw new EngineError(
      "URL_INVALID",
      `${variable} is ${masked(url)}; it must look like postgresql://user:password@host:5432/database.`,
    );
  }
}

/** The id that the server announced when the connection was made; a pooler announces one of its own. */
function processIdOf(client: pg.Client): number | undefined {
  const id: unknown = Reflect.get(client, "processID");
  return typeof id === "number" ? id : undefined;
}

/** The URL without what may be secret: the password, and the parameters, of which one may be a password as well. */
function masked(url: string): string {
  const parts = /^(postgres(?:ql)?:\/\/)(?:([^:@/?#]*)(?::.*)?@)?([^?#@]*)/.exec(url);
  if (parts === null) return "not a URL of PostgreSQL";
  const [, scheme = "", user, rest = ""] = parts;
  return user === undefined ? `${scheme}${rest}` : `${scheme}${user}:***@${rest}`;
}
