import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { containsKey, makeKey, previewKey, withoutKeys } from "./index.ts";

const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
const tagKey = new Uint8Array(32).fill(7);
const alnum = (min: number, max: number) => fc.stringMatching(new RegExp(`^[a-z0-9]{${min},${max}}$`));
const keys = fc
  .record({ prefix: alnum(2, 12), tag: alnum(2, 4), random: fc.uint8Array({ minLength: 400, maxLength: 400 }) })
  .map(({ prefix, tag, random }) => makeKey({ prefix, tag, tagKey, randomBytes: (n) => random.slice(0, n), sha256 }));
const around = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom("x", "_", "a_bc_", "0".repeat(40), "Bearer ", "/"),
);

test("a key is found wherever it stands, whatever stands around it, and shown as lists show it", () => {
  fc.assert(
    fc.property(around, keys, around, (before, key, after) => {
      const text = before + key + after;
      expect(containsKey(text)).toBe(true);
      expect(withoutKeys(text)).not.toContain(key);
      expect(withoutKeys(` ${key} `)).toBe(` ${previewKey(key)} `);
    }),
  );
});

test("every one of several keys is found, also where nothing stands between them", () => {
  fc.assert(
    fc.property(fc.array(keys, { minLength: 2, maxLength: 4 }), fc.constantFrom("", " ", "_"), (several, between) => {
      const cleaned = withoutKeys(several.join(between));
      expect(containsKey(cleaned)).toBe(false);
      for (const key of several) expect(cleaned).not.toContain(key);
    }),
  );
});

test("text without a key is left as it is, and so is what only looks like one", () => {
  fc.assert(fc.property(fc.string(), (text) => withoutKeys(text) === text && !containsKey(text)));
  const [key] = fc.sample(keys, 1);
  const wrong = `${key?.slice(0, -1)}${key?.endsWith("0") ? "1" : "0"}`;
  expect(containsKey(wrong)).toBe(false);
  expect(withoutKeys("a_b_c acme_live_…a1b2")).toBe("a_b_c acme_live_…a1b2");
});

test("a long text of what looks like the beginnings of keys is read in one pass", () => {
  const text = "a_bc_".repeat(200_000);
  expect(containsKey(text)).toBe(false);
});
