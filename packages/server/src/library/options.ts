import { mayFreeze } from "@claviger/core";
import { type Config, ConfigError, loadConfig } from "../config.ts";
import type { Logger, LogLevel } from "../kernel/log.ts";
import type { ImportHook } from "../modules/imports/index.ts";

/** How Claviger runs inside another program. Each setting is that of the service by the same meaning: docs/reference/configuration.md. */
export interface ClavigerOptions {
  /** Address of PostgreSQL 15 or later, `postgres://…`. Left out, an embedded one runs under `dataDir`. A secret. */
  readonly databaseUrl?: string | undefined;
  /** As the role that owns the tables and runs migrations. Default `databaseUrl`. A secret. */
  readonly databaseMigrationUrl?: string | undefined;
  /** The same database without a transaction pooler in front. Default `databaseUrl`. A secret. */
  readonly databaseDirectUrl?: string | undefined;
  /** Redis 7 or Valkey, in which limits are divided among nodes; alike on every node. Default: PostgreSQL does it. A secret. */
  readonly redisUrl?: string | undefined;
  /** What becomes of limits while Redis gives no answer. Default `refuse`. */
  readonly redisUnavailable?: "refuse" | "postgresql" | "allow" | undefined;
  /** 32 bytes in base64, the same on every node. Required with `databaseUrl`; else made in `dataDir`. A secret. */
  readonly masterKey?: string | undefined;
  /** The first management key, 16 to 200 printable characters. Default: one is made, and told once. A secret. */
  readonly managementKey?: string | undefined;
  /** Directory of the embedded database, generated secrets and the audit anchor. Default `./.claviger`. */
  readonly dataDir?: string | undefined;
  /** The environment whose keys `verify` accepts. Default `live`. */
  readonly environment?: string | undefined;
  /** Which of your services this is, as it is recorded with each use of a key; at most 100 characters. Default: none. */
  readonly service?: string | undefined;
  /** Path below which the API answers, such as `/claviger`. Default: at the root, or wherever the framework has taken it off. */
  readonly basePath?: string | undefined;
  /** Origin that callers use, such as `https://api.example.com`, for links. */
  readonly publicUrl?: string | undefined;
  /** Needed for a `publicUrl` of plain HTTP beyond this machine. Default false. */
  readonly allowPlaintext?: boolean | undefined;
  /** Addresses and CIDR ranges of the proxies in front, whose `X-Forwarded-For` counts. Default none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Where a request came from, for `fetch` handlers that are not told the connection. Default: not known. */
  readonly address?: ((request: Request) => string | null | undefined) | undefined;
  /** Lease term in milliseconds, 500 to 60 000, default 5 000: the longest a revocation waits for this process. */
  readonly leaseMs?: number | undefined;
  /** For how long verifiers that ask for it may go on without a lease, in milliseconds; default 0: never. */
  readonly staleIfUnreachableMs?: number | undefined;
  /** Keys in memory at most, 1 000 to 16 000 000, default 1 000 000; room is taken as it is needed. */
  readonly cachedKeys?: number | undefined;
  /** First part of every key that is issued, 2 to 12 of a-z and 0-9. Default `clv`. */
  readonly keyPrefix?: string | undefined;
  /** What happens to a request that no scope's routes name. Default `refuse`. */
  readonly unmappedRoutes?: "refuse" | "allow" | undefined;
  /** Failed authentications a minute after which a source has to wait; 0 sets no bound. Default 100. */
  readonly failedAttempts?: number | undefined;
  /** Days for which each single verification is kept, 1 to 3 650. Default 90. */
  readonly usageEventDays?: number | undefined;
  /** Days for which counts of uses are kept, 31 to 3 650. Default 400. */
  readonly usageCountDays?: number | undefined;
  /** Every so many days a test rotation and revocation, 0 to 365; 0 for none by itself. Default 0. */
  readonly drillDays?: number | undefined;
  /** Hours after its end at which a month of metering closes, 48 to 672. Default 48. */
  readonly meteringCloseHours?: number | undefined;
  /** Programs that secret stores of the kind command may run: by name an absolute path and arguments. Default: none. */
  readonly storeCommands?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Lets webhooks, secret stores and `importHookUrl` reach addresses that are not public, and go by plain HTTP. Default false. */
  readonly allowPrivateTargets?: boolean | undefined;
  /**
   * Asked once about each key of the `importHookForms` that nobody has here: `{ known: false }`, or `{ known: true, key: {…} }` with what is
   * imported of it. It is given the key in the clear: never log it.
   */
  readonly importHook?: ImportHook | undefined;
  /** Endpoint that is asked instead of a function. A secret. */
  readonly importHookUrl?: string | undefined;
  /** `whsec_…`, with which questions to that endpoint are signed. A secret. */
  readonly importHookSecret?: string | undefined;
  /** Forms of keys about which is asked, such as `sk_old_` or `old-[0-9a-f]{32}`. */
  readonly importHookForms?: readonly string[] | undefined;
  /** Questions in a second, 1 to 1 000. Default 20. */
  readonly importHookPerSecond?: number | undefined;
  /** Questions under way at once, 1 to 100. Default 8. */
  readonly importHookAtOnce?: number | undefined;
  /** Milliseconds for an answer, 50 to 10 000. Default 1 500. */
  readonly importHookTimeoutMs?: number | undefined;
  /** Seconds for which what is no key is not asked about again, 1 to 86 400. Default 600. */
  readonly importHookRememberSeconds?: number | undefined;
  /** Days for which events and what became of each delivery are kept, 1 to 3 650. Default 30. */
  readonly noticeDays?: number | undefined;
  /** Server that takes mails: `smtp://user:password@host:587`, or `smtps://…`. Default: no mails. */
  readonly smtpUrl?: string | undefined;
  /** Who mails are from; required with `smtpUrl`. */
  readonly mailFrom?: string | undefined;
  /** Seconds that a mail waits for more that its reader is to be told, 0 to 3 600. Default 60. */
  readonly mailGatherSeconds?: number | undefined;
  /** Classes of environments whose new keys can be revealed: `development`, `staging`, `production`. Default none. */
  readonly recoverable?: readonly ("development" | "staging" | "production")[] | undefined;
  /** Key-encryption key of recoverable keys: 32 bytes in base64, `vault:<mount>/<key>` or `awskms:<key>`. A secret. */
  readonly kek?: string | undefined;
  /** The one before it, until `claviger rotate-kek` is done. A secret. */
  readonly kekOld?: string | undefined;
  /** Address of Vault or OpenBao, without path. */
  readonly kekVaultUrl?: string | undefined;
  /** File with the token for Vault, read at each call. */
  readonly kekVaultTokenFile?: string | undefined;
  /** Region of AWS KMS. Default: that of the key's ARN. */
  readonly kekAwsRegion?: string | undefined;
  /** Endpoint of AWS KMS. Default: that of the region. */
  readonly kekAwsUrl?: string | undefined;
  /** `<access key id>:<secret access key>`, and `:<session token>` where there is one. A secret. */
  readonly kekAwsCredentials?: string | undefined;
  /** Secrets that one management key may reveal within an hour, 1 to 10 000. Default 20. */
  readonly revealsPerHour?: number | undefined;
  /** Least severe line that is written to stderr where no `logger` is given. Default `warn`. */
  readonly logLevel?: LogLevel | undefined;
  /** Takes the lines instead of stderr. What it is given holds no secret. */
  readonly logger?: Logger | undefined;
  /** Told once if the embedded database ends by itself. From then on every key is refused; start the process anew. */
  readonly onFatal?: ((reason: string) => void) | undefined;
  /**
   * Says that nothing freezes this process between requests, where variables of the platform look as if. Default false. A frozen
   * process hears of no revocation.
   */
  readonly neverFrozen?: boolean | undefined;
}

/** What the options amount to. */
export interface LibrarySettings {
  readonly config: Config;
  readonly environment: string;
  readonly service: string | undefined;
  /** Empty, or `/` and more without a slash at the end. */
  readonly basePath: string;
}

type Platform = { readonly env: Readonly<Record<string, string | undefined>>; readonly workingDirectory: string };

/** The setting of the service that each option is. */
export const SETTING_OF = {
  databaseUrl: "DATABASE_URL",
  databaseMigrationUrl: "DATABASE_MIGRATION_URL",
  databaseDirectUrl: "DATABASE_DIRECT_URL",
  redisUrl: "REDIS_URL",
  redisUnavailable: "CLAVIGER_REDIS_UNAVAILABLE",
  masterKey: "CLAVIGER_MASTER_KEY",
  managementKey: "CLAVIGER_MANAGEMENT_KEY",
  dataDir: "CLAVIGER_DATA_DIR",
  publicUrl: "CLAVIGER_PUBLIC_URL",
  allowPlaintext: "CLAVIGER_ALLOW_PLAINTEXT",
  trustedProxies: "CLAVIGER_TRUSTED_PROXIES",
  leaseMs: "CLAVIGER_LEASE_MS",
  staleIfUnreachableMs: "CLAVIGER_STALE_IF_UNREACHABLE_MS",
  cachedKeys: "CLAVIGER_CACHED_KEYS",
  keyPrefix: "CLAVIGER_KEY_PREFIX",
  unmappedRoutes: "CLAVIGER_UNMAPPED_ROUTES",
  failedAttempts: "CLAVIGER_FAILED_ATTEMPTS",
  usageEventDays: "CLAVIGER_USAGE_EVENT_DAYS",
  usageCountDays: "CLAVIGER_USAGE_COUNT_DAYS",
  drillDays: "CLAVIGER_DRILL_DAYS",
  meteringCloseHours: "CLAVIGER_METERING_CLOSE_HOURS",
  allowPrivateTargets: "CLAVIGER_ALLOW_PRIVATE_TARGETS",
  importHookUrl: "CLAVIGER_IMPORT_HOOK_URL",
  importHookSecret: "CLAVIGER_IMPORT_HOOK_SECRET",
  importHookForms: "CLAVIGER_IMPORT_HOOK_FORMS",
  importHookPerSecond: "CLAVIGER_IMPORT_HOOK_PER_SECOND",
  importHookAtOnce: "CLAVIGER_IMPORT_HOOK_AT_ONCE",
  importHookTimeoutMs: "CLAVIGER_IMPORT_HOOK_TIMEOUT_MS",
  importHookRememberSeconds: "CLAVIGER_IMPORT_HOOK_REMEMBER_SECONDS",
  storeCommands: "CLAVIGER_STORE_COMMANDS",
  noticeDays: "CLAVIGER_NOTICE_DAYS",
  smtpUrl: "CLAVIGER_SMTP_URL",
  mailFrom: "CLAVIGER_MAIL_FROM",
  mailGatherSeconds: "CLAVIGER_MAIL_GATHER_SECONDS",
  recoverable: "CLAVIGER_RECOVERABLE",
  kek: "CLAVIGER_KEK",
  kekOld: "CLAVIGER_KEK_OLD",
  kekVaultUrl: "CLAVIGER_KEK_VAULT_URL",
  kekVaultTokenFile: "CLAVIGER_KEK_VAULT_TOKEN_FILE",
  kekAwsRegion: "CLAVIGER_KEK_AWS_REGION",
  kekAwsUrl: "CLAVIGER_KEK_AWS_URL",
  kekAwsCredentials: "CLAVIGER_KEK_AWS_CREDENTIALS",
  revealsPerHour: "CLAVIGER_REVEALS_PER_HOUR",
  logLevel: "CLAVIGER_LOG_LEVEL",
} as const satisfies Partial<Record<keyof ClavigerOptions, string>>;

const OTHERS = ["environment", "service", "basePath", "address", "importHook", "logger", "onFatal", "neverFrozen"];
/** Of all options. */
export const OPTION_NAMES: readonly string[] = [...Object.keys(SETTING_OF), ...OTHERS];

const ENVIRONMENT = /^[a-z0-9][a-z0-9_-]{0,62}$/;
const BASE_PATH = /^(\/[A-Za-z0-9._~-]+)+$/;
/** What the API has at its root: below such a path nobody could tell whether it had been taken off. */
const OWN_PATH = /^\/(v1|docs|console|portal|healthz|readyz|metrics|openapi\.json|\.well-known)(\/|$)/;

/** Throws ConfigError for the first option that cannot work: its name, what it was (never a secret) and what it must be. */
export function readOptions(options: ClavigerOptions, platform: Platform): LibrarySettings {
  for (const name of Object.keys(options)) {
    if (!OPTION_NAMES.includes(name)) throw new ConfigError(name, "is no option of createClaviger");
  }
  // An unset variable must not open a second, empty installation in silence.
  if ("databaseUrl" in options && (options.databaseUrl ?? "") === "") {
    throw new ConfigError("databaseUrl", "is empty; must be postgres://…, or be left out for an embedded PostgreSQL");
  }
  refuseFreezing(options, platform.env);
  const { environment = "live", basePath = "", service } = options;
  if (service !== undefined && (service.trim() === "" || service.length > 100)) {
    throw new ConfigError(
      "service",
      `${JSON.stringify(service.slice(0, 120))} is not valid; must be a name of 1 to 100 characters`,
    );
  }
  if (!ENVIRONMENT.test(environment)) {
    throw new ConfigError("environment", `${JSON.stringify(environment)} is not valid; must be a name such as live`);
  }
  if (basePath !== "" && (!BASE_PATH.test(basePath) || OWN_PATH.test(basePath))) {
    const must = "must begin with a slash, not end with one, and be no path of the API itself: such as /claviger";
    throw new ConfigError("basePath", `${JSON.stringify(basePath)} is not valid; ${must}`);
  }
  try {
    const ownHook = options.importHook !== undefined;
    const config = loadConfig(settingsOf(options), platform.workingDirectory, { ownHook });
    return { config, environment, basePath, service };
  } catch (error) {
    throw inOptionNames(error);
  }
}

/** A node that stands still between two requests holds a lease that it cannot keep, and hears of no revocation. */
function refuseFreezing({ neverFrozen }: ClavigerOptions, env: Platform["env"]): void {
  if (neverFrozen === true || !mayFreeze(env, globalThis.navigator?.userAgent)) return;
  throw new ConfigError(
    "neverFrozen",
    "this platform may freeze the process between requests, so it can be no node; run nodes elsewhere and verify with @claviger/sdk, or say neverFrozen: true where it is none that freezes",
  );
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function settingsOf(options: ClavigerOptions): Record<string, string> {
  const settings: Record<string, string> = { CLAVIGER_LOG_LEVEL: "warn" };
  for (const [name, setting] of Object.entries(SETTING_OF)) {
    const value: unknown = options[name as keyof typeof SETTING_OF];
    if (value !== undefined) settings[setting] = textOf(value);
  }
  return settings;
}

/** The same error in the words of who gave options, where it speaks of variables. Its class and code stay. */
export function inOptionNames(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  let text = error.message;
  // The longer names first, because one is the end of another.
  const byLength = Object.entries(SETTING_OF).sort(([, a], [, b]) => b.length - a.length);
  for (const [option, setting] of byLength) text = text.replaceAll(setting, option);
  if (text === error.message) return error;
  if (error instanceof ConfigError) return new ConfigError(...split(text));
  error.message = text;
  return error;
}

function split(text: string): [setting: string, message: string] {
  const at = text.indexOf(": ");
  return [text.slice(0, at), text.slice(at + 2)];
}
