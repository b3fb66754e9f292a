import { REFUSAL_CODES } from "@claviger/core";
import { z } from "zod";
import { anyLine, id, line, page, pageQuery, reference, slug, tier, timeOut, timestamp } from "./common.ts";
import { operation } from "./operation.ts";

const access = { kind: "management", scope: "claviger:usage:read" } as const;
const code = z.enum(["VALID", ...REFUSAL_CODES]);
const whole = z.number().int();
/** `*` stands for everything beyond the bound on distinct values. */
const template = z.string().nullable();
const period = { from: timestamp.optional(), to: timestamp.optional() };

/** What was verified in one hour, day or month: of all, or of one group. */
const usagePoint = z
  .object({
    /** The first moment of the hour, day or month, UTC. */
    at: timeOut,
    /** What `by` asks for; null where it asks for nothing, or there is nothing of the kind. */
    group: z.string().nullable(),
    requests: whole,
    accepted: whole,
    refused: whole,
    cost: whole,
  })
  .meta({ id: "UsagePoint" });

const usageSummary = z
  .object({ from: timeOut, to: timeOut, step: z.string(), by: z.string().nullable(), data: z.array(usagePoint) })
  .meta({ id: "UsageSummary" });

const usageEvent = z
  .object({
    at: timeOut,
    key: z.string(),
    version: whole,
    account: z.string(),
    environment: z.string(),
    code: z.string(),
    method: z.string().nullable(),
    /** The template of a scope's route, or the path with what looks like an id folded to `{id}`. */
    route: template,
    mapped: z.boolean(),
    status: whole.nullable(),
    durationMs: z.number().nullable(),
    ip: z.string().nullable(),
    network: z.string().nullable(),
    country: z.string().nullable(),
    agent: z.string().nullable(),
    browser: z.boolean(),
    service: z.string().nullable(),
    requestId: z.string().nullable(),
    cost: whole,
    /** Which share of its likes was kept: 1 is all of them. */
    rate: z.number(),
  })
  .meta({ id: "UsageEvent" });

/** What presented no genuine key. Nothing of what was presented is kept. */
const strangerHour = z
  .object({
    /** The first moment of the hour, UTC, in which a node counted it. */
    at: timeOut,
    /** The /24 of an IPv4 address, the /48 of an IPv6 address; `unknown` where no address was told, `*` for networks beyond 200 in an hour. */
    network: z.string(),
    code: z.string(),
    requests: whole,
  })
  .meta({ id: "StrangerHour" });

const seen = { firstSeen: timeOut, lastSeen: timeOut, accepted: whole, refused: whole };

const grant = z.object({ tier: tier.nullable(), scopes: z.array(z.string()) });
const suggestion = z
  .object({
    key: z.string(),
    /** First of the UTC days that were looked at. */
    since: timeOut,
    granted: grant,
    /**
     * What the key used: scopes by the endpoints that it called and was let through at, and what programs asked for by name, which may be
     * tiers and wildcards as well; the most used first. A request counts for each scope that it needed.
     */
    used: z.array(
      z.object({
        scope: z.string(),
        requests: whole,
        lastDay: timeOut,
        endpoints: z.array(z.object({ method: z.string().nullable(), route: z.string(), requests: whole })),
      }),
    ),
    /** Scopes that its grant opens, or names, and that it did not use. */
    unused: z.array(z.string()),
    /** Requests that were accepted at no endpoint of a scope and for no scope by name: what they needed is not known, and nothing is suggested. */
    unclear: whole,
    /** A narrower grant under which all that was used goes on: a body for `PATCH /v1/keys/{id}`. Null where there is none. */
    suggestion: grant.nullable(),
    why: z.string(),
  })
  .meta({ id: "KeySuggestion" });

const endpoint = z
  .object({
    environment: z.string(),
    method: z.string().nullable(),
    template: z.string(),
    /** Whether a scope opens it today. */
    mapped: z.boolean(),
    /** The scope that opens it today. */
    scope: z.string().nullable(),
    ...seen,
  })
  .meta({ id: "Endpoint" });

const uncalledEndpoint = z
  .object({
    /** As the scope names it; `*` is any method that it does not name by itself. */
    method: z.string(),
    template: z.string(),
    scope: z.string(),
    /** The last call, accepted or refused; null where none is known. */
    lastSeen: timeOut.nullable(),
    accepted: whole,
    refused: whole,
  })
  .meta({ id: "UncalledEndpoint" });

const called = { accepted: whole, refused: whole, lastDay: timeOut };
const endpointCallers = z
  .object({
    keys: whole,
    accounts: whole,
    /** The most calling keys first, 100 at most. */
    callers: z.array(z.object({ key: z.string(), account: z.string(), ...called })),
    /** The most calling accounts first, 100 at most, each with how many of its keys call. */
    callingAccounts: z.array(z.object({ account: z.string(), keys: whole, ...called })),
  })
  .meta({ id: "EndpointCallers" });

const flag = z.enum(["true", "false"]).transform((text) => text === "true");
const days = z.coerce.number().int().min(1).max(3_650);
const method = z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"]);

export const usageOperations = [
  operation({
    id: "usage.summarize",
    method: "GET",
    path: "/v1/usage",
    summary: "Verifications by hour, day or month: exact counts",
    access,
    query: z.strictObject({
      ...{ account: reference("acct").optional(), key: id("key").optional(), environment: slug.optional() },
      ...{ route: anyLine(500).optional(), code: code.optional(), ...period },
      step: z.enum(["hour", "day", "month"]).default("day"),
      by: z.enum(["code", "route", "method", "environment", "account", "key"]).optional(),
      /** Groups at most; the others are added up as `*`. */
      top: z.coerce.number().int().min(1).max(50).default(10),
    }),
    responses: { 200: { description: "Counts, oldest first", schema: usageSummary } },
    errors: ["NOT_FOUND", "VALIDATION_FAILED"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "usage.list",
    method: "GET",
    path: "/v1/usage/events",
    summary: "Single verifications, newest first",
    access,
    query: z.strictObject({
      ...pageQuery,
      ...{ account: reference("acct").optional(), key: id("key").optional(), code: code.optional(), ...period },
    }),
    responses: { 200: { description: "A page of verifications", schema: page(usageEvent) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "usage.strangers",
    method: "GET",
    path: "/v1/usage/strangers",
    summary: "What presented no genuine key, by hour, network and reason, newest first",
    access,
    query: z.strictObject({
      ...{ ...pageQuery, code: z.enum(REFUSAL_CODES).optional(), ...period },
      /** As it is listed; an address stands for its network. */
      network: anyLine(60).optional(),
    }),
    responses: {
      200: { description: "A page of counts; both times are taken by whole hours", schema: page(strangerHour) },
    },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "keys.suggest",
    method: "GET",
    path: "/v1/keys/{id}/least-privilege",
    summary: "What a key was granted and does not use, and a narrower grant with its evidence",
    access,
    params: z.strictObject({ id: id("key") }),
    query: z.strictObject({ days: z.coerce.number().int().min(1).max(365).default(90) }),
    responses: { 200: { description: "What it was granted, what it used, and what would do", schema: suggestion } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "endpoints.list",
    method: "GET",
    path: "/v1/endpoints",
    summary: "What is called, by template, and which scope opens it",
    access,
    query: z.strictObject({
      ...{ ...pageQuery, environment: slug.optional(), mapped: flag.optional(), scope: line(100).optional() },
      /** Only what was called within so many days. */
      days: days.optional(),
    }),
    responses: { 200: { description: "A page of endpoints, by environment and template", schema: page(endpoint) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "endpoints.uncalled",
    method: "GET",
    path: "/v1/endpoints/uncalled",
    summary: "Routes of scopes that nobody calls",
    access,
    query: z.strictObject({
      ...{ ...pageQuery, environment: slug.optional(), scope: line(100).optional() },
      /** For so many days, or never. */
      days: days.default(30),
    }),
    responses: { 200: { description: "A page of routes, by template", schema: page(uncalledEndpoint) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "endpoints.inspect",
    method: "GET",
    path: "/v1/endpoints/callers",
    summary: "Which keys and accounts call an endpoint",
    access,
    query: z.strictObject({
      ...{ environment: slug, template: anyLine(500), method: method.optional() },
      /** So many UTC days, today included. */
      days: days.default(30),
    }),
    responses: { 200: { description: "How many, and the busiest of them", schema: endpointCallers } },
    errors: [],
    audit: [],
    narrows: false,
  }),
] as const;
