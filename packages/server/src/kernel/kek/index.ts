/** Key-encryption keys: what data keys are wrapped with, kept outside of the database. */

export { kekUnavailable } from "./kek.ts";
export { KEK_SETTINGS } from "./kek-settings.ts";
export { createKeks, type Keks } from "./keks.ts";
export { type EnvironmentClass, type RecoverySettings, readRecovery } from "./read-recovery.ts";
