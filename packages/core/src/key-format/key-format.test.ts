import { createHash } from "node:crypto";
import { crc32 as zlibCrc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  assessKey,
  BASE62,
  crc32,
  encodeBase62,
  hasGenuineTag,
  KEY_PATTERN,
  keyedTagOf,
  keyFormatRules,
  MAX_KEY_LENGTH,
  MIN_KEY_LENGTH,
  makeKey,
  parseKey,
  previewKey,
} from "./index.ts";

const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
const tagKey = new Uint8Array(32).fill(7);
const otherTagKey = new Uint8Array(32).fill(8);

/** A seeded generator (xorshift32), so that a failure can be repeated. */
function seededBytes(seed: number): (n: number) => Uint8Array {
  let state = seed;
  return (n) => {
    const bytes = new Uint8Array(n);
    for (let i = 0; i < n; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      bytes[i] = (state >>> 11) & 0xff;
    }
    return bytes;
  };
}

function make(seed = 1, prefix = "acme", tag = "live"): string {
  return makeKey({ prefix, tag, tagKey, randomBytes: seededBytes(seed), sha256 });
}

function genuine(text: string, keys: readonly Uint8Array[]): boolean {
  const parsed = parseKey(text);
  return parsed.ok && hasGenuineTag(text, parsed, keys, sha256);
}

const lowerAlnum = (min: number, max: number) => fc.stringMatching(new RegExp(`^[a-z0-9]{${min},${max}}$`));
const keys = fc
  .record({ prefix: lowerAlnum(2, 12), tag: lowerAlnum(2, 4), seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }) })
  .map(({ prefix, tag, seed }) => make(seed, prefix, tag));

describe("base62 and CRC-32", () => {
  test("numbers are written most significant digit first and padded with 0", () => {
    expect(BASE62).toHaveLength(62);
    expect(encodeBase62(0, 6)).toBe("000000");
    expect(encodeBase62(61, 2)).toBe("0z");
    expect(encodeBase62(62, 2)).toBe("10");
    expect(encodeBase62(0xffffffff, 6)).toBe("4gfFC3");
    expect(encodeBase62(62n ** 20n - 1n, 20)).toBe("z".repeat(20));
  });

  test("a number that does not fit or is no whole number is never cut off silently", () => {
    for (const [n, width] of [
      [62, 1],
      [-1, 6],
      [1.5, 6],
      [Number.NaN, 6],
      [2 ** 53, 20],
      [62n, 1],
      [-1n, 6],
    ] as const) {
      expect(() => encodeBase62(n, width)).toThrow(TypeError);
    }
  });

  test("number and bigint are written the same", () => {
    fc.assert(fc.property(fc.maxSafeNat(), (n) => encodeBase62(n, 10) === encodeBase62(BigInt(n), 10)));
  });

  test("the checksum is the CRC-32 of zlib", () => {
    expect(crc32("123456789")).toBe(0xcbf43926);
    expect(crc32("")).toBe(0);
    expect(crc32("123456789 and more", 9)).toBe(0xcbf43926);
    fc.assert(fc.property(fc.string({ unit: "binary-ascii" }), (text) => crc32(text) === zlibCrc32(text)));
  });

  test("a text that is not ASCII has no checksum", () => {
    expect(() => crc32("schlüssel")).toThrow(TypeError);
  });
});

describe("making keys (A1)", () => {
  test("a made key has the published form, is within one SHA-256 block, and reads back", () => {
    fc.assert(
      fc.property(lowerAlnum(2, 12), lowerAlnum(2, 4), fc.integer({ min: 1 }), (prefix, tag, seed) => {
        const key = make(seed, prefix, tag);
        expect(key).toMatch(new RegExp(`^${KEY_PATTERN}$`));
        expect(key.length).toBeLessThanOrEqual(MAX_KEY_LENGTH);
        expect(key.length).toBeGreaterThanOrEqual(MIN_KEY_LENGTH);
        const parsed = parseKey(key);
        expect(parsed).toMatchObject({ ok: true, prefix, tag });
        if (parsed.ok) {
          expect(`${prefix}_${tag}_${parsed.random}${parsed.keyedTag}${parsed.checksum}`).toBe(key);
          expect([parsed.random.length, parsed.keyedTag.length, parsed.checksum.length]).toEqual([24, 6, 6]);
        }
      }),
    );
  });

  test("known vector: the same bytes give the same key, computed here by other means", () => {
    const key = makeKey({
      prefix: "acme",
      tag: "live",
      tagKey,
      sha256,
      randomBytes: (n) => Uint8Array.from({ length: n }, (_, i) => i),
    });
    const body = `acme_live_${BASE62.slice(0, 24)}`;
    const digest = createHash("sha256").update(tagKey).update(body, "ascii").digest();
    const tagged = body + encodeBase62(digest.readBigUInt64BE(0) % 62n ** 6n, 6);
    expect(key).toBe(tagged + encodeBase62(zlibCrc32(tagged), 6));
    expect(key).toBe("acme_live_0123456789ABCDEFGHIJKLMNOux0oA22RqQo");
  });

  test("bytes that would make some characters likelier are thrown away", () => {
    const high = Uint8Array.from({ length: 28 }, (_, i) => 248 + (i % 8));
    let round = 0;
    const key = makeKey({
      prefix: "acme",
      tag: "live",
      tagKey,
      sha256,
      randomBytes: (n) => (round++ === 0 ? high : new Uint8Array(n)),
    });
    expect(key.slice(10, 34)).toBe("0".repeat(24));
  });

  test("every character is equally likely (chi-square over 480 000 characters, fixed seed)", () => {
    const counts = new Map<string, number>();
    const randomBytes = seededBytes(0x1badf00d);
    const made = 20_000;
    for (let i = 0; i < made; i++) {
      const key = makeKey({ prefix: "ab", tag: "cd", tagKey, randomBytes, sha256 });
      for (const character of key.slice(6, 30)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (made * 24) / 62;
    let chiSquare = 0;
    for (const character of BASE62) chiSquare += ((counts.get(character) ?? 0) - expected) ** 2 / expected;
    // 61 degrees of freedom: 113 is exceeded once in 20 000 runs. Taking bytes modulo 62 gives more than 3 000.
    expect(chiSquare).toBeLessThan(113);
  });

  test("a wrong prefix, tag, tag key, hash or random source makes no key at all", () => {
    const good = { prefix: "acme", tag: "live", tagKey, randomBytes: seededBytes(1), sha256 };
    const wrong = [
      { prefix: "a" },
      { prefix: "Acme" },
      { prefix: "a_b" },
      { prefix: "a".repeat(13) },
      { tag: "x" },
      { tag: "LIVE" },
      { tag: "tests" },
      { tagKey: new Uint8Array(15) },
      { sha256: () => new Uint8Array(20) },
      { randomBytes: () => new Uint8Array(3) },
      { randomBytes: (n: number) => new Uint8Array(n).fill(255) },
    ];
    for (const change of wrong) expect(() => makeKey({ ...good, ...change })).toThrow(TypeError);
  });
});

describe("checking keys offline (A1, C5)", () => {
  test("any edit of one character is noticed by shape, length or checksum", () => {
    const characters = `${BASE62}_-. é\u0000`;
    fc.assert(
      fc.property(keys, fc.nat(), fc.constantFrom(...characters), (key, at, character) => {
        const i = at % key.length;
        fc.pre(key[i] !== character);
        expect(parseKey(key.slice(0, i) + character + key.slice(i + 1)).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  test("swapping two neighbours, dropping or doubling a character is noticed", () => {
    fc.assert(
      fc.property(keys, fc.nat(), (key, at) => {
        const i = at % (key.length - 1);
        const [a = "", b = ""] = key.slice(i, i + 2);
        if (a !== b) expect(parseKey(key.slice(0, i) + b + a + key.slice(i + 2)).ok).toBe(false);
        expect(parseKey(key.slice(0, i) + key.slice(i + 1)).ok).toBe(false);
        expect(parseKey(key.slice(0, i) + a + key.slice(i)).ok).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("each kind of failure has its reason", () => {
    const key = make();
    expect(parseKey("")).toEqual({ ok: false, reason: "length" });
    expect(parseKey("x".repeat(1e6))).toEqual({ ok: false, reason: "length" });
    expect(parseKey(key.replace("_live_", "-live-"))).toEqual({ ok: false, reason: "shape" });
    expect(parseKey(key.replace("acme", "ACME"))).toEqual({ ok: false, reason: "shape" });
    expect(parseKey(`a${key}`.replace("acme_l", "ac_e_l"))).toEqual({ ok: false, reason: "shape" });
    expect(parseKey(key.replace("acme", "acmf"))).toEqual({ ok: false, reason: "checksum" });
    expect(parseKey(` ${key}`).ok).toBe(false);
    expect(parseKey(`${key}\n`).ok).toBe(false);
  });

  test("a prefix or tag that is too short or too long is refused even with a right checksum", () => {
    for (const head of [
      "a_live_",
      "abcdefghijklm_live_",
      "abcdefghijklm_ab_",
      "acme_l_",
      "acme_lives_",
      "_acme_live_",
      "acme__live_",
    ]) {
      const covered = head + "0".repeat(30);
      const key = covered + encodeBase62(crc32(covered), 6);
      expect(parseKey(key)).toEqual({ ok: false, reason: key.length > MAX_KEY_LENGTH ? "length" : "shape" });
    }
  });

  test("it answers for any input and throws for none", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => !parseKey(text).ok));
    for (const input of [null, undefined, 5, {}, []]) expect(parseKey(input as unknown as string).ok).toBe(false);
  });
});

describe("the keyed tag", () => {
  test("a key is genuine under the key that made it, and under no other", () => {
    fc.assert(
      fc.property(keys, (key) => {
        expect(genuine(key, [tagKey])).toBe(true);
        expect(genuine(key, [otherTagKey, tagKey])).toBe(true);
        expect(genuine(key, [tagKey, otherTagKey])).toBe(true);
        expect(genuine(key, [otherTagKey])).toBe(false);
        expect(genuine(key, [])).toBe(false);
      }),
    );
  });

  test("a forged key with a right checksum is not genuine", () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 0, max: 62 ** 6 - 1 }), (key, tag) => {
        const body = key.slice(0, -12);
        const tagged = body + encodeBase62(tag, 6);
        const forged = tagged + encodeBase62(crc32(tagged), 6);
        expect(parseKey(forged).ok).toBe(true);
        expect(genuine(forged, [tagKey])).toBe(forged === key);
      }),
    );
  });

  test("a string nobody knows is told malformed, forged or genuine in one pass, with either form of hash (C5)", () => {
    const sha256Text = (data: Uint8Array): string => createHash("sha256").update(data).digest("binary");
    fc.assert(
      fc.property(keys, fc.constantFrom(sha256, sha256Text), (key, hash) => {
        expect(assessKey(key, [otherTagKey, tagKey], hash)).toBe("genuine");
        expect(assessKey(key, [otherTagKey], hash)).toBe("forged");
        expect(assessKey(key, [], hash)).toBe("forged");
        expect(assessKey(`${key.slice(0, -1)}!`, [tagKey], hash)).toBe("malformed");
        expect(keyedTagOf(key.slice(0, -12), tagKey, hash)).toBe(key.slice(-12, -6));
      }),
    );
  });

  test("known vector, computed with 64-bit integers", () => {
    fc.assert(
      fc.property(keys, (key) => {
        const body = key.slice(0, -12);
        const digest = createHash("sha256").update(tagKey).update(body, "ascii").digest();
        expect(keyedTagOf(body, tagKey, sha256)).toBe(encodeBase62(digest.readBigUInt64BE(0) % 62n ** 6n, 6));
      }),
    );
  });
});

describe("previews", () => {
  test("a key of this platform shows prefix, tag and the end of its checksum", () => {
    const key = make();
    expect(previewKey(key)).toBe(`acme_live_…${key.slice(-4)}`);
  });

  test("an imported key shows its last four characters, never more than a quarter and nothing unprintable", () => {
    expect(previewKey("sk-1234567890abcdef")).toBe("…cdef");
    expect(previewKey("12345678")).toBe("…78");
    expect(previewKey("abc")).toBe("…");
    expect(previewKey("")).toBe("…");
    expect(previewKey(`${"x".repeat(20)}a\n\u202e🔑`)).toBe("…????");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
        const shown = previewKey(text).slice(1);
        return shown.length <= text.length / 4 && /^[\x21-\x7e]*$/.test(shown);
      }),
    );
  });
});

describe("rules for scanners (J5)", () => {
  const rules = keyFormatRules(["clv", "acme"], ["live", "test"]);

  test("the published expression finds the platform's keys in any surroundings, and no other platform's", () => {
    const find = new RegExp(rules.regex);
    for (const around of ["KEY=%", '"%"', "_%_", "x%,", "https://host/%?a"]) {
      const key = make(9, "acme", "test");
      expect(find.exec(around.replace("%", key))?.[0]).toBe(key);
    }
    expect(find.test(make(9, "other", "live"))).toBe(false);
    expect(find.test(make(9, "acme", "dev"))).toBe(false);
  });

  test("the checksum rule as published suffices to check a key", () => {
    const key = make(4);
    const covered = key.slice(0, -rules.checksum.length);
    let value = 0;
    for (const digit of key.slice(-rules.checksum.length)) value = value * 62 + rules.checksum.alphabet.indexOf(digit);
    expect(value).toBe(zlibCrc32(covered));
    expect(rules.maxLength).toBe(55);
  });

  test("gitleaks and TruffleHog get the expression and a keyword for each prefix", () => {
    expect(rules.gitleaks).toContain(`regex = '''(${rules.regex})'''`);
    expect(rules.gitleaks).toContain('keywords = ["acme_", "clv_"]');
    expect(rules.trufflehog).toContain(`key: '(${rules.regex})'`);
    expect(rules.trufflehog).toContain('- "acme_"');
  });

  test("without known prefixes the general pattern is published, and unchecked text gets into no rule", () => {
    expect(keyFormatRules([], []).regex).toBe(KEY_PATTERN);
    expect(() => keyFormatRules(["a'''\n"], [])).toThrow(TypeError);
    expect(() => keyFormatRules([], [".*"])).toThrow(TypeError);
  });
});
