/**
 * What an operator does beside the service, with its settings: look whether all is well, verify the audit trail, make a
 * management key when the last one is lost, rotate the installation's own keys, back up and restore. Each opens the
 * installation for itself, whether the service runs or not.
 *
 * Invariants: whatever writes is on record; only a restore makes a database or applies a migration, and nothing here makes
 * a first master key or keyring.
 */
export { type BackupMade, type BackupOptions, createBackup } from "./backup/create-backup.ts";
export type { KeyringChoice } from "./backup/frames.ts";
export { type BackupReport, type ReadBackupOptions, readBackup } from "./backup/open-for-restore.ts";
export { type Restored, type RestoreOptions, restoreBackup } from "./backup/restore-backup.ts";
export { type Check, type CheckStatus, runDoctor } from "./doctor/run-doctor.ts";
export { OperateError, type OperateErrorCode } from "./errors.ts";
export type { OperateOptions } from "./options.ts";
export { type ReconcileOptions, reconcileUsage } from "./reconcile-usage.ts";
export { type RecoveredKey, type RecoverOptions, recoverManagementKey } from "./recover-management-key.ts";
export { type RotatedKek, type RotateKekOptions, rotateKek } from "./rotate-kek/rotate-kek.ts";
export {
  type Rotated,
  type RotateOptions,
  rotateAuditKey,
  rotatePepper,
  rotateTagKey,
} from "./rotate-keyring/rotate-keyring.ts";
export {
  type RotatedMasterKey,
  type RotateMasterKeyOptions,
  rotateMasterKey,
} from "./rotate-keyring/rotate-master-key.ts";
export { type AuditReport, type VerifyAuditOptions, verifyAudit } from "./verify-audit.ts";
