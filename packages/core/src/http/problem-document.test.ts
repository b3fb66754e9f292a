import { expect, test } from "vitest";
import { ClavigerError, refusalError } from "../errors/claviger-error.ts";
import { problemHeaders, problemType } from "./problem-document.ts";

test("a refused key is told so by RFC 6750, in words that are the same for every string that is no key", () => {
  const [malformed, unknown] = [refusalError("MALFORMED"), refusalError("NOT_FOUND")].map((error) =>
    problemHeaders(error, "contacts"),
  );
  expect(malformed).toEqual(unknown);
  expect(malformed?.["WWW-Authenticate"]).toMatch(
    /^Bearer realm="contacts", error="invalid_token", error_description="/,
  );
});

test("nothing presented gets a challenge without an error, a lack of scope names what is lacking", () => {
  expect(problemHeaders(new ClavigerError("UNAUTHENTICATED"), "api")).toEqual({
    "WWW-Authenticate": 'Bearer realm="api"',
  });
  const lacking = refusalError("INSUFFICIENT_SCOPE", { extra: { scope: "contacts:read contacts:write" } });
  expect(problemHeaders(lacking, "api")["WWW-Authenticate"]).toBe(
    'Bearer realm="api", error="insufficient_scope", scope="contacts:read contacts:write"',
  );
});

test("what would end a quoted string, or the header, is left out", () => {
  expect(problemHeaders(new ClavigerError("UNAUTHENTICATED"), 'a"b\\\r\nSet-Cookie: c=é')).toEqual({
    "WWW-Authenticate": 'Bearer realm="abSet-Cookie: c="',
  });
});

test("Retry-After is whole seconds and never too early", () => {
  const limited = (retryAfterMs?: number | null) =>
    problemHeaders(refusalError("RATE_LIMITED", { extra: { retryAfterMs } }), "api");
  expect(limited(1)).toEqual({ "Retry-After": "1" });
  expect(limited(1_001)).toEqual({ "Retry-After": "2" });
  expect(limited(null)).toEqual({ "Retry-After": "5" });
  expect(problemHeaders(refusalError("UNAVAILABLE"), "api")).toEqual({ "Retry-After": "5" });
});

test("the type of a problem is a name, not an address that anybody would have to serve", () => {
  expect(problemType("INVALID_TOKEN")).toBe("urn:claviger:error:invalid-token");
});
