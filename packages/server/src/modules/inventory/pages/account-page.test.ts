/** Whether an account is in use and works, in a sentence, from every constellation of counts. */
import { expect, test } from "vitest";
import { daysOf, useWords } from "./account-page.ts";

const NOW = new Date("2026-03-10T12:00:00Z");
const COUNTS = {
  ...{ total: 5, active: 1, expiring: 1, suspended: 1, expired: 1, used: 1, lately: 2, neverUsed: 1, presented: 3 },
};
const latest = { key: "key_1", version: 1, at: new Date("2026-03-10T11:00:00Z") };
const NONE = { keys: 0, more: false };
const ONE = { keys: 1, more: false };

const CASES = [
  ["no key", { ...COUNTS, total: 0 }, null, NONE, "It never had a key."],
  ["never accepted", COUNTS, null, NONE, "None of its keys was ever accepted."],
  ["only refused", COUNTS, null, ONE, "Its keys are presented, and none was ever accepted."],
  [
    ...(["in use", COUNTS, latest, NONE] as const),
    "A key of it was accepted last on 2026-03-10 11:00 UTC, 1 hour ago: key_1. Of 3 keys neither revoked nor expired, 1 was used within 24 hours and 2 within 30 days; none fails.",
  ],
  [
    ...(["in use, and some fail", { ...COUNTS, used: 2 }, latest, { keys: 2, more: false }] as const),
    "A key of it was accepted last on 2026-03-10 11:00 UTC, 1 hour ago: key_1. Of 3 keys neither revoked nor expired, 2 were used within 24 hours and 2 within 30 days; 2 keys fail: refused within 24 hours, and not accepted since.",
  ],
  [
    ...([
      "only dead ones",
      { ...COUNTS, active: 0, expiring: 0, suspended: 0, used: 0 },
      latest,
      { keys: 1_000, more: true },
    ] as const),
    "A key of it was accepted last on 2026-03-10 11:00 UTC, 1 hour ago: key_1. All its keys are revoked or expired; at least 1,000 keys fail: refused within 24 hours, and not accepted since.",
  ],
] as const;
test.each(CASES)("%s", (_, counts, last, fails, words) => {
  expect(useWords(counts, last, fails, NOW)).toBe(words);
});

test.each([
  [0, 30],
  [2_000, 30],
  [2_001, 7],
  [8_571, 7],
  [8_572, 1],
  [1_000_000, 1],
])("where %i keys were presented, what is busiest is added up over %i days", (presented, days) => {
  expect(daysOf(presented)).toBe(days);
});
