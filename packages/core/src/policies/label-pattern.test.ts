import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseLabelPattern } from "./label-pattern.ts";

function matches(pattern: string, label: string): boolean {
  const parsed = parseLabelPattern(pattern);
  if (!parsed.ok) throw new TypeError(`${pattern} ${parsed.fault}`);
  return parsed.pattern.matches(label);
}
const faultOf = (pattern: string): string | null => {
  const parsed = parseLabelPattern(pattern);
  return parsed.ok ? null : parsed.fault;
};

/** Patterns of the language, made of parts. */
const pattern = fc.letrec<{ node: string; atom: string }>((tie) => ({
  atom: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("a", "b", "-", "\\.", ".", "[ab]", "[^a]", "[a-c-]", "\\d", "\\W", "é", "\\\\"),
    tie("node").map((inner) => `(${inner})`),
    tie("node").map((inner) => `(?:${inner})`),
  ),
  node: fc
    .array(
      fc
        .tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "{0}"))
        .map(([atom, times]) => atom + times),
      { maxLength: 4 },
    )
    .map((parts) => parts.join("")),
})).node;
const label = fc.array(fc.constantFrom("a", "b", "c", "-", ".", "1", "é", "\\", "😀"), { maxLength: 8 });

describe("patterns of labels (A9)", () => {
  test("mean what JavaScript's regular expressions mean by the same text, anchored at both ends", () => {
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 3 }), label, (options, characters) => {
        const text = options.join("|");
        fc.pre(text.length > 0 && text.length <= 200 && faultOf(text) === null);
        const word = characters.join("");
        expect(matches(text, word)).toBe(new RegExp(`^(?:${text.replaceAll("é", "\\u00e9")})$`, "su").test(word));
      }),
      { numRuns: 500 },
    );
  });

  test("match the whole label, with or without anchors, by code points", () => {
    expect(matches("[a-z]+-(live|test)", "crm-live")).toBe(true);
    expect(matches("^[a-z]+-(live|test)$", "crm-live")).toBe(true);
    expect(matches("[a-z]+-(live|test)", "crm-live2")).toBe(false);
    expect(matches("[a-z]+-(live|test)", "CRM-live")).toBe(false);
    expect(matches("\\$", "$")).toBe(true);
    expect(matches("a\\\\$", "a\\")).toBe(true);
    expect(matches("a\\\\\\$", "a\\$")).toBe(true);
    expect(matches("..", "😀é")).toBe(true);
  });

  test.each(["(a+)+$", "(a|a)*b", "(a*)*b", "((a{1,10}){1,10})b", "(.*a){12}", "([^-]+)+-"])(
    "%s takes time linear in the label, where back-tracking would not come back",
    (text) => {
      expect(matches(text, `${"a".repeat(500)}!`)).toBe(false);
    },
  );

  test("what does not belong to the language is refused in words", () => {
    expect(faultOf("")).toContain("1-200 characters");
    expect(faultOf("a".repeat(201))).toContain("1-200 characters");
    expect(faultOf("(a")).toContain("without its )");
    expect(faultOf("a)")).toContain("without its (");
    expect(faultOf("[a")).toContain("ends too early");
    expect(faultOf("[]")).toContain("empty class");
    expect(faultOf("[z-a]")).toContain("wrong way round");
    expect(faultOf("(?=a)")).toContain("(?:…) only");
    expect(faultOf("(a)\\1")).toContain("does not know \\1");
    expect(faultOf("\\bword")).toContain("does not know \\b");
    expect(faultOf("a**")).toContain("repeats a repetition");
    expect(faultOf("a+?")).toContain("lazy");
    expect(faultOf("*a")).toContain("nothing to repeat");
    expect(faultOf("a^b")).toContain("whole label");
    expect(faultOf("a{101}")).toContain("at most 100 times");
    expect(faultOf("a{2,1}")).toContain("fewer times");
    expect(faultOf("((a{100}){100}){100}")).toContain("too large");
    expect(faultOf("(a{1,20}){1,20}")).toContain("too large");
    expect(faultOf(`${"(".repeat(21)}a${")".repeat(21)}`)).toContain("at most 20 groups");
    expect(faultOf("a\\")).toContain("ends too early");
  });

  test("any text is understood or refused, never more than that", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(..."ab()[]{}|*+?.\\^$-,01w") }), (text) => {
        const parsed = parseLabelPattern(text);
        expect(parsed.ok ? typeof parsed.pattern.matches("ab-1") : parsed.fault).toMatch(/./);
      }),
    );
  });
});
