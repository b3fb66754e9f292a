import { systemRandom } from "../../kernel/random.ts";

export const SUPERUSER = "postgres";
export const OWNER = "claviger_owner";
export const NODE = "claviger_node";
export const DATABASE = "claviger";
/** Names the socket file; nothing listens on TCP. */
export const PORT = 5432;

export interface Passwords {
  readonly superuser: string;
  readonly owner: string;
  readonly node: string;
}

export function newPasswords(): Passwords {
  const one = (): string => Buffer.from(systemRandom.bytes(24)).toString("base64url");
  return { superuser: one(), owner: one(), node: one() };
}

/** Fails with undefined where the text is not what newPasswords made. */
export function parsePasswords(text: string): Passwords | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (!("superuser" in value) || !("owner" in value) || !("node" in value)) return undefined;
  const { superuser, owner, node } = value;
  if (typeof superuser !== "string" || typeof owner !== "string" || typeof node !== "string") return undefined;
  return { superuser, owner, node };
}

/**
 * The settings of the embedded server, written again at every start. The operator's own, in `postgresql.local.conf`
 * beside this file, come last and win.
 */
export const POSTGRESQL_CONF = `# Written by Claviger at every start. Put settings of your own in postgresql.local.conf beside this file.
max_connections = 100
shared_buffers = 64MB
maintenance_work_mem = 64MB
wal_level = replica
fsync = on
full_page_writes = on
synchronous_commit = on
max_wal_size = 512MB
min_wal_size = 80MB
password_encryption = scram-sha-256
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'
cluster_name = 'claviger'
# One file a weekday, in the directory "log" of the server's data; each is emptied a week later.
logging_collector = on
log_destination = 'stderr'
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_file_mode = 0600
log_line_prefix = '%m [%p] %q%u@%d '
# Statements and the rows in errors are the customers' business, not the log's.
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
include_if_exists = 'postgresql.local.conf'
`;

/** The socket's directory keeps other users out, and the password other programs of the same user. */
export const PG_HBA_CONF = "local all all scram-sha-256\n";

/**
 * Run once, by a single-user server, before anything can connect. The owner may create databases and roles but sees no
 * more than row-level security lets it; the node's role owns nothing and may be made a member of roles by the owner.
 */
export function setupSql(passwords: Passwords): readonly string[] {
  return [
    `ALTER ROLE ${SUPERUSER} PASSWORD '${passwords.superuser}'`,
    `CREATE ROLE ${OWNER} LOGIN CREATEROLE CREATEDB NOSUPERUSER NOBYPASSRLS NOREPLICATION PASSWORD '${passwords.owner}'`,
    `CREATE ROLE ${NODE} LOGIN NOCREATEROLE NOCREATEDB NOSUPERUSER NOBYPASSRLS NOREPLICATION PASSWORD '${passwords.node}'`,
    `GRANT ${NODE} TO ${OWNER} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`,
    `CREATE DATABASE ${DATABASE} OWNER ${OWNER}`,
    `REVOKE ALL ON DATABASE ${DATABASE} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${DATABASE} TO ${NODE}`,
    "REVOKE ALL ON DATABASE postgres FROM PUBLIC",
    "REVOKE ALL ON DATABASE template1 FROM PUBLIC",
  ];
}
