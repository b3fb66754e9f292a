import type { HashFn } from "@claviger/core";
import type { Keyring, Tx } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Random } from "../../kernel/random.ts";

/** What the acts of this module are given. */
export interface KeysPorts {
  readonly act: Act;
  readonly ids: Ids;
  readonly random: Random;
  readonly keyring: Keyring;
  readonly sha256: HashFn;
  /** First part of the keys that are issued from now on. */
  readonly keyPrefix: string;
}

/** What is typed back before something ends (E8). */
export interface Guard {
  /** Whether a key that was used within 24 hours asks for its label. */
  readonly guarded?: boolean | undefined;
  readonly confirm?: string | undefined;
  /** When the key was accepted last, which the inventory knows. */
  lastUseOf(tx: Tx, key: string): Promise<Date | null>;
}

/** What the caller itself holds; nobody grants beyond it. */
export interface Authority {
  readonly keyId: string;
  readonly scopes: ReadonlySet<string>;
  /** Milliseconds since the epoch, or null for never. */
  readonly expiresAt: number | null;
}
