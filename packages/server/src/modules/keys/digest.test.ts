import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestsOf, newestDigestOf, wrapDigest } from "./digest.ts";

const pepper = (version: number): Uint8Array => createHash("sha256").update(`pepper ${version}`).digest();
const keyring = (known: number, used = known) => ({
  newest: () => known,
  current: () => ({ version: used, key: pepper(used) }),
  byVersion: (_: string, version: number) => (version <= known ? pepper(version) : null),
});

const hashes = fc.uint8Array({ minLength: 32, maxLength: 32 });
const counts = fc.integer({ min: 1, max: 6 });

describe("what the database holds of a key", () => {
  test("is HMAC-SHA-256 of the pepper over the digest before it, the first over SHA-256 of the key", () => {
    const hash = createHash("sha256").update("key").digest();
    const first = createHmac("sha256", pepper(1)).update(hash).digest();
    const second = createHmac("sha256", pepper(2)).update(first).digest();
    expect(digestsOf(hash, keyring(2))).toEqual([
      { digest: first, pepperVersion: 1 },
      { digest: second, pepperVersion: 2 },
    ]);
  });

  test("a row of any pepper, wrapped again by a later one, is among the digests that are looked for (security 3)", () => {
    fc.assert(
      fc.property(hashes, counts, counts, counts, (hash, one, two, three) => {
        const [made = 1, wrapped = 1, known = 1] = [one, two, three].sort((a, b) => a - b);
        const stored = newestDigestOf(hash, keyring(known, made));
        expect(stored.pepperVersion).toBe(made);
        expect(digestsOf(hash, keyring(known))).toContainEqual(wrapDigest(stored, wrapped, keyring(known)));
      }),
    );
  });

  test("rows made before a pepper is in use are made with the one before, and found all the same", () => {
    const hash = createHash("sha256").update("key").digest();
    const stored = newestDigestOf(hash, keyring(3, 2));
    expect(stored.pepperVersion).toBe(2);
    expect(digestsOf(hash, keyring(3))).toContainEqual(stored);
  });

  test("without a pepper in between nothing is made up", () => {
    const hash = createHash("sha256").update("key").digest();
    expect(() => wrapDigest({ digest: hash, pepperVersion: 2 }, 4, keyring(3))).toThrow(TypeError);
  });
});
