import { fakeClock, seededRandom } from "@claviger/testkit";
import { describe, expect, test } from "vitest";
import { createIds, encodeCrockford, ID_TYPES } from "./ids.ts";

describe("ids", () => {
  test("26 characters of Crockford base32 hold the 128 bits, most significant first", () => {
    expect(encodeCrockford(new Uint8Array(16))).toBe("0".repeat(26));
    expect(encodeCrockford(new Uint8Array(16).fill(255))).toBe(`7${"Z".repeat(25)}`);
    expect(encodeCrockford(Uint8Array.from({ length: 16 }, (_, index) => (index === 15 ? 33 : 0)))).toBe(
      `${"0".repeat(24)}11`,
    );
  });

  test("every type makes ids of its own form, and ids of one node sort by creation, also within a millisecond", (context) => {
    const clock = fakeClock();
    const ids = createIds(clock, seededRandom(context));
    for (const type of ID_TYPES) expect(ids.make(type)).toMatch(new RegExp(`^${type}_[0-7][0-9A-HJKMNP-TV-Z]{25}$`));
    const made: string[] = [];
    for (let index = 0; index < 5_000; index += 1) {
      if (index % 100 === 0) clock.advance(1);
      made.push(ids.make("key"));
    }
    expect(made).toEqual([...new Set(made)].sort());
  });

  test("a clock that is set back makes no id twice and keeps the order for a while", (context) => {
    const clock = fakeClock();
    const ids = createIds(clock, seededRandom(context));
    const before = ids.make("key");
    clock.stepWall(-5_000);
    expect(ids.make("key") > before).toBe(true);
  });
});
