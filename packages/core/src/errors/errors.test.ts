import { describe, expect, test } from "vitest";
import { REFUSAL_CODES, refusal, refusalHttp } from "../verdict/index.ts";
import { ClavigerError, ERRORS, type ErrorCode, PROBLEMS, REFUSALS, refusalError } from "./index.ts";

describe("the catalogue (C3)", () => {
  test("every refusal has texts and a status, and every code is documented exactly once", () => {
    expect(Object.keys(REFUSALS).sort()).toEqual([...REFUSAL_CODES].sort());
    expect(Object.keys(refusalHttp).sort()).toEqual([...REFUSAL_CODES].sort());
    expect(new Set(Object.keys(ERRORS))).toEqual(new Set([...REFUSAL_CODES, ...Object.keys(PROBLEMS)]));
    for (const [code, entry] of [...Object.entries(ERRORS), ...Object.entries(REFUSALS)]) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(entry.title).toMatch(/^[A-Z].*[^.]$/);
      expect(entry.detail).toMatch(/^[A-Z].*\.$/);
      expect(entry.action).toMatch(/^[A-Z].*\.$/);
      expect(entry.status).toBeGreaterThanOrEqual(400);
    }
  });

  test("refusals map to 401 with invalid_token, 403, 429 and 503", () => {
    for (const code of REFUSAL_CODES) {
      const { status, wwwAuthenticateError } = refusalHttp[code];
      expect(REFUSALS[code].status).toBe(status);
      expect(wwwAuthenticateError === "invalid_token").toBe(status === 401);
      expect(wwwAuthenticateError === "insufficient_scope").toBe(code === "INSUFFICIENT_SCOPE");
    }
  });

  test("a code that is both a problem and a refusal has the problem's status as an error", () => {
    expect(ERRORS.NOT_FOUND.status).toBe(404);
    expect(REFUSALS.NOT_FOUND.status).toBe(401);
  });

  test("a string that is no genuine key learns nothing of why", () => {
    const [malformed, unknown] = [refusalError("MALFORMED"), refusalError("NOT_FOUND")];
    expect(JSON.stringify(malformed)).toBe(JSON.stringify(unknown));
    expect(malformed.code).toBe("INVALID_TOKEN");
    expect(malformed.message).toBe(unknown.message);
    expect(malformed.internal).toEqual({ refused: "MALFORMED" });
    for (const code of REFUSAL_CODES) expect(refusalError(code).status).toBe(refusalHttp[code].status);
  });

  test("the refusals of no key in particular are shared and cannot be changed", () => {
    expect(refusal("NOT_FOUND")).toBe(refusal("NOT_FOUND"));
    expect(refusal("NOT_FOUND")).toEqual({ valid: false, code: "NOT_FOUND", record: null });
    for (const code of REFUSAL_CODES) expect(Object.isFrozen(refusal(code))).toBe(true);
    for (const table of [ERRORS, PROBLEMS, REFUSALS, refusalHttp]) expect(Object.isFrozen(table)).toBe(true);
  });
});

describe("ClavigerError", () => {
  test("carries code, status and the public sentence", () => {
    const error = new ClavigerError("CONFLICT");
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: "ClavigerError",
      code: "CONFLICT",
      status: 409,
      message: PROBLEMS.CONFLICT.detail,
    });
    expect(error.toJSON()).toEqual({
      title: "Conflict",
      status: 409,
      detail: PROBLEMS.CONFLICT.detail,
      code: "CONFLICT",
    });
  });

  test("what is internal, the cause and the stack are in neither message nor JSON", () => {
    const error = new ClavigerError("INTERNAL", { internal: { sql: "canary-1" }, cause: new TypeError("canary-2") });
    expect(`${error.message} ${JSON.stringify(error)} ${String(error)}`).not.toMatch(/canary|cause|stack/);
    expect(error.internal).toEqual({ sql: "canary-1" });
  });

  test("extra members are added and cannot replace the standard ones", () => {
    const error = new ClavigerError("VALIDATION_FAILED", {
      publicDetail: "Two fields are wrong.",
      errors: [{ path: "label", message: "is missing" }],
      extra: { seq: 7, status: 200, code: "VALID" },
    });
    expect(error.toJSON()).toEqual({
      title: "Validation failed",
      status: 400,
      detail: "Two fields are wrong.",
      code: "VALIDATION_FAILED",
      errors: [{ path: "label", message: "is missing" }],
      seq: 7,
    });
  });

  test("every code makes an error", () => {
    for (const code of Object.keys(ERRORS) as ErrorCode[])
      expect(new ClavigerError(code).status).toBe(ERRORS[code].status);
  });
});
