import { userInfo } from "node:os";
import { OperateError, type OperateErrorCode, type OperateOptions } from "@claviger/server";
import { EXIT, type ExitCode } from "../../exit-codes.ts";
import { Failure, oneLine } from "../../failure.ts";
import type { Io } from "../../io.ts";
import { operate } from "./operate.ts";

/** `operator` is who acts, for the audit trail. */
export type OperatorOptions = OperateOptions & { readonly operator: string };

const EXITS: Readonly<Record<OperateErrorCode, ExitCode>> = {
  NOT_CONFIRMED: EXIT.unavailable,
  MASTER_KEY_ROTATION_UNDER_WAY: EXIT.failed,
  MASTER_KEY_UNSUITABLE: EXIT.settings,
  KEK_UNAVAILABLE: EXIT.unavailable,
  BACKUP_KEY_UNSUITABLE: EXIT.settings,
  BACKUP_KEY_WRONG: EXIT.settings,
  BACKUP_DAMAGED: EXIT.failed,
  BACKUP_INCOMPLETE: EXIT.failed,
  BACKUP_NEWER: EXIT.failed,
  BACKUP_FILE_EXISTS: EXIT.failed,
  BACKUP_NOT_RESUMABLE: EXIT.failed,
  BACKUP_IMPOSSIBLE: EXIT.failed,
  INSTALLATION_NOT_EMPTY: EXIT.failed,
  RESTORE_IMPOSSIBLE: EXIT.failed,
};

/** As `operate`, for work that is on record under the name of the operating system's user. */
export function onInstallation<T>(io: Io, work: (options: OperatorOptions) => Promise<T>): Promise<T> {
  return operate(io, async (options) => {
    try {
      return await work({ ...options, operator: operatorName() });
    } catch (error) {
      if (!(error instanceof OperateError)) throw error;
      throw new Failure(EXITS[error.code], oneLine(error.message));
    }
  });
}

/** A container may run as a user without a name. */
function operatorName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
