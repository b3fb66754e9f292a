import { OPERATIONS, pick } from "@claviger/contract";
import { describe, expect, test } from "vitest";
import { flagsOf } from "./flag.ts";
import { flagValue } from "./flag-value.ts";

const flagOf = (id: string, field: string) => {
  const flag = flagsOf(pick(OPERATIONS, id)).find((candidate) => candidate.field === field);
  if (flag === undefined) throw new TypeError(`${id} has no field ${field}`);
  return flag;
};

describe("flags from the contract (J5)", () => {
  test.each(OPERATIONS.map((operation) => ({ id: operation.id, operation })))(
    "$id: every field of body and query has a flag of its own, none of them one of ours",
    ({ operation }) => {
      const flags = flagsOf(operation);
      const names = flags.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      for (const ours of ["--all", "--data", "--help", "--json", "--url", "--yes"]) expect(names).not.toContain(ours);
      const query = Object.keys(operation.query?.shape ?? {});
      expect(flags.filter(({ place }) => place === "query").map(({ field }) => field)).toEqual(query);
      for (const { name, kind } of flags) {
        expect(name).toMatch(/^--[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(kind).toBeTypeOf("string");
      }
    },
  );

  test("kinds, choices, defaults and what is required follow the schema", () => {
    expect(flagOf("keys.create", "label")).toMatchObject({ name: "--label", kind: "text", required: true });
    expect(flagOf("keys.create", "expiresInDays")).toMatchObject({ name: "--expires-in-days", kind: "integer" });
    expect(flagOf("keys.create", "scopes")).toMatchObject({ kind: "list", required: false });
    expect(flagOf("keys.create", "limits")).toMatchObject({ kind: "entries" });
    expect(flagOf("keys.create", "dependants")).toMatchObject({ kind: "list" });
    expect(flagOf("keys.create", "metadata")).toMatchObject({ kind: "pairs" });
    expect(flagOf("keys.revoke", "reason").choices).toContain("leaked");
    expect(flagOf("scopes.put", "sensitive")).toMatchObject({ kind: "boolean", fallback: "false" });
    expect(flagOf("verification.verify", "scopes")).toMatchObject({ kind: "list" });
  });

  test("only a change can take a field away", () => {
    expect(flagOf("keys.update", "owner").clearable).toBe(true);
    expect(flagOf("keys.create", "owner").clearable).toBe(false);
    expect(flagOf("keys.update", "tags").clearable).toBe(false);
  });
});

describe("what is typed becomes what is sent", () => {
  test.each([
    ["keys.create", "label", ["a", "b"], "b"],
    ["keys.create", "expiresInDays", ["90"], 90],
    ["keys.create", "scopes", ["a:read, b:read", "c:read"], ["a:read", "b:read", "c:read"]],
    ["keys.create", "tags", ['["x, y","z"]'], ["x, y", "z"]],
    ["keys.create", "tags", [""], []],
    [
      "keys.create",
      "dependants",
      ["billing", '{"name":"cron","contact":"ops"}'],
      ["billing", { name: "cron", contact: "ops" }],
    ],
    ["keys.create", "limits", ["burst=50/second"], [{ name: "burst", amount: 50, per: "second" }]],
    [
      "keys.create",
      "limits",
      ['[{"name":"q","amount":1,"per":"day"}]', "r=2/hour"],
      [
        { name: "q", amount: 1, per: "day" },
        { name: "r", amount: 2, per: "hour" },
      ],
    ],
    ["scopes.put", "routes", ["get /v1/invoices/{id}"], [{ method: "GET", path: "/v1/invoices/{id}" }]],
    ["keys.create", "metadata", ["region=eu", '{"seats":3}', "note=a=b"], { region: "eu", seats: 3, note: "a=b" }],
    ["verification.verify", "scopes", ["a:read,b:read"], ["a:read", "b:read"]],
    ["verification.verify", "scopes", ['{"any":["a:read","b:read"]}'], { any: ["a:read", "b:read"] }],
  ])("%s --%s %j", (id, field, typed, sent) => {
    expect(flagValue(flagOf(id, field), typed)).toEqual(sent);
  });

  test("a switch is true or false, and `--no-` of a field that can be empty is null", () => {
    expect(flagValue(flagOf("scopes.put", "sensitive"), true)).toBe(true);
    expect(flagValue(flagOf("scopes.put", "sensitive"), false)).toBe(false);
    expect(flagValue(flagOf("keys.update", "owner"), false)).toBeNull();
    expect(flagValue(flagOf("keys.update", "owner"), undefined)).toBeUndefined();
  });
});
