import { describe, expect, test } from "vitest";
import { readCursor, writeCursor } from "./cursor.ts";
import { pageOf } from "./page.ts";

describe("cursors (J1)", () => {
  test("what was written is read back", () => {
    const text = writeCursor({ sort: "-createdAt", values: ["2026-01-01T00:00:00.000Z", "key_1"] });
    expect(readCursor(text, "-createdAt", ["string", "string"])).toEqual(["2026-01-01T00:00:00.000Z", "key_1"]);
    expect(readCursor(writeCursor({ sort: "x", values: [null, "a"] }), "x", ["string?", "string"])).toEqual([
      null,
      "a",
    ]);
  });

  test("the longest that there can be is no longer than the contract takes", () => {
    // Of no character does a text of so many need more bytes.
    const values = ["a".repeat(63), "\u7530".repeat(512), "OPTIONS"];
    const text = writeCursor({ sort: "endpoint", values });
    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(readCursor(text, "endpoint", ["string", "string", "string"])).toEqual(values);
  });

  test.each([
    ["no base64 of JSON", "!!!!"],
    ["a cursor of another sort", writeCursor({ sort: "label", values: ["a", "key_1"] })],
    ["too few values", writeCursor({ sort: "-createdAt", values: ["a"] })],
    ["a value of another kind", writeCursor({ sort: "-createdAt", values: [1, "key_1"] })],
    ["a value longer than any", writeCursor({ sort: "-createdAt", values: ["a".repeat(513), "key_1"] })],
    ["a value that is no text", writeCursor({ sort: "-createdAt", values: ["\ud800", "key_1"] })],
    ["a value with NUL", writeCursor({ sort: "-createdAt", values: ["a\u0000", "key_1"] })],
  ])("%s is refused as INVALID_CURSOR", (_, text) => {
    expect(() => readCursor(text, "-createdAt", ["string", "string"])).toThrow(
      expect.objectContaining({ code: "INVALID_CURSOR" }),
    );
  });

  test("walking the pages meets every row once, whatever the page size", async () => {
    const rows = Array.from({ length: 23 }, (_, index) => ({ id: `id-${String(index).padStart(2, "0")}` }));
    const order = { sort: "id", kinds: ["string"], valuesOf: (row: { id: string }) => [row.id] } as const;
    for (const limit of [1, 5, 22, 23, 24]) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await pageOf({ limit, cursor }, order, async (after, count) =>
          rows.filter((row) => after === null || row.id > String(after[0])).slice(0, count),
        );
        seen.push(...page.data.map((row) => row.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(rows.map((row) => row.id));
    }
  });
});
