import { checkScopeQuery, parseIp, type ScopeQuery } from "@claviger/core";
import { z } from "zod";
import { line, reference, slug, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const scopeNode: z.ZodType<ScopeQuery> = z.lazy(() =>
  z.union([
    z.array(z.string().min(1).max(100)).max(64),
    z.strictObject({ all: z.array(z.union([z.string().min(1).max(100), scopeNode])).max(64) }),
    z.strictObject({ any: z.array(z.union([z.string().min(1).max(100), scopeNode])).max(64) }),
  ]),
);
const scopeQuery = scopeNode.superRefine((value, context) => {
  const fault = checkScopeQuery(value);
  if (fault !== null) context.addIssue({ code: "custom", message: fault });
});
/** Anything may be presented as a key, so that every string gets a verdict; only its size is bounded. */
const presented = z.string().max(4096);
const address = z
  .string()
  .max(45)
  .refine((text) => parseIp(text) !== null, "must be an IPv4 or IPv6 address");

export const verifyBody = z
  .strictObject({
    key: presented,
    environment: slug.optional(),
    scopes: scopeQuery.optional(),
    method: z
      .string()
      .regex(/^[A-Za-z]{1,20}$/, "must be an HTTP method")
      .optional(),
    path: z.string().min(1).max(4096).optional(),
    account: reference("acct").optional(),
    audience: line(200).optional(),
    ip: address.optional(),
    referrer: z.string().max(2048).optional(),
    origin: z.string().max(300).optional(),
    userAgent: z.string().max(1000).optional(),
    requestId: z.string().max(200).optional(),
    cost: z.number().int().min(1).max(1_000_000).default(1),
  })
  .refine((value) => value.path === undefined || value.method !== undefined, {
    message: "a path goes with its method",
    path: ["path"],
  })
  .refine((value) => value.method === undefined || value.path !== undefined || value.scopes !== undefined, {
    message: "a method goes with its path, or with scopes",
    path: ["path"],
  });

const limitState = z.object({
  name: z.string(),
  per: z.enum(["second", "minute", "hour", "day", "month", "lifetime"]),
  limit: z.number().int(),
  remaining: z.number().int(),
  resetAt: timeOut.nullable(),
});

export const verdict = z
  .object({
    valid: z.boolean(),
    code: z.string(),
    checked: z.enum(["identity", "scopes", "route"]).optional(),
    keyId: z.string().optional(),
    version: z.number().int().optional(),
    account: z.string().optional(),
    environment: z.string().optional(),
    scopes: z.array(z.string()).optional(),
    tier: z.string().nullable().optional(),
    expiresAt: timeOut.nullable().optional(),
    /** When the version presented ends, where that is before the key itself does: another version takes its place. */
    retiresAt: timeOut.optional(),
    limits: z.array(limitState).optional(),
    retryAfterMs: z.number().nullable().optional(),
    metadata: z.record(z.string(), z.json()).optional(),
    route: z.string().nullable().optional(),
    missing: z.array(z.string()).optional(),
  })
  .meta({ id: "Verdict" });

const verify = { kind: "management", scope: "verify" } as const;

export const verificationOperations = [
  operation({
    id: "verification.verify",
    method: "POST",
    path: "/v1/verify",
    summary: "Decide on one presented key; a refusal is an answer, so the status is 200",
    access: verify,
    body: verifyBody,
    responses: { 200: { description: "The verdict", schema: verdict } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "verification.verify-batch",
    method: "POST",
    path: "/v1/verify/batch",
    summary: "Decide on up to 1 000 presented keys, in order",
    access: verify,
    body: z.strictObject({ checks: z.array(verifyBody).min(1).max(1000) }),
    responses: { 200: { description: "The verdicts, in order", schema: z.object({ results: z.array(verdict) }) } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  ...(["GET", "POST"] as const).map((method) =>
    operation({
      id: method === "GET" ? "verification.authorize" : "verification.authorize-post",
      method,
      path: "/v1/authorize",
      summary: "Decide for a proxy (nginx auth_request, Traefik, Caddy, Envoy): 204 or the status to answer with",
      access: verify,
      query: z.object({ proxy: z.enum(["nginx"]).optional(), environment: slug.optional() }),
      responses: { 204: { description: "Allowed; X-Key-Id, X-Account-Id and X-Scopes say who it is" } },
      errors: ["TWO_CREDENTIALS", "KEY_IN_QUERY"],
      audit: [],
      narrows: false,
    }),
  ),
] as const;
