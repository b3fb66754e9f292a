import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idOfWords, packId } from "./id-words.ts";

describe("ids as words", () => {
  const words = fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()).map((four) => four.map((word) => (word * 2) | 0));

  test("every id has its own four words, and they give back its text", () => {
    fc.assert(
      fc.property(fc.tuple(words, fc.nat({ max: 127 })), ([four, bit]) => {
        const [a = 0, b = 0, c = 0, d = 0] = four.map((word, i) => (i === bit >> 5 ? word ^ (1 << (bit & 31)) : word));
        const text = idOfWords("key_", a, b, c, d);
        expect(text).toMatch(/^key_[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
        const out = new Int32Array(6).fill(9);
        expect(packId("key_", text, out, 1)).toBe(true);
        expect([...out]).toEqual([9, a, b, c, d, 9]);
      }),
    );
  });

  test("another spelling, type or length is no id", () => {
    const id = "key_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    const out = new Int32Array(4);
    expect(packId("key_", id, out, 0)).toBe(true);
    const wrong = [id.toLowerCase(), id.replace("0", "O"), id.replace("0", "8"), `${id}0`, id.slice(0, -1), "", "key_"];
    for (const text of [...wrong, id.replace("key", "acc"), id.replace("Z", "\u017d")]) {
      expect(packId("key_", text, out, 0), text).toBe(false);
    }
  });
});
