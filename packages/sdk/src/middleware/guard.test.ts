import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTestVerifier, type TestKey, type TestVerifier } from "../testing/index.ts";
import type { Verifier, WouldRefuse } from "../verifier/verifier.ts";
import { createGuard, type Facts, type Passage } from "./guard.ts";
import type { GuardOptions, VerifierSource } from "./guard-options.ts";
import { exposed } from "./refusal.ts";

const KEY: TestKey = { account: "acct_1", scopes: ["contacts:read"] };
const double = (key: Partial<TestKey> = {}): TestVerifier =>
  createTestVerifier({ keys: { test_key: { ...KEY, ...key } }, scopes: { "contacts:read": { tier: "read" } } });
const facts = (headers: Record<string, string> = { authorization: "Bearer test_key" }): Facts => ({
  method: "GET",
  target: "/contacts",
  headers: new Headers(headers),
  peer: "192.0.2.1",
});
const guarded = (source: VerifierSource, options: GuardOptions<string> = { identityOnly: true }, asked = facts()) =>
  createGuard(source, options)(asked, "the request");

describe("what all middlewares share", () => {
  test("answers at once where the verifier does", () => {
    expect(guarded(double())).toMatchObject({ pass: true, key: { account: "acct_1" } });
    expect(guarded(double({ status: "revoked" }))).toMatchObject({ pass: false, status: 401 });
  });

  test("says when a key ends, when its version is retired, and how its limits stand (C8)", () => {
    const limits = [
      { name: "credits", per: "lifetime", limit: 5, remaining: 4, resetAt: null },
      { name: "monthly", per: "month", limit: 9, remaining: 0, resetAt: "2000-01-01T00:00:00Z" },
    ] as const;
    const key = { expiresAt: "2099-06-01T00:00:00Z", retiresAt: "2099-01-01T00:00:00Z", limits };
    expect((guarded(double(key)) as Passage).headers).toEqual({
      "Claviger-Key-Expires": "2099-01-01T00:00:00.000Z",
      "Claviger-Key-Retires": "2099-01-01T00:00:00.000Z",
      RateLimit: '"credits";r=4, "monthly";r=0;t=0',
      "RateLimit-Policy": '"credits";q=5, "monthly";q=9',
    });
    expect((guarded(double()) as Passage).headers).toEqual({});
  });

  test("passes on what is known of the request, and no more than it knows", () => {
    const verifier = double();
    const headers = {
      "x-api-key": "test_key",
      origin: "https://a.example",
      referer: "https://a.example/b",
      "user-agent": "curl",
    };
    const options = { scopes: ["contacts:read"], account: () => "acct_1", audience: "crm", cost: () => 3 };
    expect(guarded(verifier, options, facts({ ...headers, "x-request-id": "r1" }))).toMatchObject({ pass: true });
    expect(verifier.asked[0]).toEqual({
      ...{ method: "GET", path: undefined, scopes: ["contacts:read"], account: "acct_1", audience: "crm", cost: 3 },
      ...{
        ip: "192.0.2.1",
        origin: "https://a.example",
        referrer: "https://a.example/b",
        userAgent: "curl",
        requestId: "r1",
      },
      ...{ seenMethod: undefined, seenPath: "/contacts", browser: false },
    });
    guarded(verifier, { identityOnly: true });
    expect(verifier.asked[1]).toMatchObject({
      method: undefined,
      path: undefined,
      scopes: undefined,
      origin: undefined,
      ...{ seenMethod: "GET", seenPath: "/contacts" },
    });
    guarded(verifier, {}, facts({ "x-api-key": "test_key", "sec-fetch-site": "same-origin" }));
    expect(verifier.asked[2]).toMatchObject({ path: "/contacts", seenPath: undefined, browser: true });
  });

  test("tells the verifier what became of each of its verdicts, a refusal at once", () => {
    const told: unknown[] = [];
    const telling = (key: Partial<TestKey> = {}): Verifier => ({
      ...double(key),
      answered: (verdict, status, durationMs) => told.push([verdict.code, status, durationMs]),
    });
    expect(guarded(telling({ status: "revoked" }))).toMatchObject({ pass: false, status: 401 });
    expect(told).toEqual([["REVOKED", 401, null]]);
    const observed: GuardOptions<string> = { identityOnly: true, observe: true, onWouldRefuse: () => undefined };
    for (const passage of [guarded(telling()), guarded(telling({ status: "revoked" }), observed)] as Passage[]) {
      if (passage.pass) passage.use?.ended(204);
    }
    const took = expect.any(Number);
    expect(told.slice(1)).toEqual([
      ["VALID", 204, took],
      ["REVOKED", 204, took],
    ]);
    expect(guarded(double())).toMatchObject({ pass: true, use: null });
  });

  test("throws what a function of the options throws, and lets nothing pass", () => {
    const fail = (): never => {
      throw new TypeError("mine");
    };
    const verifier = double();
    for (const options of [{ scopes: fail }, { account: fail }, { cost: fail }, { address: fail }]) {
      expect(() => guarded(verifier, options)).toThrow("mine");
    }
    expect(verifier.asked).toEqual([]);
  });
});

describe("a verifier that is made when the first request comes", () => {
  beforeEach(() => void vi.spyOn(console, "warn").mockImplementation(() => undefined));
  afterEach(() => void vi.restoreAllMocks());

  test("is made once, and answers at once from then on", async () => {
    let made = 0;
    const guard = createGuard(
      async () => {
        made += 1;
        return double();
      },
      { identityOnly: true },
    );
    const first = await Promise.all([guard(facts(), ""), guard(facts(), "")]);
    expect(first).toMatchObject([{ pass: true }, { pass: true }]);
    expect(guard(facts(), "")).toMatchObject({ pass: true });
    expect(made).toBe(1);
  });

  test("refuses while it cannot be made, tries again with the next request, and says why once", async () => {
    let attempts = 0;
    const guard = createGuard(
      (): Verifier => {
        attempts += 1;
        if (attempts < 3) throw new TypeError("url must be http or https");
        return double();
      },
      { identityOnly: true },
    );
    expect(await guard(facts(), "")).toMatchObject({ pass: false, status: 503 });
    expect(await guard(facts(), "")).toMatchObject({ pass: false, status: 503 });
    expect(await guard(facts(), "")).toMatchObject({ pass: true });
    expect(vi.mocked(console.warn).mock.calls).toEqual([
      ["claviger: keys are refused as UNAVAILABLE: there is no verifier: url must be http or https"],
    ]);
  });
});

test("a verifier that observes makes every middleware observe, unless that says otherwise (C9)", () => {
  const seen: WouldRefuse[] = [];
  const observing: Verifier = { ...double({ status: "revoked" }), observer: (refused) => seen.push(refused) };
  expect(guarded(observing)).toEqual({ pass: true, key: undefined, headers: {}, use: null });
  expect(seen).toEqual([
    { code: "REVOKED", status: 401, method: "GET", path: "/contacts", keyId: "key_test_key", account: "acct_1" },
  ]);
  expect(guarded(observing, { identityOnly: true, observe: false })).toMatchObject({ pass: false, status: 401 });
  const own: unknown[] = [];
  guarded(observing, { identityOnly: true, onWouldRefuse: (refused, request) => own.push([refused.code, request]) });
  expect([seen.length, own]).toEqual([1, [["REVOKED", "the request"]]]);
});

test("names are added to those that pages may read already, and none twice", () => {
  const headers = { RateLimit: "x", "Retry-After": "1", "Cache-Control": "no-store" };
  expect(exposed(headers, null)).toBe("RateLimit, Retry-After");
  expect(exposed(headers, "X-Total, ratelimit")).toBe("X-Total, ratelimit, Retry-After");
  expect(exposed({}, "X-Total")).toBe("X-Total");
  expect(exposed({}, null)).toBe("");
});
