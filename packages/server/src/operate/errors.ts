export type OperateErrorCode =
  /** Not every node confirmed; running the command again goes on. */
  | "NOT_CONFIRMED"
  | "MASTER_KEY_ROTATION_UNDER_WAY"
  | "MASTER_KEY_UNSUITABLE"
  /** Whoever keeps a key-encryption key gives no answer, or one that is needed is not among the settings; running the command again goes on. */
  | "KEK_UNAVAILABLE"
  | "BACKUP_KEY_UNSUITABLE"
  | "BACKUP_KEY_WRONG"
  | "BACKUP_DAMAGED"
  | "BACKUP_INCOMPLETE"
  | "BACKUP_NEWER"
  | "BACKUP_FILE_EXISTS"
  | "BACKUP_NOT_RESUMABLE"
  | "BACKUP_IMPOSSIBLE"
  | "INSTALLATION_NOT_EMPTY"
  | "RESTORE_IMPOSSIBLE";

/** Why an operator's work could not be done. The message is one line that says what to do, and holds no secret. */
export class OperateError extends Error {
  readonly code: OperateErrorCode;
  constructor(code: OperateErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "OperateError";
    this.code = code;
  }
}

export function notEmpty(): OperateError {
  return new OperateError(
    "INSTALLATION_NOT_EMPTY",
    "the installation holds accounts, keys or an audit trail; a backup is restored into an empty database or data directory only",
  );
}
