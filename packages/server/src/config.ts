import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseCidr, parseIp } from "@claviger/core";
import { type ImportHookConfig, readImportHook } from "./kernel/import-hook-settings.ts";
import { type RecoverySettings, readRecovery } from "./kernel/kek/index.ts";
import { LOG_LEVELS, type LogLevel } from "./kernel/log.ts";
import { isMailFrom, parseSmtpUrl, type SmtpSettings } from "./kernel/outgoing/index.ts";
import { parseRedisAddress, type RedisAddress } from "./kernel/redis-address.ts";
import { parseStoreCommands, type StoreCommands } from "./kernel/store-commands.ts";
import { readTelemetry, type TelemetryConfig } from "./kernel/telemetry/read-telemetry.ts";
import { SETTINGS } from "./settings.ts";

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly databaseMigrationUrl: string | null;
  readonly databaseDirectUrl: string | null;
  readonly redis: RedisAddress | null;
  readonly whenRedisUnavailable: "refuse" | "postgresql" | "allow";
  readonly masterKey: Uint8Array | null;
  readonly managementKey: string | null;
  readonly publicUrl: string | null;
  readonly trustedProxies: readonly string[];
  readonly leaseMs: number;
  readonly staleIfUnreachableMs: number;
  readonly cachedKeys: number;
  readonly drainMs: number;
  readonly keyPrefix: string;
  readonly unmappedRoutes: "refuse" | "allow";
  readonly failedAttempts: number;
  readonly usageEventDays: number;
  readonly usageCountDays: number;
  readonly meteringCloseHours: number;
  readonly drillDays: number;
  readonly allowPrivateTargets: boolean;
  readonly storeCommands: StoreCommands;
  readonly noticeDays: number;
  /** Null where no mails are sent. */
  readonly smtp: SmtpSettings | null;
  readonly mailGatherSeconds: number;
  /** Null where keys are not recoverable. */
  readonly recovery: RecoverySettings | null;
  readonly revealsPerHour: number;
  /** Null where keys are not taken over as they are presented. */
  readonly importHook: ImportHookConfig | null;
  readonly logLevel: LogLevel;
  /** Null where OpenTelemetry is off. */
  readonly telemetry: TelemetryConfig | null;
}

/** A setting that stops the start. The message is one line: the variable, what it was (never a secret), what it must be. */
export class ConfigError extends Error {
  readonly setting: string;
  constructor(setting: string, message: string) {
    super(`${setting}: ${message}`);
    this.name = "ConfigError";
    this.setting = setting;
  }
}

const DRAIN_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads and checks every setting. An empty value counts as not set. `ownHook`: a function imports keys as they are presented. Throws
 * `ConfigError` for the first that is wrong.
 */
export function loadConfig(environment: Environment, workingDirectory: string, { ownHook = false } = {}): Config {
  const read = (name: string): string | null => readSetting(environment, name);
  const whole = (name: string, fallback: number, min: number, max: number): number =>
    integer(name, read(name), fallback, min, max);
  const config: Config = {
    host: host(read("CLAVIGER_HOST") ?? "127.0.0.1"),
    port: whole("CLAVIGER_PORT", 4700, 0, 65_535),
    dataDir: resolve(workingDirectory, read("CLAVIGER_DATA_DIR") ?? ".claviger"),
    databaseUrl: databaseUrl("DATABASE_URL", read("DATABASE_URL")),
    databaseMigrationUrl: databaseUrl("DATABASE_MIGRATION_URL", read("DATABASE_MIGRATION_URL")),
    databaseDirectUrl: databaseUrl("DATABASE_DIRECT_URL", read("DATABASE_DIRECT_URL")),
    redis: redisAddress(read("REDIS_URL")),
    whenRedisUnavailable: choice("CLAVIGER_REDIS_UNAVAILABLE", read("CLAVIGER_REDIS_UNAVAILABLE") ?? "refuse", [
      "refuse",
      "postgresql",
      "allow",
    ]),
    masterKey: masterKey(read("CLAVIGER_MASTER_KEY")),
    managementKey: managementKey(read("CLAVIGER_MANAGEMENT_KEY")),
    publicUrl: publicUrl(read("CLAVIGER_PUBLIC_URL")),
    trustedProxies: proxies(read("CLAVIGER_TRUSTED_PROXIES")),
    leaseMs: whole("CLAVIGER_LEASE_MS", 5000, 500, 60_000),
    staleIfUnreachableMs: whole("CLAVIGER_STALE_IF_UNREACHABLE_MS", 0, 0, 86_400_000),
    cachedKeys: whole("CLAVIGER_CACHED_KEYS", 1_000_000, 1_000, 16_000_000),
    // Nobody can take over from a node with a database of its own.
    drainMs: whole("CLAVIGER_DRAIN_MS", read("DATABASE_URL") === null ? 0 : DRAIN_MS, 0, 600_000),
    keyPrefix: matching("CLAVIGER_KEY_PREFIX", read("CLAVIGER_KEY_PREFIX") ?? "clv", /^[a-z0-9]{2,12}$/),
    unmappedRoutes: choice("CLAVIGER_UNMAPPED_ROUTES", read("CLAVIGER_UNMAPPED_ROUTES") ?? "refuse", [
      "refuse",
      "allow",
    ]),
    failedAttempts: whole("CLAVIGER_FAILED_ATTEMPTS", 100, 0, 1_000_000),
    usageEventDays: whole("CLAVIGER_USAGE_EVENT_DAYS", 90, 1, 3650),
    usageCountDays: whole("CLAVIGER_USAGE_COUNT_DAYS", 400, 31, 3650),
    drillDays: whole("CLAVIGER_DRILL_DAYS", 0, 0, 365),
    meteringCloseHours: whole("CLAVIGER_METERING_CLOSE_HOURS", 48, 48, 672),
    allowPrivateTargets: flag("CLAVIGER_ALLOW_PRIVATE_TARGETS", read("CLAVIGER_ALLOW_PRIVATE_TARGETS")),
    storeCommands: storeCommands(read("CLAVIGER_STORE_COMMANDS")),
    noticeDays: whole("CLAVIGER_NOTICE_DAYS", 30, 1, 3650),
    smtp: smtp(read("CLAVIGER_SMTP_URL"), read("CLAVIGER_MAIL_FROM"), read("CLAVIGER_ALLOW_PLAINTEXT") === "true"),
    mailGatherSeconds: whole("CLAVIGER_MAIL_GATHER_SECONDS", 60, 0, 3600),
    recovery: recovery(environment),
    revealsPerHour: whole("CLAVIGER_REVEALS_PER_HOUR", 20, 1, 10_000),
    importHook: readImportHook({ read, whole, wrong, failure: (...of) => new ConfigError(...of), ownHook }),
    logLevel: choice("CLAVIGER_LOG_LEVEL", read("CLAVIGER_LOG_LEVEL") ?? "info", LOG_LEVELS),
    telemetry: readTelemetry({ names: namesOf(environment), read, readFile, wrong, unsupported }),
  };
  refuseUndeclaredPlaintext(config, flag("CLAVIGER_ALLOW_PLAINTEXT", read("CLAVIGER_ALLOW_PLAINTEXT")));
  if (config.databaseUrl !== null && config.masterKey === null) {
    throw new ConfigError(
      "CLAVIGER_MASTER_KEY",
      "is not set; with DATABASE_URL it must be 32 bytes in base64, the same on every node",
    );
  }
  if (config.databaseUrl === null) {
    for (const name of ["DATABASE_MIGRATION_URL", "DATABASE_DIRECT_URL"]) {
      if (read(name) !== null) throw new ConfigError(name, "is set without DATABASE_URL; set both or neither");
    }
  }
  return config;
}

function readSetting(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim() ?? "";
  const known = SETTINGS.find((setting) => setting.name === name);
  const file = known?.secret === true ? (environment[`${name}_FILE`]?.trim() ?? "") : "";
  if (file === "") return value === "" ? null : value;
  if (value !== "") throw new ConfigError(name, `is set and so is ${name}_FILE; set one of them`);
  try {
    const text = readFileSync(file, "utf8").trim();
    if (text === "") throw new ConfigError(`${name}_FILE`, `"${file}" is empty`);
    return text;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(`${name}_FILE`, `"${file}" cannot be read; must be a file this process may read`);
  }
}

/** Null where it cannot be read. */
function readFile(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

function namesOf(environment: Environment): readonly string[] {
  return Object.keys(environment).filter((name) => (environment[name]?.trim() ?? "") !== "");
}

function unsupported(name: string): ConfigError {
  return new ConfigError(name, "is not supported; must not be set");
}

/** What was given is shown, but for a secret. */
function wrong(name: string, value: string): ConfigError {
  const { secret, bounds = "valid" } = SETTINGS.find((setting) => setting.name === name) ?? {};
  const shown = JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
  const what = secret === true ? `the value of ${value.length} characters` : shown;
  return new ConfigError(name, `${what} is not valid; must be ${bounds}`);
}

function integer(name: string, value: string | null, fallback: number, min: number, max: number): number {
  if (value === null) return fallback;
  const number = Number(value);
  if (!/^\d{1,9}$/.test(value) || number < min || number > max) throw wrong(name, value);
  return number;
}

function flag(name: string, value: string | null): boolean {
  return choice(name, value ?? "false", ["true", "false"]) === "true";
}

function choice<const T extends string>(name: string, value: string, options: readonly T[]): T {
  const found = options.find((option) => option === value);
  if (found === undefined) throw wrong(name, value);
  return found;
}

function matching(name: string, value: string, pattern: RegExp): string {
  if (!pattern.test(value)) throw wrong(name, value);
  return value;
}

function storeCommands(value: string | null): StoreCommands {
  if (value === null) return {};
  const commands = parseStoreCommands(value);
  if (commands === null) throw wrong("CLAVIGER_STORE_COMMANDS", value);
  return commands;
}

function host(value: string): string {
  const bare = value.replace(/^\[(.*)\]$/, "$1");
  if (bare !== "localhost" && parseIp(bare) === null) throw wrong("CLAVIGER_HOST", value);
  return bare;
}

function databaseUrl(name: string, value: string | null): string | null {
  if (value === null) return null;
  // Without a host, as in postgres://user:password@/name?host=/socket/dir, it is no URL to others than PostgreSQL.
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value.replace(/@\//, "@localhost/")))
    throw wrong(name, value);
  return value;
}

function redisAddress(value: string | null): RedisAddress | null {
  if (value === null) return null;
  const address = parseRedisAddress(value);
  if (address === null) throw wrong("REDIS_URL", value);
  return address;
}

/** The decoded 32 bytes. Throws `ConfigError` otherwise. */
function masterKey(value: string | null): Uint8Array | null {
  if (value === null) return null;
  const bytes = Buffer.from(value, "base64");
  if (bytes.length !== 32 || !/^[A-Za-z0-9+/_-]{43}=?$/.test(value)) throw wrong("CLAVIGER_MASTER_KEY", value);
  return bytes;
}

function managementKey(value: string | null): string | null {
  if (value !== null && !/^[\x21-\x7e]{16,200}$/.test(value)) throw wrong("CLAVIGER_MANAGEMENT_KEY", value);
  return value;
}

function publicUrl(value: string | null): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const bare = url !== null && url.pathname === "/" && url.search === "" && url.hash === "" && url.username === "";
  if (url === null || !bare || !/^https?:$/.test(url.protocol)) throw wrong("CLAVIGER_PUBLIC_URL", value);
  return url.origin;
}

function proxies(value: string | null): readonly string[] {
  const parts = (value ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  for (const part of parts) if (parseCidr(part) === null) throw wrong("CLAVIGER_TRUSTED_PROXIES", part);
  return parts;
}

/** Mails hold no secret, and yet name people and keys: beyond loopback they go under TLS. */
function smtp(url: string | null, from: string | null, plaintext: boolean): SmtpSettings | null {
  if (url === null) {
    if (from !== null)
      throw new ConfigError("CLAVIGER_MAIL_FROM", "is set without CLAVIGER_SMTP_URL; set both or neither");
    return null;
  }
  const settings = parseSmtpUrl(url);
  if (settings === null) throw wrong("CLAVIGER_SMTP_URL", url);
  if (from === null)
    throw new ConfigError("CLAVIGER_MAIL_FROM", "is not set; with CLAVIGER_SMTP_URL it must be an address");
  if (!isMailFrom(from)) throw wrong("CLAVIGER_MAIL_FROM", from);
  return { ...settings, from, mayBePlain: plaintext || isLoopback(settings.host) };
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "::1" || name === "[::1]" || /^127(\.\d{1,3}){3}$/.test(name);
}

function recovery(environment: Environment): RecoverySettings | null {
  return readRecovery({
    ...{ wrong, isLoopback, read: (name) => readSetting(environment, name) },
    modeOf: (name) => {
      const file = environment[`${name}_FILE`]?.trim() ?? "";
      return file === "" ? null : statSync(file).mode;
    },
    plaintext: readSetting(environment, "CLAVIGER_ALLOW_PLAINTEXT") === "true",
    fault: (name, message) => new ConfigError(name, message),
  });
}

/** Keys must not cross a network in the clear by oversight (C10). */
function refuseUndeclaredPlaintext(config: Config, declared: boolean): void {
  if (declared) return;
  const url = config.publicUrl === null ? null : new URL(config.publicUrl);
  if (url !== null && url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ConfigError(
      "CLAVIGER_PUBLIC_URL",
      `"${config.publicUrl}" is plaintext HTTP beyond loopback; use https:// or declare it with CLAVIGER_ALLOW_PLAINTEXT=true`,
    );
  }
  if (!isLoopback(config.host) && url?.protocol !== "https:") {
    throw new ConfigError(
      "CLAVIGER_HOST",
      `"${config.host}" is plaintext HTTP beyond loopback; set CLAVIGER_PUBLIC_URL=https://… where TLS ends in front, or declare it with CLAVIGER_ALLOW_PLAINTEXT=true`,
    );
  }
}
