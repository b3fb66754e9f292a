import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeKey } from "../key-format/make-key.ts";
import { presentedKey } from "./presented-key.ts";

const key = makeKey({
  prefix: "acme",
  tag: "live",
  tagKey: new Uint8Array(32),
  randomBytes: (count) => new Uint8Array(count).fill(7),
  sha256: (data) => hash("sha256", data, "buffer"),
});
const present = (headers: Record<string, string>, target = "/") => presentedKey(new Headers(headers), target);

describe("which key a request presents (C3)", () => {
  test("it is taken from Authorization: Bearer or from X-API-Key", () => {
    expect(present({ authorization: `Bearer ${key}` })).toEqual({ kind: "key", secret: key });
    expect(present({ authorization: `bearer   ${key} ` })).toEqual({ kind: "key", secret: key });
    expect(present({ "x-api-key": key })).toEqual({ kind: "key", secret: key });
  });

  test("two platform keys at once are refused, even the same one twice", () => {
    expect(present({ authorization: `Bearer ${key}`, "x-api-key": key })).toEqual({
      kind: "refused",
      code: "TWO_CREDENTIALS",
    });
  });

  test("a foreign token in the other header is none of our business", () => {
    expect(present({ authorization: "Bearer ey.some.jwt", "x-api-key": key })).toEqual({ kind: "key", secret: key });
    expect(present({ authorization: `Bearer ${key}`, "x-api-key": "something" })).toEqual({ kind: "key", secret: key });
    expect(present({ authorization: "Basic dTpw", "x-api-key": key })).toEqual({ kind: "key", secret: key });
  });

  test("a key in the query string is refused under any name, other values are let through", () => {
    expect(present({ authorization: `Bearer ${key}` }, `/a?q=1&api_key=${key}`)).toEqual({
      kind: "refused",
      code: "KEY_IN_QUERY",
    });
    expect(present({ "x-api-key": key }, "/a?q=clv_live_short")).toEqual({ kind: "key", secret: key });
  });

  test("nothing presented is told apart from something wrong", () => {
    expect(present({})).toEqual({ kind: "none", code: "UNAUTHENTICATED" });
    expect(present({ authorization: "Basic dTpw" })).toEqual({ kind: "none", code: "UNAUTHENTICATED" });
    expect(present({ "x-api-key": "x".repeat(5000) })).toEqual({ kind: "refused", code: "INVALID_TOKEN" });
  });
});
