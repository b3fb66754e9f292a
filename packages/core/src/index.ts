/**
 * The rules of Claviger, pure: no I/O, no clock, no randomness, no dependency. Time is milliseconds since the epoch
 * and is passed in; so are random bytes and SHA-256.
 */
export * from "./approvals/index.ts";
export * from "./coherence/index.ts";
export * from "./errors/index.ts";
export * from "./http/index.ts";
export * from "./key-format/index.ts";
export * from "./key-table/index.ts";
export * from "./limiter/index.ts";
export * from "./limits/index.ts";
export * from "./network/index.ts";
export * from "./policies/index.ts";
export * from "./rotation/index.ts";
export * from "./routes/index.ts";
export * from "./scopes/index.ts";
export * from "./secret/secret.ts";
export * from "./usage/index.ts";
export * from "./verdict/index.ts";
export * from "./verifier/index.ts";
