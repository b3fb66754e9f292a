/** Each refusal is explained by what is known of the key, and every code has its words. */
import { REFUSAL_CODES, type RefusalCode } from "@claviger/core";
import { describe, expect, test } from "vitest";
import { explainRefusal, type RefusedEvidence, type RefusedKey, refusedAs } from "./refusal-words.ts";

const at = new Date("2026-03-01T10:00:00Z");
const KEY: RefusedKey = {
  ...{ id: "key_1", account: "acct_1", environment: "live", version: 2, expiresAt: new Date("2026-02-28T09:30:00Z") },
  ...{ allowedIps: ["10.0.0.0/8", "192.0.2.1"], allowedReferrers: ["https://app.example"], audiences: ["billing"] },
  limits: [
    { name: "burst", amount: 1000, per: "minute" },
    { name: "monthly", amount: 5, per: "month" },
  ],
  ...{ ended: null, accountSuspended: null, scopes: ["contacts:read"], throttle: null },
};
const EVIDENCE: RefusedEvidence = {
  versions: [2],
  last: { network: "203.0.113.0/24", country: "NL", agent: "curl", service: null, method: "GET", route: "/contacts" },
  endpoints: [
    { method: "GET", route: "/contacts", scope: "contacts:read" },
    { method: "POST", route: "/contacts", scope: "contacts:write" },
  ],
};
const by = { type: "management-key", id: "key_9" };

interface Case {
  readonly code: RefusalCode;
  readonly key?: Partial<RefusedKey>;
  readonly evidence?: Partial<RefusedEvidence>;
  readonly why: RegExp;
  readonly advice: RegExp;
}

const throttle = {
  amount: 3,
  per: "hour",
  reason: "loops",
  since: at,
  until: new Date("2026-03-02T10:00:00Z"),
} as const;
const revoked = { state: "revoked", at, by, reason: "leaked", comment: "seen in a log" } as const;
const CASES: readonly Case[] = [
  { code: "MALFORMED", why: /not the form of a key/, advice: /Compare/ },
  { code: "NOT_FOUND", why: /no key of this platform/, advice: /which secret/ },
  { code: "EXPIRED", why: /expiry is 2026-02-28 09:30 UTC/, advice: /issue another key.*203\.0\.113\.0\/24 \(NL\)/ },
  { code: "EXPIRED", key: { expiresAt: null }, why: /has no expiry now/, advice: /changed/ },
  { code: "EXPIRED", evidence: { versions: [1] }, why: /Version 1 .*version 2 is in force/, advice: /old secret/ },
  {
    ...{ code: "REVOKED", key: { ended: revoked }, advice: /final/ },
    why: /revoked on 2026-03-01 10:00 UTC by the management key key_9: leaked \(seen in a log\)/,
  },
  { code: "REVOKED", why: /version .* was ended/, advice: /version in force/ },
  {
    ...{ code: "SUSPENDED", key: { ended: { ...revoked, state: "suspended", comment: null } } },
    ...{ why: /suspended since .*: leaked\.$/, advice: /claviger keys resume key_1/ },
  },
  { code: "SUSPENDED", why: /is not now/, advice: /resumed/ },
  {
    ...{ code: "ACCOUNT_SUSPENDED", key: { accountSuspended: { at, by: null, reason: "unpaid", comment: null } } },
    ...{ why: /account is suspended since 2026-03-01 10:00 UTC: unpaid/, advice: /accounts resume acct_1/ },
  },
  { code: "ACCOUNT_SUSPENDED", why: /is not now/, advice: /resumed/ },
  {
    code: "WRONG_ENVIRONMENT",
    why: /key for live.*with curl at GET \/contacts.*another environment/,
    advice: /key of/,
  },
  { code: "WRONG_ACCOUNT", why: /belongs to acct_1/, advice: /which account/ },
  {
    ...{ code: "INSUFFICIENT_SCOPE", advice: /keys update key_1 --scopes/ },
    why: /GET \/contacts and POST \/contacts, which need the scopes contacts:read and contacts:write/,
  },
  { code: "INSUFFICIENT_SCOPE", evidence: { endpoints: [] }, why: /do not open what was asked for/, advice: /Grant/ },
  {
    ...{ code: "INSUFFICIENT_SCOPE", key: { scopes: ["contacts:write", "contacts:read"] }, advice: /granted/ },
    why: /did not open GET \/contacts and POST \/contacts then; now it holds contacts:read and contacts:write/,
  },
  {
    ...{ code: "ROUTE_NOT_MAPPED", evidence: { endpoints: [{ method: "GET", route: "/deals", scope: null }] } },
    ...{ why: /No scope names GET \/deals/, advice: /scopes put/ },
  },
  { code: "ROUTE_NOT_MAPPED", why: /named GET \/contacts .* then; now each/, advice: /mapped/ },
  {
    ...{ code: "IP_NOT_ALLOWED", advice: /--allowed-ips.*revoke the key/ },
    why: /from 203\.0\.113\.0\/24 \(NL\), which was not allowed then; allowed now are 10\.0\.0\.0\/8 and 192\.0\.2\.1/,
  },
  {
    code: "IP_NOT_ALLOWED",
    evidence: { last: null },
    why: /from an address, which was not allowed then/,
    advice: /yours/,
  },
  { code: "REFERRER_NOT_ALLOWED", why: /allowed now is https:\/\/app\.example/, advice: /origin/ },
  { code: "AUDIENCE_NOT_ALLOWED", why: /it is for billing/, advice: /audience/ },
  { code: "RATE_LIMITED", why: /its own is burst \(1,000 per minute\)/, advice: /Retry-After/ },
  { code: "QUOTA_EXCEEDED", why: /its own is monthly \(5 per month\)/, advice: /period/ },
  {
    ...{
      code: "RATE_LIMITED",
      key: { throttle },
      why: /It is throttled: 3 requests per hour until 2026-03-02 10:00 UTC/,
    },
    advice: /ends by itself.*claviger keys unthrottle key_1/,
  },
  { code: "QUOTA_EXCEEDED", key: { throttle }, why: /monthly \(5 per month\)/, advice: /plan/ },
  { code: "QUOTA_EXCEEDED", key: { limits: [] }, why: /of its plan, account or environment/, advice: /plan/ },
  { code: "UNAVAILABLE", why: /no valid lease/, advice: /claviger nodes, claviger doctor/ },
];

describe("a refusal is explained", () => {
  test.each(CASES.map((each, index) => [`${each.code} (${index})`, each] as const))("%s", (_, each) => {
    const explained = explainRefusal(each.code, { ...KEY, ...each.key }, { ...EVIDENCE, ...each.evidence });
    expect(explained.why).toMatch(each.why);
    expect(explained.advice).toMatch(each.advice);
    expect(explained.why).toMatch(/\.$/);
  });

  test("for every code there is, and for one that a later version answers", () => {
    expect(new Set(CASES.map(({ code }) => code))).toEqual(new Set(REFUSAL_CODES));
    expect(explainRefusal("LATER", KEY, EVIDENCE).why).toBe("It was refused as LATER.");
  });
});

test("counts of refusals read as sentences", () => {
  expect(refusedAs(1, ["EXPIRED"])).toBe("1 request was refused as EXPIRED");
  expect(refusedAs(1200, ["EXPIRED", "REVOKED"])).toBe("1,200 requests were refused as EXPIRED and REVOKED");
});
