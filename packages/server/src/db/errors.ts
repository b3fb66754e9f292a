export type DatabaseErrorCode =
  | "ROLE_NOT_GRANTED"
  | "DATABASE_NEWER"
  | "MIGRATION_FAILED"
  | "MASTER_KEY_WRONG"
  | "SEAL_BROKEN";

/** A database that cannot be brought into service; the message is one line that names what to do. */
export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;
  constructor(code: DatabaseErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = "DatabaseError";
    this.code = code;
  }
}
