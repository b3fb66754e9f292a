/**
 * What an operator does beside the service, with its settings: look whether all is well, verify the audit trail, make a
 * management key when the last one is lost. Each opens the installation for itself, whether the service runs or not.
 *
 * Invariants: nothing here makes a database, a master key or a keyring, or applies a migration; only the recovery writes,
 * and it is on record.
 */
export { type Check, type CheckStatus, runDoctor } from "./doctor/run-doctor.ts";
export { OperateError, type OperateErrorCode } from "./errors.ts";
export type { OperateOptions } from "./options.ts";
export { type RecoveredKey, type RecoverOptions, recoverManagementKey } from "./recover-management-key.ts";
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
