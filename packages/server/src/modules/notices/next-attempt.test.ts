/** Attempts over two days: ever later, never all at one moment, and one at the very end. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { GIVE_UP_MS, nextAttempt } from "./next-attempt.ts";

const chance = fc.double({ min: 0, max: 1, noNaN: true });

test("whatever the jitter, what is never accepted is tried at the end of two days, and then no more", () => {
  fc.assert(
    fc.property(fc.array(chance, { minLength: 60, maxLength: 60 }), (chances) => {
      let now = 0;
      let tries = 1;
      for (const share of chances) {
        const next = nextAttempt({ tries, madeAt: 0, now, chance: share });
        if (next === null) break;
        expect(next).toBeGreaterThan(now);
        // The last one may come early, at the end.
        if (next < GIVE_UP_MS) expect(next - now).toBeGreaterThanOrEqual(3_999);
        expect(next - now).toBeLessThanOrEqual(12_960_000);
        now = next;
        tries += 1;
      }
      expect(now).toBe(GIVE_UP_MS);
      expect(tries).toBeGreaterThan(15);
      expect(tries).toBeLessThan(35);
    }),
  );
});

test("the first attempts come after about 5 s, 30 s, 2 min, 10 min and 30 min", () => {
  const waits = [1, 2, 3, 4, 5].map((tries) => nextAttempt({ tries, madeAt: 0, now: 0, chance: 0.5 }));
  expect(waits).toEqual([5_000, 30_000, 120_000, 600_000, 1_800_000]);
});

test("where nobody could try for two days, it is tried some times before it is given up", () => {
  const after = 3 * GIVE_UP_MS;
  const waits = [1, 4, 7, 8].map((tries) => nextAttempt({ tries, madeAt: 0, now: after, chance: 0.5 }));
  expect(waits).toEqual([after + 5_000, after + 600_000, after + 7_200_000, null]);
});
