import { describe, expect, test } from "vitest";
import { KEY_ID } from "./record-layout.ts";
import { RecordSegments } from "./record-segments.ts";

const never = (): void => expect.unreachable("nothing moves");

describe("records in segments", () => {
  test("hashes that all fall on one place are found, and are refused when their segment can not grow", () => {
    const records = new RecordSegments(1_000_000, 1, () => undefined);
    const hashOf = (n: number): string => `1234${String(n).padStart(12, "x")}`;
    let held = 0;
    while (records.add(hashOf(held)) !== -1) held++;
    expect(held).toBe(Math.floor(4096 * 0.8));
    const found = new Set(Array.from({ length: held }, (_, n) => records.find(hashOf(n))));
    expect(found.size).toBe(held);
    expect(found.has(-1)).toBe(false);
    expect(records.find(hashOf(held))).toBe(-1);
    expect(records.inSegment(records.find(hashOf(0)) >>> 12)).toHaveLength(held);
    expect(found.has(records.neighbour(hashOf(held), 0))).toBe(true);
    records.free(records.neighbour(hashOf(held), records.find(hashOf(7))));
    expect(records.find(hashOf(7))).toBe(-1);
    expect(records.add(hashOf(held))).not.toBe(-1);
  });

  test("coming and going in one place for ever takes no more room", () => {
    const records = new RecordSegments(100, 1, never);
    const before = records.bytes;
    for (let n = 0; n < 100; n++) records.free(records.add(String(n).padEnd(16, "x")));
    expect(records.bytes).toBe(before);
    const moving = new RecordSegments(1000, 1, () => undefined);
    for (let n = 0; n < 20_000; n++) {
      moving.add(String(n).padStart(8, "0").padEnd(16, "x"));
      if (n >= 50)
        moving.free(
          moving.find(
            String(n - 50)
              .padStart(8, "0")
              .padEnd(16, "x"),
          ),
        );
    }
    expect(moving.used).toBe(50);
    expect(moving.bytes).toBeLessThan(20_000);
  });

  test("what was freed is wiped", () => {
    const records = new RecordSegments(100, 1, never);
    const record = records.add("s".repeat(16));
    const { words } = records.segmentOf(record);
    words.set([1, 2, 3, 4], records.startOf(record) + KEY_ID);
    records.free(record);
    expect(words.every((word) => word === 0)).toBe(true);
  });
});
