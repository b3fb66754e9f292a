/**
 * Recovery: secrets of customers' keys that can be shown again, where a platform wants that. Off unless settings turn it on, for classes
 * of environments.
 *
 * Nouns: a recoverable secret is that of one version of a key, sealed under a data key of its own, which a key-encryption key (KEK) wraps
 * that is nowhere in the database.
 * Invariants: sealed in the transaction that makes the secret; account, key and version are authenticated, so moved to another row it does
 * not open; a secret is revealed only after it is on record who wants it and why; what is over is erased with the act that ends it, and
 * what time has ended soon after. Management keys, imported secrets and keys of drills are not kept.
 * Events out: key.revealed.
 */
export { createRecovery } from "./create-recovery.ts";
export { eraseEnded } from "./erase-ended.ts";
export {
  countSecrets,
  type KeptSecret,
  type SecretPlace,
  saveWrapped,
  selectOtherwiseWrapped,
} from "./recovery.store.ts";
