/**
 * Library mode: Claviger inside another program. The process is a node of the installation like any other, with its own lease;
 * whoever runs in it verifies from its memory.
 *
 * Invariants: nothing here touches what belongs to the whole process: no signals, no exit, no listener, and no
 * setting that comes from a variable.
 */
export { ConfigError } from "../config.ts";
export { DatabaseError, EngineError } from "../db/index.ts";
export type { Logger } from "../kernel/log.ts";
export { type ClavigerNode, createClaviger } from "./create-claviger.ts";
export { type ClavigerOptions, OPTION_NAMES } from "./options.ts";
