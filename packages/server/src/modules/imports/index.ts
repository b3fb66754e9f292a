/**
 * Imports: keys that exist elsewhere and go on working as they are (A7).
 *
 * Nouns: an import is a row of lines, each a key with what is said of it; a slice is as many of them as one act deals with. The old store is
 * the one that keys come from; the hook asks it about one key.
 * States: open, until all lines were sent; done. Lines that are sent again are passed over.
 * Invariants: how far an import is commits together with the keys; a line that is wrong keeps no other out; plain keys are hashed and
 * forgotten; the old store is asked once for a key, within a budget, and what it does not have is remembered by a hash.
 * Events out: keys.imported.
 */
export type { ImportHook } from "./create-old-store.ts";
export type { ImportPorts } from "./import-lines.ts";
export { createOldStore, importRoutes } from "./imports.api.ts";
export type { OldStore } from "./old-store.ts";
