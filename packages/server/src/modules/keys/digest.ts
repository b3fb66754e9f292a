import type { Keyring } from "../../db/index.ts";
import { hmacSha256 } from "../../kernel/hmac.ts";

export interface StoredDigest {
  readonly digest: Uint8Array;
  readonly pepperVersion: number;
}

type Peppers = Pick<Keyring, "byVersion">;

/**
 * What the database may hold of a key: one digest for each pepper that is known, since a row keeps the version it was made
 * with until it is wrapped again. Peppers are applied one after the other, so that a new pepper wraps the rows of the old
 * one and ends no key: digest_v = HMAC-SHA-256(pepper_v, digest_{v-1}), digest_0 = SHA-256(key). So no pepper can ever be
 * taken away.
 */
export function digestsOf(
  keyHash: Uint8Array,
  keyring: Pick<Keyring, "byVersion" | "newest">,
): readonly StoredDigest[] {
  const newest = keyring.newest("pepper");
  const digests: StoredDigest[] = [];
  let stored: StoredDigest = { digest: keyHash, pepperVersion: 0 };
  while (stored.pepperVersion < newest) {
    stored = wrapDigest(stored, stored.pepperVersion + 1, keyring);
    digests.push(stored);
  }
  return digests;
}

/** What the database holds of a key that is made now: the digest of the newest pepper that is in use. */
export function newestDigestOf(keyHash: Uint8Array, keyring: Pick<Keyring, "byVersion" | "current">): StoredDigest {
  return wrapDigest({ digest: keyHash, pepperVersion: 0 }, keyring.current("pepper").version, keyring);
}

/** The digest under a later pepper, without the key it was made of. Throws TypeError where the keyring lacks one in between. */
export function wrapDigest(stored: StoredDigest, version: number, keyring: Peppers): StoredDigest {
  let { digest, pepperVersion } = stored;
  while (pepperVersion < version) {
    pepperVersion += 1;
    const pepper = keyring.byVersion("pepper", pepperVersion);
    if (pepper === null) throw new TypeError(`the keyring lacks pepper ${pepperVersion}`);
    digest = hmacSha256(pepper).update(digest).digest();
  }
  return { digest, pepperVersion };
}
