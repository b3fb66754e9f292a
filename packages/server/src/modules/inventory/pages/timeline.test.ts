/** A key's history is in one order, with who did what, and first and last uses of each version. */
import { expect, test } from "vitest";
import { MOST_ENTRIES, timelineOf } from "./timeline.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 2, 1, 0, minute));
const actor = { type: "management-key", id: "key_9" };
const act = (minute: number, action: string, change: object = {}) => ({
  ...{ at: at(minute).toISOString(), action, actor },
  ...change,
});

test("acts, uses and expiry are told latest first, each in a sentence", () => {
  const acts = [
    act(0, "key.created"),
    act(5, "key.updated", { before: { label: "a", scopes: [] }, after: { label: "b", scopes: [] } }),
    act(9, "key.revoked", { after: { state: "revoked", reason: "leaked", comment: "seen" } }),
    act(7, "account.suspended", { after: { status: "suspended", reason: "unpaid" } }),
  ];
  const outcomes = [
    { version: 1, code: "VALID", firstAt: at(1), lastAt: at(4), requests: 12 },
    { version: 1, code: "REVOKED", firstAt: at(10), lastAt: at(10), requests: 1 },
  ];
  const entries = timelineOf(acts, outcomes, at(60), at(20));
  expect(entries.map(({ what }) => what)).toEqual([
    ...["expiry", "first-refusal", "key.revoked", "account.suspended"],
    ...["key.updated", "last-use", "first-use", "key.created"],
  ]);
  expect(entries.map(({ why }) => why)).toEqual([
    "It expires on 2026-03-01 01:00 UTC.",
    "Version 1 was refused as REVOKED for the first time.",
    "It was revoked by the management key key_9: leaked (seen).",
    "Its account was suspended by the management key key_9: unpaid.",
    "It was updated by the management key key_9: label.",
    "Version 1 was accepted for the last time, after 12 requests in all.",
    "Version 1 was accepted for the first time.",
    "It was created by the management key key_9.",
  ]);
});

test("a rotation is told by its versions", () => {
  const rotated = { version: 2, oldVersion: 1, oldEndsAt: at(59).toISOString() };
  const acts = [
    act(1, "key.rotated", { after: { ...rotated, kind: "guided" } }),
    act(2, "rotation.seen", { after: { ...rotated, kind: "guided", phase: "seen" } }),
    act(3, "rotation.finished", {
      after: { ...rotated, kind: "guided", phase: "done", oldEndsAt: at(3).toISOString() },
    }),
    act(4, "key.rotated", { after: { ...rotated, version: 3, oldVersion: 2, kind: "emergency" } }),
    act(5, "rotation.cancelled", { after: { ...rotated, version: 4, oldVersion: 3, phase: "cancelled" } }),
    act(6, "rotation.acknowledged", { after: { version: 5, dependant: "CRM", waiting: 0 } }),
  ];
  expect(timelineOf(acts, [], null, at(20)).map(({ version, why }) => `${version}: ${why}`)).toEqual([
    "5: Its rotation was acknowledged by the management key key_9: CRM uses version 5.",
    "4: Its rotation was cancelled by the management key key_9: version 4 gave way.",
    "3: It was rotated by the management key key_9: to version 3, version 2 ended at once.",
    "2: Its rotation was finished by the management key key_9: version 1 ended on 2026-03-01 00:03 UTC.",
    "2: Version 2 was found in use by the management key key_9.",
    "2: It was rotated by the management key key_9: to version 2, version 1 ends on 2026-03-01 00:59 UTC.",
  ]);
});

test("no more than so many entries are told, however many there are", () => {
  const acts = Array.from({ length: 3 * MOST_ENTRIES }, (_, minute) => act(minute, "key.updated"));
  const entries = timelineOf(acts, [], null, at(1));
  expect(entries).toHaveLength(MOST_ENTRIES);
  expect(entries[0]?.at).toBe(at(3 * MOST_ENTRIES - 1).toISOString());
});
