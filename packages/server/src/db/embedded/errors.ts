/**
 * Every way in which the database engine refuses to start. Each message is one line, says what was found and names the
 * setting to change; it holds no password.
 */
export type EngineErrorCode =
  | "PLATFORM_UNSUPPORTED"
  | "BINARIES_MISSING"
  | "DATA_DIR_IN_USE"
  | "DATA_DIR_NOT_WRITABLE"
  | "DATA_DIR_NAME"
  | "DATA_DIR_UNREACHABLE"
  | "DATA_DIR_FOREIGN"
  | "DISK_FULL"
  | "ACCOUNT_MISSING"
  | "SOCKET_DIR_UNSAFE"
  | "CLUSTER_VERSION"
  | "CLUSTER_INCOMPLETE"
  | "ORPHAN_STUCK"
  | "INIT_FAILED"
  | "START_FAILED"
  | "URL_INVALID"
  | "SERVER_UNREACHABLE"
  | "SERVER_TOO_OLD"
  | "SERVER_READ_ONLY"
  | "ROLE_TOO_POWERFUL"
  | "POOLER_IN_FRONT"
  | "DATABASES_DIFFER";

export class EngineError extends Error {
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string, cause?: unknown) {
    super(oneLine(message), cause === undefined ? undefined : { cause });
    this.name = "EngineError";
    this.code = code;
  }
}

/** What every refusal of the embedded engine may end with: the two settings that lead out of it. */
export const WAY_OUT = "Set CLAVIGER_DATA_DIR to another directory, or DATABASE_URL to your own PostgreSQL";

/**
 * Turns an error of the file system into an EngineError about the data directory. Errors that are already typed, and
 * errors of which nothing is known, pass through unchanged.
 */
export function storageError(error: unknown, dataDir: string): unknown {
  const code = systemCode(error);
  if (code === "ENOSPC" || code === "EDQUOT") return diskFull(dataDir, error);
  if (code !== undefined && NOT_WRITABLE.has(code)) {
    return new EngineError("DATA_DIR_NOT_WRITABLE", `Cannot write to ${dataDir} (${code}). ${WAY_OUT}.`, error);
  }
  return error;
}

export function diskFull(dataDir: string, cause?: unknown): EngineError {
  return new EngineError("DISK_FULL", `No space is left on the disk of ${dataDir}. Free some, or: ${WAY_OUT}.`, cause);
}

/** The system's name of the failure (`ENOENT`), where the error carries one. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

const NOT_WRITABLE: ReadonlySet<string> = new Set([
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOTDIR",
  "EEXIST",
  "ENOENT",
  "EINVAL",
  "ELOOP",
  "ENAMETOOLONG",
]);

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " | ").trim();
}
