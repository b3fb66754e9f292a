import { createHmac } from "node:crypto";
import type { Keyring } from "../../db/index.ts";

export interface StoredDigest {
  readonly digest: Uint8Array;
  readonly pepperVersion: number;
}

/**
 * What the database holds of a key. Peppers are applied one after the other, so that a new pepper wraps the rows of the old one
 * and ends no key: digest_v = HMAC-SHA-256(pepper_v, digest_{v-1}), digest_0 = SHA-256(key).
 */
export function digestsOf(keyHash: Uint8Array, keyring: Keyring): readonly StoredDigest[] {
  const newest = keyring.current("pepper").version;
  const digests: StoredDigest[] = [];
  let digest = keyHash;
  for (let version = 1; version <= newest; version += 1) {
    const pepper = keyring.byVersion("pepper", version);
    if (pepper === null) throw new TypeError(`the keyring lacks pepper ${version}`);
    digest = createHmac("sha256", pepper).update(digest).digest();
    digests.push({ digest, pepperVersion: version });
  }
  return digests;
}

export function newestDigestOf(keyHash: Uint8Array, keyring: Keyring): StoredDigest {
  const newest = digestsOf(keyHash, keyring).at(-1);
  if (newest === undefined) throw new TypeError("the keyring holds no pepper");
  return newest;
}
