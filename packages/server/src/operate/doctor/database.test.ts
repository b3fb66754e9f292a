import { testDatabase } from "@claviger/testkit";
import { describe, expect, onTestFinished, test } from "vitest";
import { readClock, readDisabledTriggers, readRecords, readRoles, readRowSecurity, withClient } from "../queries.ts";
import { judgeClock, judgeRoles, judgeRowSecurity, judgeTriggers } from "./database.ts";

async function fresh() {
  const place = await testDatabase();
  onTestFinished(() => place.drop());
  const asOwner = (text: string) =>
    withClient(place.owner, (client) => client.query(`SET search_path = claviger; ${text}`));
  return { ...place, asOwner };
}

const ROLES = { app: "a", platform: "p", lookup: "l" };
const role = (name: string, more = {}) => ({ name, superuser: false, bypassesRls: false, usable: true, ...more });

describe("what doctor says of the database", () => {
  test("of an untouched one: nothing is wrong", async () => {
    const { owner, node, roles } = await fresh();
    const records = await withClient(owner, readRecords);
    expect(records?.roles).toEqual(roles);
    expect(judgeRoles(await withClient(node, (client) => readRoles(client, roles)), roles)).toMatchObject({
      status: "ok",
    });
    expect(judgeRowSecurity(await withClient(owner, readRowSecurity))).toMatchObject({ status: "ok" });
    expect(judgeTriggers(await withClient(owner, readDisabledTriggers))).toMatchObject({ status: "ok" });
  });

  test.each(["api_key", "account", "audit_event"])(
    "%s without forced row-level security is named, and fails",
    async (table) => {
      const { owner, asOwner } = await fresh();
      await asOwner(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY`);
      const check = judgeRowSecurity(await withClient(owner, readRowSecurity));
      expect(check).toMatchObject({ status: "fail", detail: `not forced, or without policy, on ${table}` });
    },
  );

  test("a table of accounts that somebody added without policies is named too", async () => {
    const { owner, asOwner } = await fresh();
    await asOwner("CREATE TABLE stray (account_id text)");
    expect(judgeRowSecurity(await withClient(owner, readRowSecurity)).detail).toContain("stray");
    await asOwner("ALTER TABLE stray ENABLE ROW LEVEL SECURITY; ALTER TABLE stray FORCE ROW LEVEL SECURITY");
    expect(judgeRowSecurity(await withClient(owner, readRowSecurity)).detail).toContain("stray");
  });

  test("a trigger that is switched off is named, and fails", async () => {
    const { owner, asOwner } = await fresh();
    await asOwner("ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only");
    const check = judgeTriggers(await withClient(owner, readDisabledTriggers));
    expect(check).toMatchObject({ status: "fail", detail: "switched off: audit_event_append_only on audit_event" });
  });

  test("a database without Claviger has no records", async () => {
    const { owner, asOwner } = await fresh();
    await asOwner("DROP TABLE role_name");
    expect(await withClient(owner, readRecords)).toBeNull();
  });

  test.each([
    ["a superuser fails", [role("node", { superuser: true }), role("a"), role("l"), role("p")], "fail"],
    ["BYPASSRLS fails, of any role", [role("node"), role("a", { bypassesRls: true }), role("l"), role("p")], "fail"],
    ["a missing role fails", [role("node"), role("a"), role("p")], "fail"],
    [
      "a role that cannot be taken on fails",
      [role("node"), role("a", { usable: false }), role("l"), role("p")],
      "fail",
    ],
    ["four roles are fine", [role("node"), role("a"), role("l"), role("p")], "ok"],
  ])("%s", (_, found, status) => {
    expect(judgeRoles(found, ROLES)).toMatchObject({ status });
  });

  test("one role that does everything is a warning", () => {
    expect(judgeRoles([role("a")], { app: "a", platform: "a", lookup: "a" })).toMatchObject({ status: "warn" });
  });

  test("clocks may be a second apart, and no more", async () => {
    expect(judgeClock(1_000_000, 1_001_000)).toMatchObject({ status: "ok" });
    expect(judgeClock(1_001_001, 1_000_000)).toMatchObject({
      status: "warn",
      detail: expect.stringContaining("1001 ms"),
    });
    const { node } = await fresh();
    expect(judgeClock(await withClient(node, readClock), Date.now())).toMatchObject({ status: "ok" });
  });
});
