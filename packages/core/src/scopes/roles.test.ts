import { describe, expect, test } from "vitest";
import { compileCatalogue, DEFAULT_ROLE_RULES, roleMayGrant } from "./index.ts";

const catalogue = compileCatalogue({
  scopes: [
    { name: "contacts:read", tier: "read", sensitive: false },
    { name: "contacts:write", tier: "write", sensitive: false },
    { name: "contacts:export", tier: "read", sensitive: true },
    { name: "users:read", tier: "read", sensitive: false },
    { name: "users:manage", tier: "admin", sensitive: false },
  ],
});

describe("what a role may grant (B5)", () => {
  test("owner and admin may grant anything", () => {
    for (const role of ["owner", "admin"] as const) {
      expect(roleMayGrant(role, { tier: "admin", scopes: ["contacts:export", "users:*"] }, catalogue).ok).toBe(true);
    }
  });

  test("a developer may grant read and write, nothing of tier admin and nothing sensitive", () => {
    const may = (tier: "read" | "write" | "admin" | null, ...scopes: string[]) =>
      roleMayGrant("developer", { tier, scopes }, catalogue);
    expect(may("write", "contacts:*")).toEqual({ ok: true });
    expect(may(null, "contacts:read", "contacts:write")).toEqual({ ok: true });
    expect(may("admin")).toEqual({ ok: false, excess: ["admin"] });
    expect(may("read", "contacts:export")).toEqual({ ok: false, excess: ["contacts:export"] });
    expect(may(null, "users:*")).toEqual({ ok: false, excess: ["users:manage"] });
    expect(may(null, "gone:read", "gone:*")).toEqual({ ok: false, excess: ["gone:read", "gone:*"] });
  });

  test("a viewer may grant nothing, not even an empty grant", () => {
    expect(roleMayGrant("viewer", { tier: null, scopes: [] }, catalogue)).toEqual({ ok: false, excess: [] });
    expect(roleMayGrant("viewer", { tier: "read", scopes: ["contacts:read"] }, catalogue)).toEqual({
      ok: false,
      excess: ["read", "contacts:read"],
    });
  });

  test("a platform may configure its roles", () => {
    const rules = { ...DEFAULT_ROLE_RULES, developer: { tier: "read", sensitive: true } } as const;
    expect(roleMayGrant("developer", { tier: "read", scopes: ["contacts:export"] }, catalogue, rules).ok).toBe(true);
    expect(roleMayGrant("developer", { tier: "write", scopes: [] }, catalogue, rules).ok).toBe(false);
  });
});
