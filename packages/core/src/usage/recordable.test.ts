import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { containsKey, makeKey } from "../index.ts";
import { recordable } from "./recordable.ts";

const sha256 = (data: Uint8Array): Uint8Array => createHash("sha256").update(data).digest();
const keys = fc.uint8Array({ minLength: 400, maxLength: 400 }).map((random) =>
  makeKey({
    prefix: "acme",
    tag: "live",
    tagKey: new Uint8Array(32),
    randomBytes: (n) => random.slice(0, n),
    sha256,
  }),
);

test("ordinary texts stay as they are", () => {
  for (const text of ["acme/1.2 (linux)", "req_01ARZ3NDEKTSV4RRFFQ69G5FAV", "x"])
    expect(recordable(text, 200)).toBe(text);
  expect(recordable("", 200)).toBeNull();
  expect(recordable("a\nb\u0000ü", 200)).toBe("a?b??");
});

test("no key comes through, whole or in its greater part, wherever it stands and however long the text is", () => {
  const filler = fc.integer({ min: 0, max: 1_100 }).map((length) => "x ".repeat(length).slice(0, length));
  fc.assert(
    fc.property(filler, fc.array(keys, { minLength: 1, maxLength: 4 }), filler, (before, held, after) => {
      const shown = recordable(before + held.join(" ") + after, 200) ?? "";
      expect(shown.length).toBeLessThanOrEqual(200);
      expect(containsKey(shown)).toBe(false);
      for (const key of held) expect(shown).not.toContain(key.slice(0, 20));
    }),
  );
});
