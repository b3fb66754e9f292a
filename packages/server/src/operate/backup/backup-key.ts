import { createHmac, hkdfSync, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Random } from "../../kernel/random.ts";
import { OperateError } from "../errors.ts";

/** What a backup is encrypted under, as the operator gave it. At least one is set; the key goes first. */
export interface BackupSecret {
  /** 32 bytes in base64. */
  readonly key: string | null;
  readonly passphrase: string | null;
}

/** How the key of a backup is made from the secret; stands in the file's header, readable by anybody. */
export type KeySource =
  | { readonly kind: "key" }
  | {
      readonly kind: "passphrase";
      /** 32 bytes in base64. */
      readonly salt: string;
      readonly log2N: number;
      readonly r: number;
      readonly p: number;
    };

const KEY_BYTES = 32;
const CHECK_BYTES = 16;
const SHORTEST_PASSPHRASE = 16;
/** About 0.3 s and 128 MiB, which whoever guesses passphrases pays for each guess. */
const SCRYPT = { log2N: 17, r: 8, p: 1 } as const;
/** What a header may ask for: more could be an attack on whoever opens the file. */
const MOST_SCRYPT_BYTES = 1024 ** 3;

const deriveScrypt = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** How a new backup's key is made from this secret. Throws OperateError BACKUP_KEY_UNSUITABLE. */
export function newKeySource(secret: BackupSecret, random: Random): KeySource {
  if (secret.key !== null) return { kind: "key" };
  if (secret.passphrase === null) throw missing();
  if (secret.passphrase.length >= SHORTEST_PASSPHRASE) {
    return { kind: "passphrase", salt: Buffer.from(random.bytes(KEY_BYTES)).toString("base64"), ...SCRYPT };
  }
  throw new OperateError(
    "BACKUP_KEY_UNSUITABLE",
    `CLAVIGER_BACKUP_PASSPHRASE: has ${secret.passphrase.length} characters; must have at least ${SHORTEST_PASSPHRASE}`,
  );
}

/** The 32 bytes that everything in the file depends on. Throws OperateError BACKUP_KEY_UNSUITABLE. */
export async function rootKeyOf(secret: BackupSecret, source: KeySource): Promise<Uint8Array> {
  if (source.kind === "key") return parseKey(secret.key);
  if (secret.passphrase === null) {
    throw new OperateError(
      "BACKUP_KEY_UNSUITABLE",
      "CLAVIGER_BACKUP_PASSPHRASE: is not set; this backup was made with a passphrase",
    );
  }
  const { log2N, r, p } = source;
  const memory = 128 * r * 2 ** log2N;
  if (!(memory <= MOST_SCRYPT_BYTES && p <= 16)) throw damagedHeader();
  return deriveScrypt(secret.passphrase, Buffer.from(source.salt, "base64"), KEY_BYTES, {
    ...{ N: 2 ** log2N, r, p },
    maxmem: 2 * memory,
  });
}

function parseKey(text: string | null): Uint8Array {
  if (text === null) throw missing();
  const key = Buffer.from(text, "base64");
  if (key.length === KEY_BYTES) return key;
  throw new OperateError(
    "BACKUP_KEY_UNSUITABLE",
    `CLAVIGER_BACKUP_KEY: the value of ${text.length} characters is no key; must be 32 bytes in base64`,
  );
}

function missing(): OperateError {
  return new OperateError(
    "BACKUP_KEY_UNSUITABLE",
    "CLAVIGER_BACKUP_KEY: is not set; must be 32 bytes in base64, made with: openssl rand -base64 32 (or set CLAVIGER_BACKUP_PASSPHRASE)",
  );
}

export function damagedHeader(): OperateError {
  return new OperateError("BACKUP_DAMAGED", "the file does not begin as a backup of Claviger does");
}

/** Authenticates the header, and tells a wrong key from a damaged file. Base64. */
export function headerCheck(rootKey: Uint8Array, header: string): string {
  const key = new Uint8Array(hkdfSync("sha256", rootKey, "", "claviger backup header 1", KEY_BYTES));
  return createHmac("sha256", key).update(header).digest().subarray(0, CHECK_BYTES).toString("base64");
}

/** Throws OperateError BACKUP_KEY_WRONG. */
export function demandHeaderCheck(rootKey: Uint8Array, header: string, check: string): void {
  const [expected, found] = [Buffer.from(headerCheck(rootKey, header)), Buffer.from(check)];
  if (expected.length === found.length && timingSafeEqual(expected, found)) return;
  throw new OperateError(
    "BACKUP_KEY_WRONG",
    "the backup does not open with this key: it was made with another one, or its first lines were altered",
  );
}
