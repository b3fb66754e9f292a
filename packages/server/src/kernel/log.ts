import pino from "pino";

export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Field names whose values never reach a log, wherever they stand up to two levels deep. */
const SECRET_FIELDS = [
  "authorization",
  "claviger-credential",
  "x-api-key",
  "cookie",
  "key",
  "secret",
  "password",
  "masterKey",
];

export interface LogOptions {
  /** More fields of each line, such as the trace of the request under way. */
  readonly fields?: () => object;
  /** Given each line as well, as it was written. */
  readonly also?: ((line: string) => void) | null;
}

/** Structured lines on stderr; stdout belongs to what a person or script waits for, such as `ready <url>`. */
export function createLogger(level: LogLevel, { fields, also = null }: LogOptions = {}): Logger {
  const paths = SECRET_FIELDS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);
  const stderr = pino.destination({ dest: 2, sync: true });
  const options = {
    ...{ level, base: null, redact: { paths, censor: "***" }, serializers: { error: describeError } },
    ...(fields === undefined ? {} : { mixin: fields }),
  };
  if (also === null) return pino(options, stderr);
  const write = (line: string): void => {
    stderr.write(line);
    also(line);
  };
  return pino(options, { write });
}

/** Errors by name, message and place, never by their other properties, which may hold rows or requests. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  return { name: error.name, message: error.message, stack: error.stack, ...code };
}
