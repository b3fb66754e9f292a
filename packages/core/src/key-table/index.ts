/**
 * The memory of a verifier: keys by the SHA-256 of the presented secret, in typed arrays, decided on where they lie.
 *
 * Nouns: an *entry* is one version of a key with its record; a *row* is its place; a *profile* is what many records
 * share; an *outcome* is a check's answer as a number.
 * Invariants: an outcome's code is that of `decide` for the same record; an entry whose subject was dropped is never
 * found again; all 256 bits of a hash are compared.
 */
export { createKeyTable, type KeyTableOptions } from "./key-table.ts";
export { codeOf, isValid, type Outcome, refusedWith, UNKNOWN } from "./outcome.ts";
export type { KeyTable, KeyTableEntry } from "./table-types.ts";
export { createToldMemo } from "./told-memo.ts";
export type { KeyFacts, KeyVerdict } from "./told-verdict.ts";
export type { KeyUse } from "./uses.ts";
