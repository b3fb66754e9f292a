/** Pages about one key, one account and the platform: each answers its questions in one call. */
import { z } from "zod";
import { id, reference, timeOut } from "./common.ts";
import { KEY_STATUSES } from "./keys.ts";
import { operation } from "./operation.ts";

const access = { kind: "management", scope: "claviger:usage:read" } as const;
const whole = z.number().int();
/** `*` stands for everything beyond the bound on distinct values. */
const template = z.string().nullable();

const USAGE_PERIODS = ["1h", "24h", "7d", "30d", "90d", "12mo"] as const;
const period = z.enum(USAGE_PERIODS);

const seriesPoint = z
  .object({
    /** The first moment of the minute, hour, …, UTC. */
    at: timeOut,
    requests: whole,
    accepted: whole,
    refused: whole,
    /** Of the refused ones, by code. */
    refusals: z.record(z.string(), whole),
    /** Of those requests whose duration a middleware told; null where there are none. */
    durationMs: z.object({ reported: whole, mean: z.number(), max: z.number() }).nullable(),
  })
  .meta({ id: "SeriesPoint" });

const series = z
  .object({
    period,
    /** How long each point is. Of a key, an hour is told by the minute, unless there is too much in it; else by the hour. */
    step: z.enum(["minute", "hour", "6 hours", "day", "month"]),
    from: timeOut,
    to: timeOut,
    /** False where an account has so many keys in use that the beginning of the period is left out, as `from` says. */
    complete: z.boolean(),
    /** Oldest first; points without requests are told as zeros. */
    data: z.array(seriesPoint),
  })
  .meta({ id: "UsageSeries" });

const actor = z.object({ type: z.string(), id: z.string() });
/** From where, and at what. */
const origin = z
  .object({
    network: z.string().nullable(),
    country: z.string().nullable(),
    agent: z.string().nullable(),
    service: z.string().nullable(),
    method: z.string().nullable(),
    route: template,
  })
  .meta({ id: "UseOrigin" });

const seen = { firstSeen: timeOut, lastSeen: timeOut, accepted: whole, refused: whole };
const source = z.object({ value: z.string(), ...seen }).meta({ id: "UsageSource" });
/** Each list the latest first; `*` stands for older ones beyond the bound. */
const sources = z.object({
  networks: z.array(source),
  countries: z.array(source),
  agents: z.array(source),
  services: z.array(source),
});

const refusal = z
  .object({
    code: z.string(),
    requests: whole,
    firstAt: timeOut,
    lastAt: timeOut,
    versions: z.array(whole),
    /** Of these, what came after the key was accepted last; null where nothing did. */
    sinceLastUse: z.object({ requests: whole, firstAt: timeOut }).nullable(),
    /** Why, and what to do about it, in words. */
    why: z.string(),
    advice: z.string(),
    last: origin.nullable(),
    /** Where it was refused so in the last 30 days, the most called first, 5 at most; `scope` is the one that opens it today. */
    endpoints: z.array(
      z.object({
        method: z.string().nullable(),
        route: template,
        scope: z.string().nullable(),
        requests: whole,
      }),
    ),
  })
  .meta({ id: "KeyRefusal" });

const keyUsage = z
  .object({
    key: z.string(),
    status: z.object({
      is: z.enum(KEY_STATUSES),
      since: timeOut.nullable(),
      by: actor.nullable(),
      reason: z.string().nullable(),
      comment: z.string().nullable(),
      why: z.string(),
    }),
    /** Is it in use, and when did it last work? */
    use: z.object({
      /**
       * `working`: accepted within 24 hours; `quiet`: accepted, but not within 24 hours, and not refused since;
       * `failing`: refused since it was accepted last, or never accepted; `unused`: never presented.
       */
      is: z.enum(["working", "quiet", "failing", "unused"]),
      why: z.string(),
      lastUsedAt: timeOut.nullable(),
      version: whole.nullable(),
      last: origin.nullable(),
      /** Within the last 24 hours, counted by whole hours and with the one that runs. */
      accepted24h: whole,
      refused24h: whole,
    }),
    /** Since when does it fail, and why? Null while it works. */
    failing: z
      .object({ since: timeOut, requests: whole, lastAt: timeOut, codes: z.array(z.string()), why: z.string() })
      .nullable(),
    /** Attempts after it was revoked or had expired, until there is silence: none for 7 days. Null while it is neither. */
    afterDeath: z
      .object({
        since: timeOut,
        attempts: whole,
        lastAt: timeOut.nullable(),
        last: origin.nullable(),
        silent: z.boolean(),
        why: z.string(),
      })
      .nullable(),
    /** Oldest first; of each that was ever presented. */
    versions: z.array(
      z.object({
        version: whole,
        firstUsedAt: timeOut.nullable(),
        lastUsedAt: timeOut.nullable(),
        lastRefusedAt: timeOut.nullable(),
        lastRefusedCode: z.string().nullable(),
        accepted: whole,
        refused: whole,
      }),
    ),
    /** By reason, the latest first. */
    refusals: z.array(refusal),
    /** What was done to the key and its account, and when each version was first and last used and refused; the latest first. */
    timeline: z.array(
      z.object({
        at: timeOut,
        /** An action of the audit trail, or `first-use`, `last-use`, `first-refusal`, `last-refusal`, `expiry`. */
        what: z.string(),
        version: whole.nullable(),
        code: z.string().nullable(),
        by: actor.nullable(),
        why: z.string(),
      }),
    ),
    series,
    sources,
    /** Where a browser sent it: whoever uses that page can read the secret. */
    browser: z.object(seen).nullable(),
    /** Of the last 30 days, the most called first, 100 at most. */
    routes: z.array(
      z.object({
        method: z.string().nullable(),
        route: template,
        mapped: z.boolean(),
        accepted: whole,
        refused: whole,
        cost: whole,
        lastDay: timeOut,
      }),
    ),
  })
  .meta({ id: "KeyUsage" });

/** Keys that were refused within 24 hours and not accepted since: the latest first, and how many; more where not all were looked at. */
const failingKeys = z.object({
  keys: whole,
  more: z.boolean(),
  data: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      code: z.string(),
      lastUsedAt: timeOut.nullable(),
      lastRefusedAt: timeOut,
    }),
  ),
});

const busyKey = z
  .object({
    key: z.string(),
    label: z.string(),
    environment: z.string().nullable(),
    accepted: whole,
    refused: whole,
    cost: whole,
  })
  .meta({ id: "BusyKey" });

const accountUsage = z
  .object({
    account: z.string(),
    name: z.string(),
    status: z.object({
      is: z.enum(["active", "suspended"]),
      since: timeOut.nullable(),
      by: actor.nullable(),
      reason: z.string().nullable(),
      why: z.string(),
    }),
    keys: z.object({
      total: whole,
      active: whole,
      expiring: whole,
      suspended: whole,
      expired: whole,
      revoked: whole,
      /** Of those that are neither revoked nor expired: accepted in that time, by whole hours, or never. */
      used24h: whole,
      used30d: whole,
      neverUsed: whole,
    }),
    use: z.object({ why: z.string(), lastUsedAt: timeOut.nullable(), lastUsedKey: z.string().nullable() }),
    failing: failingKeys,
    /** By reason, the latest first; `keys`: how many were refused so. Of all its keys, or of `refusalsOf` where that is less. */
    refusals: z.array(z.object({ code: z.string(), requests: whole, keys: whole, firstAt: timeOut, lastAt: timeOut })),
    /** Whose refusals were added up; `more`: the account has more keys that were refused, and those presented last were taken. */
    refusalsOf: z.object({ keys: whole, more: z.boolean() }),
    /** First of the UTC days of `busiest` and `routes`: 30 days, or fewer where very many keys are in use. */
    since: timeOut,
    /** 10 at most. */
    busiest: z.array(busyKey),
    /** The most called first, 50 at most. */
    routes: z.array(
      z.object({ method: z.string().nullable(), route: template, accepted: whole, refused: whole, keys: whole }),
    ),
    /** Of the keys in `busiest`, taken together: of each kind the latest 50. */
    sources,
    series,
  })
  .meta({ id: "AccountUsage" });

const statuses = { total: whole, active: whole, expiring: whole, suspended: whole, expired: whole, revoked: whole };
const sums = z.object({ requests: whole, accepted: whole, refused: whole });

/** Until when uses are counted, and which are missing in all counts. */
const recorded = z
  .object({
    /** What the nodes that run took in before this moment is counted. Null where none of them has told yet. */
    until: timeOut.nullable(),
    why: z.string(),
    /** Noted in the last 30 days, or of processes that went away in that time. */
    lost: z.object({
      since: timeOut.nullable(),
      /** Known to be missing; see `paths` for what is not known. */
      requests: whole,
      paths: z.array(
        z.object({
          /**
           * `verifier`: a verifier had no room for them, or gave them up; `node`: the same of a node; `unwritable`: the database cannot take them.
           * `verifier-gone`, `node-gone`: a process went away without handing over; what it saw last may be missing.
           */
          path: z.enum(["verifier", "node", "unwritable", "verifier-gone", "node-gone"]),
          /** Null where nobody knows. */
          requests: whole.nullable(),
          /** How often it was noted, or how many processes went away. */
          times: whole,
          firstAt: timeOut,
          lastAt: timeOut,
          why: z.string(),
        }),
      ),
    }),
  })
  .meta({ id: "RecordedUsage" });

const overview = z
  .object({
    at: timeOut,
    keys: z.object({
      ...statuses,
      byEnvironment: z.array(z.object({ environment: z.string(), ...statuses })),
    }),
    /** Since the beginning of the UTC day, of the sixth before it, and of the 29th before it. */
    usage: z.object({ today: sums, days7: sums, days30: sums }),
    /** By reason, in the same times; the most frequent first. */
    refusals: z.array(z.object({ code: z.string(), today: whole, days7: whole, days30: whole })),
    series,
    /** 10 of each at most. Where `complete` is false, of keys that had more than 1 000 requests on a day alone. */
    busiest: z.object({
      since: timeOut,
      complete: z.boolean(),
      keys: z.array(
        z.object({
          key: z.string(),
          label: z.string(),
          account: z.string(),
          environment: z.string().nullable(),
          requests: whole,
        }),
      ),
      accounts: z.array(z.object({ account: z.string(), name: z.string(), requests: whole })),
    }),
    failing: failingKeys,
    /** What presented no genuine key in the last 24 hours, by whole hours: by reason, and the five networks with most of it. */
    strangers: z.object({
      since: timeOut,
      requests: whole,
      codes: z.array(z.object({ code: z.string(), requests: whole })),
      networks: z.array(z.object({ network: z.string(), requests: whole })),
    }),
    recorded,
    /** Built-in views with their rows, counted up to 10 000; `more` where there are more. */
    views: z.array(z.object({ name: z.string(), total: whole, more: z.boolean() })),
    /** Verifiers are those that hold a lease from a node. */
    cluster: z.object({ nodes: whole, fenced: whole, verifiers: whole }),
  })
  .meta({ id: "Overview" });

export const pageOperations = [
  operation({
    id: "keys.inspect",
    method: "GET",
    path: "/v1/keys/{id}/usage",
    summary: "Is the key in use, when did it last work, since when does it fail and why",
    access,
    params: z.strictObject({ id: id("key") }),
    query: z.strictObject({ period: period.default("24h") }),
    responses: { 200: { description: "What is known of its use, in words and figures", schema: keyUsage } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "accounts.inspect",
    method: "GET",
    path: "/v1/accounts/{id}/usage",
    summary: "Is the account in use, which of its keys work, which fail and why",
    access,
    params: z.strictObject({ id: reference("acct") }),
    query: z.strictObject({ period: period.default("24h") }),
    responses: { 200: { description: "What is known of its use, in words and figures", schema: accountUsage } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "overview.show",
    method: "GET",
    path: "/v1/overview",
    summary: "The platform at a glance: keys, requests, refusals, what is busy, what fails, views",
    access,
    query: z.strictObject({ period: period.default("24h") }),
    responses: { 200: { description: "How the platform stands", schema: overview } },
    errors: [],
    audit: [],
    narrows: false,
  }),
] as const;
