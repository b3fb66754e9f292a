import { expect, test } from "vitest";
import { type ImpactFacts, suggestionOf } from "./impact-words.ts";

const QUIET: ImpactFacts = {
  ...{ status: "active", window: "24h", accepted: 0, refused: 0, lastUsedAt: null, endpoints: [] },
  ...{ networks: [], countries: [], agents: [], services: [], browser: false },
  key: { dependants: [], criticality: null, runbookUrl: null, ownerMember: null, ownerTeam: null, throttle: null },
  limited: 0,
};
const THROTTLE = {
  amount: 5,
  per: "minute",
  reason: "loops",
  since: new Date("2027-03-01T00:00:00Z"),
  until: new Date("2027-03-02T00:00:00Z"),
} as const;
const USED = { lastUsedAt: new Date("2027-03-01T00:00:00Z") };
const COUNTED_ON = { key: { ...QUIET.key, dependants: ["Reports"] } };

test.each([
  ["a quiet key that was never used", {}, "revoke"],
  ["a quiet key that was used", USED, "suspend"],
  ["a quiet key that somebody counts on", COUNTED_ON, "suspend"],
  ["a critical quiet key", { key: { ...QUIET.key, criticality: "critical" } }, "suspend"],
  ["a key in use", { ...USED, accepted: 1 }, "ask-first"],
  ["a key in use that came beyond its limits", { ...USED, accepted: 9, limited: 3 }, "throttle"],
  [
    "a throttled key in use",
    { ...USED, accepted: 9, limited: 3, key: { ...QUIET.key, throttle: THROTTLE } },
    "ask-first",
  ],
  ["a quiet key that came beyond its limits", { ...USED, limited: 3 }, "suspend"],
  ["a suspended key that nobody presents", { ...USED, status: "suspended" }, "revoke"],
  ["a suspended key that was accepted before", { ...USED, status: "suspended", accepted: 9 }, "revoke"],
  ["a suspended key that is presented still", { ...USED, status: "suspended", refused: 1 }, "ask-first"],
  ["a suspended key that somebody counts on", { ...COUNTED_ON, status: "suspended" }, "ask-first"],
  ["an expired key", { ...USED, status: "expired", refused: 3 }, "none"],
  ["a revoked key", { status: "revoked" }, "none"],
] as const)("what is suggested of %s fits what it is", (_, facts, act) => {
  const suggestion = suggestionOf({ ...QUIET, ...facts });
  expect(suggestion.act).toBe(act);
  if ("status" in facts) expect(suggestion.why).toContain(`${facts.status} already`);
});
