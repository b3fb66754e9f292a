/** Why a key was refused, and what to do about it, in words: one sentence of each, for every code there is. */
import type { Limit, RefusalCode } from "@claviger/core";
import type { KeyThrottle } from "../../keys/index.ts";
import { counted, endpointOf, fromOf, listOf, momentOf, type Origin, throttleWords, type Who, whoOf } from "./words.ts";

/** An act that took something away. */
export interface Ending {
  readonly at: Date;
  readonly by: Who | null;
  readonly reason: string | null;
  readonly comment: string | null;
}

/** What is known of a key where its refusals are explained. */
export interface RefusedKey {
  readonly id: string;
  readonly account: string;
  readonly environment: string | null;
  /** The one in force. */
  readonly version: number;
  readonly expiresAt: Date | null;
  /** Granted by name. */
  readonly scopes: readonly string[];
  readonly allowedIps: readonly string[];
  readonly allowedReferrers: readonly string[];
  readonly audiences: readonly string[];
  readonly limits: readonly Limit[];
  /** The one that holds now. */
  readonly throttle: KeyThrottle | null;
  /** Null while it is neither. */
  readonly ended: (Ending & { readonly state: "suspended" | "revoked" }) | null;
  readonly accountSuspended: Ending | null;
}

export interface RefusedEndpoint {
  readonly method: string | null;
  readonly route: string | null;
  /** The one that opens it today. */
  readonly scope: string | null;
}

export interface RefusedEvidence {
  readonly versions: readonly number[];
  /** Where the latest one came from. */
  readonly last: Origin | null;
  readonly endpoints: readonly RefusedEndpoint[];
}

export interface Explained {
  readonly why: string;
  readonly advice: string;
}

type Explain = (key: RefusedKey, evidence: RefusedEvidence) => Explained;

const EXPLANATIONS: Readonly<Record<RefusalCode, Explain>> = {
  MALFORMED: () => ({
    why: "What was presented has not the form of a key.",
    advice: "Compare what the caller sends with the key: it was cut off, or something was added.",
  }),
  NOT_FOUND: () => ({
    why: "What was presented is no key of this platform.",
    advice: "Check which secret the caller is configured with.",
  }),
  EXPIRED: explainExpired,
  REVOKED: ({ id, ended }, { last }) => ({
    why:
      ended?.state === "revoked"
        ? `It was revoked on ${endingOf(ended)}.`
        : "The version that was presented was ended; the key itself is not revoked.",
    advice:
      ended?.state === "revoked"
        ? `Revoking is final: give the caller${fromOf(last)} a key of its own, or stop it.`
        : `Give the caller${fromOf(last)} the version in force of ${id}.`,
  }),
  SUSPENDED: ({ id, ended }) => ({
    why:
      ended?.state === "suspended"
        ? `It is suspended since ${endingOf(ended)}.`
        : "It was suspended then, and is not now.",
    advice:
      ended?.state === "suspended"
        ? `Once the reason is gone: claviger keys resume ${id}.`
        : "Nothing: it was resumed.",
  }),
  ACCOUNT_SUSPENDED: ({ account, accountSuspended }) => ({
    why:
      accountSuspended === null
        ? "Its account was suspended then, and is not now."
        : `Its account is suspended since ${endingOf(accountSuspended)}.`,
    advice:
      accountSuspended === null
        ? "Nothing: the account was resumed."
        : `Once the reason is gone: claviger accounts resume ${account}. It holds for all keys of the account.`,
  }),
  WRONG_ENVIRONMENT: ({ environment }, { last }) => ({
    why: `It is a key for ${environment ?? "no environment"}, and was presented${fromOf(last)} where another environment is served.`,
    advice: "Give the caller a key of the environment it calls, or point it at the other one.",
  }),
  WRONG_ACCOUNT: ({ account }, { last }) => ({
    why: `It belongs to ${account}, and was presented${fromOf(last)} for another account.`,
    advice: "Check which account the caller asks for.",
  }),
  INSUFFICIENT_SCOPE: explainScope,
  ROUTE_NOT_MAPPED: explainRoute,
  IP_NOT_ALLOWED: ({ id, allowedIps }, { last }) => ({
    why: `It was presented${last?.network == null ? " from an address" : ` from ${last.network}${countryOf(last)}`}, which was not allowed then; allowed now ${areOrIs(allowedIps)}.`,
    advice: `If the caller is yours, and not allowed by now: claviger keys update ${id} --allowed-ips <those it has and the caller's>. If it is not, somebody else has the secret: revoke the key.`,
  }),
  REFERRER_NOT_ALLOWED: ({ allowedReferrers }, { last }) => ({
    why: `It was presented${fromOf(last)} by a page, or without telling one, that was not allowed then; allowed now ${areOrIs(allowedReferrers)}.`,
    advice: "If it is not allowed by now: allow the origin of the page, or let a server of yours make the call.",
  }),
  AUDIENCE_NOT_ALLOWED: ({ audiences }, { last }) => ({
    why: `It was presented${fromOf(last)} to an API that it was not for; now it is for ${audiences.length === 0 ? "any now" : listOf(audiences)}.`,
    advice: "If that API is not among them: add it to the key's audiences, or issue a key for it.",
  }),
  RATE_LIMITED: (key) => explainLimit(key, ["second", "minute", "hour"], "rate"),
  QUOTA_EXCEEDED: (key) => explainLimit(key, ["day", "month", "lifetime"], "quota"),
  UNAVAILABLE: () => ({
    why: "It could not be decided: whoever was asked had no valid lease, so that nothing was accepted that may have been revoked.",
    advice: "Look at the service and not at the key: claviger nodes, claviger doctor.",
  }),
};

export function explainRefusal(code: string, key: RefusedKey, evidence: RefusedEvidence): Explained {
  const explain: Explain | undefined = (EXPLANATIONS as Readonly<Record<string, Explain>>)[code];
  // A node of a later version may have counted what this one does not know.
  return (
    explain?.(key, evidence) ?? { why: `It was refused as ${code}.`, advice: "Look the code up in the reference." }
  );
}

function explainExpired({ expiresAt, version, id }: RefusedKey, { versions, last }: RefusedEvidence): Explained {
  const older = versions.filter((each) => each < version);
  if (older.length > 0 && !versions.includes(version)) {
    return {
      why: `Version ${listOf(older.map(String))} was presented${fromOf(last)}, which has ended; version ${version} is in force.`,
      advice: "The caller still has the old secret: give it the new one.",
    };
  }
  if (expiresAt === null)
    return { why: "It had expired then, and has no expiry now.", advice: "Nothing: it was changed." };
  return {
    why: `Its expiry is ${momentOf(expiresAt)}.`,
    advice: `What has expired stays expired: issue another key, and give it to the caller${fromOf(last)}. The old one is ${id}.`,
  };
}

function explainRoute(_: RefusedKey, { endpoints }: RefusedEvidence): Explained {
  const open = endpoints.filter(({ scope }) => scope === null);
  if (endpoints.length > 0 && open.length === 0) {
    return {
      why: `No scope named ${placesOf(endpoints)} then; now each is opened by one.`,
      advice: "Nothing: it was mapped.",
    };
  }
  return {
    why: `No scope names ${placesOf(open)}, and what no scope names is refused.`,
    advice:
      "Add the endpoint to the scope that should open it: claviger scopes put <name>, with its description, its tier and all its routes.",
  };
}

function explainScope({ id, scopes: held }: RefusedKey, { endpoints }: RefusedEvidence): Explained {
  const scopes = [...new Set(endpoints.flatMap(({ scope }) => (scope === null ? [] : [scope])))];
  if (scopes.length > 0 && scopes.every((scope) => held.includes(scope))) {
    return {
      why: `Its scopes did not open ${placesOf(endpoints)} then; now it holds ${listOf(scopes)}.`,
      advice: "Nothing: it was granted.",
    };
  }
  const needed =
    scopes.length === 0
      ? ""
      : `, which ${scopes.length === 1 ? "needs the scope" : "need the scopes"} ${listOf(scopes)}`;
  return {
    why: `Its scopes do not open ${placesOf(endpoints)}${needed}.`,
    advice:
      scopes.length === 0
        ? "Grant what the caller needs, or let it call what the key is for."
        : `If it should: claviger keys update ${id} --scopes <those it has and ${listOf(scopes)}>.`,
  };
}

function explainLimit(key: RefusedKey, per: readonly Limit["per"][], noun: "rate" | "quota"): Explained {
  const { limits, throttle, id } = key;
  if (throttle !== null && per.includes(throttle.per)) {
    return {
      why: `It is throttled: ${throttleWords(throttle)}. Beside that its limits hold.`,
      advice: `It ends by itself then. To end it now: claviger keys unthrottle ${id}.`,
    };
  }
  const own = limits.filter((limit) => per.includes(limit.per));
  const told = own.map(({ name, amount, per: every }) => `${name} (${amount.toLocaleString("en-US")} per ${every})`);
  return {
    why:
      told.length === 0
        ? `A ${noun} limit of its plan, account or environment was reached.`
        : `A ${noun} limit was reached; its own ${told.length === 1 ? "is" : "are"} ${listOf(told)}.`,
    advice:
      noun === "rate"
        ? "Let the caller spread its requests and obey Retry-After, or raise the limit."
        : "It goes on when the period begins anew; raise the limit or change the plan to go on now.",
  };
}

/** `2026-01-31 09:00 UTC by the management key …: leaked (seen in a log)` */
function endingOf({ at, by, reason, comment }: Ending): string {
  const who = by === null ? "" : ` by ${whoOf(by)}`;
  const as = reason === null ? "" : `: ${reason}`;
  return `${momentOf(at)}${who}${as}${comment === null || comment === "" ? "" : ` (${comment})`}`;
}

function placesOf(endpoints: readonly RefusedEndpoint[]): string {
  return endpoints.length === 0 ? "what was asked for" : listOf(endpoints.map(endpointOf), 3);
}

const countryOf = ({ country }: Origin): string => (country === null ? "" : ` (${country})`);
const areOrIs = (allowed: readonly string[]): string =>
  allowed.length === 0 ? "is anything now" : `${allowed.length === 1 ? "is" : "are"} ${listOf(allowed)}`;

/** `12 requests were refused as EXPIRED` */
export const refusedAs = (requests: number, codes: readonly string[]): string =>
  `${counted(requests, "request")} ${requests === 1 ? "was" : "were"} refused as ${listOf(codes)}`;
