import { refusalHttp } from "../verdict/refusal-http.ts";
import type { RefusalCode } from "../verdict/verdict.ts";
import type { ErrorEntry } from "./problems.ts";

/** A refusal as documented. `publicCode` is what the one who presented the string is told. */
export interface RefusalEntry extends ErrorEntry {
  /**
   * The code shown to the presenter. A string that is no genuine key learns only INVALID_TOKEN, so that no answer
   * helps to guess; the verifier's owner sees the true reason.
   */
  readonly publicCode: RefusalCode | "INVALID_TOKEN";
}

type RefusalText = Omit<RefusalEntry, "status" | "publicCode">;

const TEXTS: Readonly<Record<RefusalCode, RefusalText>> = {
  MALFORMED: {
    title: "Malformed key",
    detail: "The string presented is not a key of this platform.",
    action: "Copy the key again, whole and without spaces. The checksum tells offline whether it is complete.",
  },
  NOT_FOUND: {
    title: "Unknown key",
    detail: "The string presented is not a key that this platform issued.",
    action: "Check that the key belongs to this platform and installation. Many of these from one source are probing.",
  },
  EXPIRED: {
    title: "Key expired",
    detail: "The key, or the version of it that was presented, has expired.",
    action: "Rotate the key and use the new version. What has expired stays expired.",
  },
  REVOKED: {
    title: "Key revoked",
    detail: "The key, or the version of it that was presented, has been ended for good.",
    action: "Use the current version, or ask the key's owner for a new key.",
  },
  SUSPENDED: {
    title: "Key suspended",
    detail: "The key is suspended.",
    action: "Ask the key's owner or support why; a suspended key can be resumed.",
  },
  ACCOUNT_SUSPENDED: {
    title: "Account suspended",
    detail: "The account that the key belongs to is suspended.",
    action: "Contact support. All keys of the account work again once it is resumed.",
  },
  WRONG_ENVIRONMENT: {
    title: "Wrong environment",
    detail: "The key belongs to another environment.",
    action: "Use a key whose tag fits: test keys in test, live keys in production.",
  },
  WRONG_ACCOUNT: {
    title: "Wrong account",
    detail: "The key belongs to another account than the one addressed.",
    action: "Use a key of the account whose data is asked for.",
  },
  INSUFFICIENT_SCOPE: {
    title: "Insufficient scope",
    detail: "The key lacks a scope that this request needs.",
    action: "Add the scope named in `WWW-Authenticate` to the key, or use a key that holds it.",
  },
  ROUTE_NOT_MAPPED: {
    title: "Route not mapped",
    detail: "No scope opens this method and path.",
    action: "The platform adds the route to a scope with `PUT /v1/scopes/{name}`. Ambiguous paths are never mapped.",
  },
  IP_NOT_ALLOWED: {
    title: "Address not allowed",
    detail: "The key may not be used from this address.",
    action: "Call from an allowed network, or add the address to `allowedIps` of the key.",
  },
  REFERRER_NOT_ALLOWED: {
    title: "Origin not allowed",
    detail: "The key may not be used from this origin.",
    action: "Call from an allowed origin, or add it to `allowedReferrers` of the key.",
  },
  AUDIENCE_NOT_ALLOWED: {
    title: "Audience not allowed",
    detail: "The key may not be used against this API.",
    action: "Use a key whose `audiences` name this API.",
  },
  RATE_LIMITED: {
    title: "Rate limited",
    detail: "The key has used up its rate limit for the moment.",
    action: "Wait for the time in `Retry-After`, then spread the calls.",
  },
  QUOTA_EXCEEDED: {
    title: "Quota exceeded",
    detail: "The key has used up its quota for this period.",
    action: "Wait for the next period, or raise the quota by plan or limit.",
  },
  UNAVAILABLE: {
    title: "Verification unavailable",
    detail: "The key cannot be verified safely at the moment, so it is refused.",
    action: "Repeat with growing pauses. The operator reads `/readyz` and the failure-modes page.",
  },
};

/** The refusals a string meets that is no genuine key: its presenter must not learn which of them it was. */
const NOT_GENUINE: ReadonlySet<RefusalCode> = new Set<RefusalCode>(["MALFORMED", "NOT_FOUND"]);

/** Every refusal of a verification with its status (from `refusalHttp`) and its texts. */
export const REFUSALS: Readonly<Record<RefusalCode, RefusalEntry>> = Object.freeze(
  Object.fromEntries(
    (Object.keys(TEXTS) as RefusalCode[]).map((code) => [
      code,
      Object.freeze({
        status: refusalHttp[code].status,
        ...TEXTS[code],
        publicCode: NOT_GENUINE.has(code) ? "INVALID_TOKEN" : code,
      }),
    ]),
  ) as Record<RefusalCode, RefusalEntry>,
);
