import { ClavigerError } from "@claviger/core";

/** Whose data key it is. Authenticated with it: one that is given as another's does not open. */
export interface KekPlace {
  readonly account: string;
  readonly key: string;
}

/** A data key under a key-encryption key. */
export interface Wrapped {
  /** Which key-encryption key, and which version of it where its keeper tells them apart. At most 400 characters, no secret. */
  readonly kek: string;
  readonly bytes: Uint8Array;
}

/** A key-encryption key (KEK), wherever it is kept. Both methods throw ClavigerError KEK_UNAVAILABLE where its keeper gives no answer. */
export interface Kek {
  /** How it is called in messages. No secret. */
  readonly name: string;
  /** Whether it is the one that wrapped this. */
  opens(kek: string): boolean;
  /** `dataKey`: 32 bytes. */
  wrap(dataKey: Uint8Array, place: KekPlace): Promise<Wrapped>;
  /** Null for what was altered, or wrapped for another place. */
  unwrap(wrapped: Wrapped, place: KekPlace): Promise<Uint8Array | null>;
}

/** `why`: for the log alone. */
export function kekUnavailable(name: string, why: string, cause?: unknown): ClavigerError {
  return new ClavigerError("KEK_UNAVAILABLE", { internal: `the key-encryption key ${name}: ${why}`, cause });
}
