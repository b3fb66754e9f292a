/**
 * Imports: keys that exist elsewhere and go on working as they are (A7).
 *
 * Nouns: an import is a row of lines, each a key with what is said of it; a slice is as many of them as one act deals with.
 * States: open, until all lines were sent; done. Lines that are sent again are passed over.
 * Invariants: how far an import is commits together with the keys; a line that is wrong keeps no other out; plain keys are hashed and
 * forgotten.
 * Events out: keys.imported.
 */
export type { ImportPorts } from "./import-lines.ts";
export { importRoutes } from "./imports.api.ts";
