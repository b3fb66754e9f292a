import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRecentInvalidations } from "./index.ts";

describe("what was invalidated lately", () => {
  test("knows nothing at all before it is told from where on it knows", () => {
    const recent = createRecentInvalidations(10);
    recent.note(5, ["key:a"]);
    expect(recent.touchedSince(1_000, ["key:b"])).toBe("unknown");
  });

  test("a subject is touched after every number below that of its change, and not after its own", () => {
    const recent = createRecentInvalidations(10);
    recent.reset(3);
    recent.note(5, ["key:a", "account:x"]);
    expect(recent.touchedSince(2, ["key:a"])).toBe("unknown");
    expect(recent.touchedSince(3, ["key:a"])).toBe("touched");
    expect(recent.touchedSince(4, ["key:b", "account:x"])).toBe("touched");
    expect(recent.touchedSince(5, ["key:a"])).toBe("untouched");
    expect(recent.touchedSince(4, ["key:b"])).toBe("untouched");
  });

  test("what it had to forget raises the floor: it says unknown, never untouched", () => {
    const recent = createRecentInvalidations(2);
    recent.reset(0);
    recent.note(1, ["key:a"]);
    recent.note(2, ["key:b"]);
    recent.note(3, ["key:c"]);
    expect(recent.size).toBe(2);
    expect(recent.touchedSince(0, ["key:a"])).toBe("unknown");
    expect(recent.touchedSince(1, ["key:a"])).toBe("untouched");
    expect(recent.touchedSince(1, ["key:b"])).toBe("touched");
  });

  test("a reset to null refuses every record; one to a number begins there", () => {
    const recent = createRecentInvalidations(2);
    recent.reset(0);
    recent.note(1, ["key:a"]);
    recent.reset(null);
    expect(recent.touchedSince(9, ["key:z"])).toBe("unknown");
    recent.reset(4);
    expect(recent.touchedSince(3, ["key:a"])).toBe("unknown");
    expect(recent.touchedSince(4, ["key:a"])).toBe("untouched");
  });

  test("tells what was touched after a number, each subject once, or that it does not know", () => {
    const recent = createRecentInvalidations(3);
    expect(recent.subjectsAfter(0, 10)).toBeNull();
    recent.reset(2);
    recent.note(3, ["key:a", "key:b"]);
    recent.note(4, ["key:a"]);
    expect(recent.subjectsAfter(2, 10)).toEqual(["key:b", "key:a"]);
    expect(recent.subjectsAfter(3, 10)).toEqual(["key:a"]);
    expect(recent.subjectsAfter(4, 10)).toEqual([]);
    expect(recent.subjectsAfter(1, 10)).toBeNull();
    expect(recent.subjectsAfter(2, 1)).toBeNull();
    recent.note(5, ["key:c", "key:d"]);
    expect(recent.subjectsAfter(2, 10)).toBeNull();
    expect(recent.subjectsAfter(3, 10)).toEqual(["key:a", "key:c", "key:d"]);
  });

  test.each([0, -1, 1.5, Number.NaN])("a capacity of %d is a mistake of the programmer", (capacity) => {
    expect(() => createRecentInvalidations(capacity)).toThrow(TypeError);
  });
});

test("against a list that forgets nothing: untouched is said only where it is true, in bounded memory, in any order", () => {
  const subject = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const change = fc.record({ early: fc.nat(3), subjects: fc.uniqueArray(subject, { minLength: 1, maxLength: 3 }) });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(change, { maxLength: 30 }),
      fc.nat(30),
      fc.uniqueArray(subject, { minLength: 1 }),
      (capacity, changes, asOf, asked) => {
        const recent = createRecentInvalidations(capacity);
        recent.reset(0);
        const numbered = changes.map(({ subjects }, index) => ({ seq: index + 1, subjects }));
        const noted: typeof numbered = [];
        const note = (change: (typeof numbered)[number] | undefined): void => {
          if (change === undefined) return;
          recent.note(change.seq, change.subjects);
          noted.push(change);
          expect(recent.size).toBeLessThanOrEqual(capacity);
          const truth = noted.some(({ seq, subjects }) => seq > asOf && subjects.some((each) => asked.includes(each)));
          const answer = recent.touchedSince(asOf, asked);
          if (answer !== "unknown") expect(answer).toBe(truth ? "touched" : "untouched");
          if (noted.every(({ seq }) => seq <= asOf)) expect(answer).toBe("untouched");
        };
        // A node hears of its own commits early, and then again in their turn.
        for (const [index, change] of numbered.entries()) {
          note(numbered[index + (changes[index]?.early ?? 0)]);
          note(change);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
