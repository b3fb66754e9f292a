import { KEK_SETTINGS } from "./kernel/kek/index.ts";
import { LOG_LEVELS } from "./kernel/log.ts";
import { TELEMETRY_SETTINGS } from "./kernel/telemetry/telemetry-settings.ts";

/** One setting as the reference lists it. `secret` values may also come from a file named by `<NAME>_FILE`. */
export interface Setting {
  readonly name: string;
  readonly unit: string;
  readonly default: string;
  readonly bounds: string;
  readonly meaning: string;
  readonly secret: boolean;
}

const plain = (name: string, unit: string, fallback: string, bounds: string, meaning: string): Setting => ({
  name,
  unit,
  default: fallback,
  bounds,
  meaning,
  secret: false,
});
const secret = (name: string, unit: string, fallback: string, bounds: string, meaning: string): Setting => ({
  ...plain(name, unit, fallback, bounds, meaning),
  secret: true,
});

export const SETTINGS: readonly Setting[] = [
  plain("CLAVIGER_HOST", "address", "127.0.0.1", "an IP address or localhost", "Where the service listens"),
  plain("CLAVIGER_PORT", "port", "4700", "an integer from 0 to 65535", "Port; 0 takes a free one"),
  plain(
    "CLAVIGER_DATA_DIR",
    "path",
    "./.claviger",
    "a writable directory",
    "Embedded database, generated secrets, audit anchor",
  ),
  secret(
    "DATABASE_URL",
    "URL",
    "embedded PostgreSQL",
    "postgres://… of PostgreSQL 15 or newer",
    "External database instead of the embedded one; its role must be neither superuser nor BYPASSRLS",
  ),
  secret(
    "DATABASE_MIGRATION_URL",
    "URL",
    "DATABASE_URL",
    "postgres://…",
    "Role that owns the tables and runs migrations",
  ),
  secret(
    "DATABASE_DIRECT_URL",
    "URL",
    "DATABASE_URL",
    "postgres://…",
    "Connection that by-passes a transaction pooler, for LISTEN and migrations",
  ),
  secret(
    "REDIS_URL",
    "URL",
    "none: limits are divided in PostgreSQL",
    "redis://[user:password@]host[:port][/database], or rediss:// with TLS; several host:port separated by commas are nodes of one cluster, and so is one with ?cluster=true",
    "Redis 7 or Valkey in which rate limits per second, minute and hour are divided among nodes; alike on every node",
  ),
  plain(
    "CLAVIGER_REDIS_UNAVAILABLE",
    "choice",
    "refuse",
    "refuse, postgresql or allow",
    "While Redis gives no answer, or has lost what was divided: refuse what was not reserved before; or let all nodes go over to PostgreSQL; or let each node keep to the whole amount by itself, so that all together may let more through",
  ),
  secret(
    "CLAVIGER_MASTER_KEY",
    "base64",
    "generated into the data directory",
    "32 bytes in base64",
    "Wraps the peppers and other keys of the installation; required with an external database",
  ),
  secret(
    "CLAVIGER_MANAGEMENT_KEY",
    "text",
    "generated and printed once",
    "16 to 200 printable characters without spaces",
    "First management key",
  ),
  plain(
    "CLAVIGER_PUBLIC_URL",
    "URL",
    "the address it listens on",
    "http:// or https:// without path",
    "Address that callers use; https says that TLS ends in front of the service",
  ),
  plain(
    "CLAVIGER_ALLOW_PLAINTEXT",
    "flag",
    "false",
    "true or false",
    "Declares that plaintext HTTP beyond loopback is meant",
  ),
  plain(
    "CLAVIGER_TRUSTED_PROXIES",
    "CIDR list",
    "none",
    "addresses or CIDR ranges, separated by commas",
    "Proxies whose forwarding headers count",
  ),
  plain(
    "CLAVIGER_LEASE_MS",
    "milliseconds",
    "5000",
    "an integer from 500 to 60000",
    "Lease term: the longest a revocation waits for a node that does not answer, and how long an outage of the database is ridden out",
  ),
  plain(
    "CLAVIGER_STALE_IF_UNREACHABLE_MS",
    "milliseconds",
    "0",
    "an integer from 0 to 86400000",
    "For how long verifiers that ask for it may go on without a lease where no node can be reached, at most; 0 is never. A revocation then says that it cannot vouch for them",
  ),
  plain(
    "CLAVIGER_CACHED_KEYS",
    "keys",
    "1000000",
    "an integer from 1000 to 16000000",
    "Keys held in memory at most, 100 to 150 bytes each and more with metadata; room is taken as it is needed. Others are read from the database when they are presented",
  ),
  plain(
    "CLAVIGER_DRAIN_MS",
    "milliseconds",
    "5000; 0 with the embedded database",
    "an integer from 0 to 600000",
    "How long a node that is asked to stop says at /readyz that it is not ready, and goes on answering, before it stops",
  ),
  plain(
    "CLAVIGER_KEY_PREFIX",
    "text",
    "clv",
    "2 to 12 of a-z and 0-9",
    "First part of every key that is issued; earlier keys stay valid",
  ),
  plain(
    "CLAVIGER_UNMAPPED_ROUTES",
    "choice",
    "refuse",
    "refuse or allow",
    "What happens to a request that no scope's routes name",
  ),
  plain(
    "CLAVIGER_FAILED_ATTEMPTS",
    "per minute and source",
    "100",
    "an integer from 0 to 1000000",
    "Failed authentications after which a source is told to wait; 0 sets no bound",
  ),
  plain(
    "CLAVIGER_USAGE_EVENT_DAYS",
    "days",
    "90",
    "an integer from 1 to 3650",
    "For how long each single verification is kept",
  ),
  plain(
    "CLAVIGER_USAGE_COUNT_DAYS",
    "days",
    "400",
    "an integer from 31 to 3650",
    "For how long counts of uses by hour and by day are kept; whole months are dropped",
  ),
  plain(
    "CLAVIGER_DRILL_DAYS",
    "days",
    "0",
    "an integer from 0 to 365",
    "Every so many days a key is made, rotated and revoked as a test; 0: only when somebody asks for it",
  ),
  plain(
    "CLAVIGER_METERING_CLOSE_HOURS",
    "hours",
    "48",
    "an integer from 48 to 672",
    "How long after its end a month of metering closes; what comes later is carried to the next one",
  ),
  plain(
    "CLAVIGER_ALLOW_PRIVATE_TARGETS",
    "flag",
    "false",
    "true or false",
    "Lets webhooks, secret stores and the import hook reach loopback, private and other addresses that are not public, and go by plain HTTP",
  ),
  secret(
    "CLAVIGER_IMPORT_HOOK_URL",
    "URL",
    "no hook",
    "https://…, or http://… with CLAVIGER_ALLOW_PRIVATE_TARGETS",
    "Endpoint that is asked once about a key that nobody has here, and imports it where it says that it is one",
  ),
  secret(
    "CLAVIGER_IMPORT_HOOK_SECRET",
    "text",
    "none",
    "whsec_ and 24 to 64 bytes in base64",
    "Signs the questions to that endpoint, by Standard Webhooks; required with it",
  ),
  plain(
    "CLAVIGER_IMPORT_HOOK_FORMS",
    "list",
    "none",
    "up to 20 forms separated by commas: a beginning of 3 to 64 characters, such as sk_old_, or a beginning and how many characters of a set follow, such as old-[0-9a-f]{32} or [A-Za-z0-9]{32-40}",
    "Forms of keys about which the import hook is asked; no other string is",
  ),
  plain(
    "CLAVIGER_IMPORT_HOOK_PER_SECOND",
    "questions",
    "20",
    "an integer from 1 to 1000",
    "Questions that a node asks the import hook in a second",
  ),
  plain(
    "CLAVIGER_IMPORT_HOOK_AT_ONCE",
    "questions",
    "8",
    "an integer from 1 to 100",
    "Questions to the import hook that a node has under way at once",
  ),
  plain(
    "CLAVIGER_IMPORT_HOOK_TIMEOUT_MS",
    "milliseconds",
    "1500",
    "an integer from 50 to 10000",
    "How long the import hook has for an answer, and a verification waits for it",
  ),
  plain(
    "CLAVIGER_IMPORT_HOOK_REMEMBER_SECONDS",
    "seconds",
    "600",
    "an integer from 1 to 86400",
    "For how long a node does not ask the import hook again about what it said is no key",
  ),
  plain(
    "CLAVIGER_STORE_COMMANDS",
    "JSON",
    "none",
    'an object of at most 20 names, each with a list of at most 20 texts: an absolute path, and arguments, as in {"vault-cli":["/usr/local/bin/put-secret","--quiet"]}',
    "Programs that secret stores of the kind command may run; nobody can name another over the API",
  ),
  plain(
    "CLAVIGER_NOTICE_DAYS",
    "days",
    "30",
    "an integer from 1 to 3650",
    "For how long events, and what became of each delivery, are kept; for so long they can be sent again",
  ),
  secret(
    "CLAVIGER_SMTP_URL",
    "URL",
    "no mails",
    "smtp://user:password@host:587 for STARTTLS, or smtps://user:password@host:465",
    "Server that takes mails to people; beyond loopback it must offer TLS, unless CLAVIGER_ALLOW_PLAINTEXT",
  ),
  plain(
    "CLAVIGER_MAIL_FROM",
    "address",
    "none",
    "an address, or a name and an address as in Keys <keys@example.com>",
    "Who mails are from; required with CLAVIGER_SMTP_URL",
  ),
  plain(
    "CLAVIGER_MAIL_GATHER_SECONDS",
    "seconds",
    "60",
    "an integer from 0 to 3600",
    "For how long a mail waits for more that its reader is to be told, up to ten minutes in all",
  ),
  ...KEK_SETTINGS,
  plain(
    "CLAVIGER_LOG_LEVEL",
    "choice",
    "info",
    LOG_LEVELS.join(", "),
    "Least severe log line that is written to stderr",
  ),
  ...TELEMETRY_SETTINGS,
];
