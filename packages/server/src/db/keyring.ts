import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import type { Clock } from "../kernel/clock.ts";
import type { Random } from "../kernel/random.ts";
import type { Database } from "./database.ts";
import { DatabaseError } from "./errors.ts";
import { PLATFORM } from "./roles.ts";

export type Purpose = "pepper" | "tag" | "audit";

/** The installation's own random secrets, unwrapped, in memory only. Versions count from 1. */
export interface Keyring {
  /** Newest version first is `current`; throws TypeError when the purpose has none, which a started node never has. */
  current(purpose: Purpose): { readonly version: number; readonly key: Uint8Array };
  byVersion(purpose: Purpose, version: number): Uint8Array | null;
  all(purpose: Purpose): readonly Uint8Array[];
}

const PURPOSES: readonly Purpose[] = ["pepper", "tag", "audit"];
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

function wrappingKey(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", masterKey, "", "claviger keyring 1", KEY_BYTES));
}

/** AES-256-GCM as nonce ‖ tag ‖ ciphertext; purpose and version are authenticated, so that a row moved elsewhere does not open. */
export function wrap(
  masterKey: Uint8Array,
  purpose: Purpose,
  version: number,
  key: Uint8Array,
  random: Random,
): Uint8Array {
  const nonce = random.bytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey(masterKey), nonce);
  cipher.setAAD(Buffer.from(`${purpose}:${version}`));
  const body = Buffer.concat([cipher.update(key), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** `null` when the master key is another one or the row was altered. */
export function unwrap(
  masterKey: Uint8Array,
  purpose: Purpose,
  version: number,
  wrapped: Uint8Array,
): Uint8Array | null {
  try {
    const decipher = createDecipheriv("aes-256-gcm", wrappingKey(masterKey), wrapped.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(`${purpose}:${version}`));
    decipher.setAuthTag(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
}

/** Opens the keyring, making version 1 of each purpose where there is none yet. Throws `DatabaseError` MASTER_KEY_WRONG. */
export async function openKeyring(
  database: Database,
  masterKey: Uint8Array,
  clock: Clock,
  random: Random,
): Promise<Keyring> {
  const rows = await database.transaction(PLATFORM, async (tx) => {
    const now = new Date(clock.wall());
    for (const purpose of PURPOSES) {
      await tx
        .insertInto("keyring")
        .values({
          purpose,
          version: 1,
          wrapped: wrap(masterKey, purpose, 1, random.bytes(KEY_BYTES), random),
          created_at: now,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    return tx.selectFrom("keyring").select(["purpose", "version", "wrapped"]).orderBy("version", "desc").execute();
  });
  const keys = new Map<string, Uint8Array>();
  const newest = new Map<Purpose, number>();
  for (const row of rows) {
    const key = unwrap(masterKey, row.purpose, row.version, row.wrapped);
    if (key === null) {
      throw new DatabaseError(
        "MASTER_KEY_WRONG",
        "CLAVIGER_MASTER_KEY: does not open this database's keyring; must be the key this installation was started with",
      );
    }
    keys.set(`${row.purpose}:${row.version}`, key);
    if (!newest.has(row.purpose)) newest.set(row.purpose, row.version);
  }
  return readKeyring(keys, newest);
}

function readKeyring(keys: ReadonlyMap<string, Uint8Array>, newest: ReadonlyMap<Purpose, number>): Keyring {
  const byVersion = (purpose: Purpose, version: number): Uint8Array | null => keys.get(`${purpose}:${version}`) ?? null;
  return {
    current: (purpose) => {
      const version = newest.get(purpose) ?? 0;
      const key = byVersion(purpose, version);
      if (key === null) throw new TypeError(`the keyring holds no ${purpose}`);
      return { version, key };
    },
    byVersion,
    all: (purpose) => [...keys].filter(([name]) => name.startsWith(`${purpose}:`)).map(([, key]) => key),
  };
}
