import { describe, expect, test } from "vitest";
import type { KeyRecord } from "../verdict/verdict.ts";
import { Profiles } from "./profiles.ts";
import { Subjects } from "./subjects.ts";

const record = (change: Partial<KeyRecord>): KeyRecord => ({
  ...{ keyId: "key_1", account: "acct_1", environment: "live", state: "active", accountState: "active" },
  ...{ expiresAt: null, tier: "read", scopes: ["a:b"], versions: [], metadata: {} },
  ...{ allowedIps: ["10.0.0.0/8"], allowedReferrers: [], audiences: [], subjects: ["key:key_1", "plan:pro"] },
  ...change,
});

describe("what records share", () => {
  test.each([true, false])("is one object for equal records, and gone with the last of them (dropped: %s)", (drop) => {
    const subjects = new Subjects();
    const profiles = new Profiles<object>(subjects);
    const shared = {};
    const held = [];
    for (const keyId of ["key_1", "key_2", "key_3"]) {
      const own = record({ keyId, subjects: [`key:${keyId}`, "plan:pro"] });
      held.push(profiles.refer(own, null), profiles.refer(own, shared), profiles.refer({ ...own, scopes: [] }, null));
    }
    expect(new Set(held).size).toBe(3);
    const dropped = drop ? ["plan:pro"] : ["plan:free"];
    subjects.drop(dropped, { dropKey: () => undefined, dropAccount: () => undefined });
    for (const { group } of held) expect(group.dropped).toBe(drop);
    const late = profiles.refer(record({}), null);
    expect(late.group.dropped).toBe(false);
    expect(held.includes(late)).toBe(!drop);
    for (const profile of [...held, late]) profiles.release(profile);
    expect(profiles.size).toBe(0);
    expect(subjects.size).toBe(0);
    expect(() => profiles.at(late.number)).toThrow(TypeError);
  });
});
