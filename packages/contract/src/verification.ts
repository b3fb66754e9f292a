import { z } from "zod";
import { anyLine, slug, timeOut } from "./common.ts";
import { operation } from "./operation.ts";
import { plainVerifyBatchBody, plainVerifyBody } from "./plain-check.ts";
import { verifyBatchBody, verifyBody } from "./verify-body.ts";

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
    plainBody: plainVerifyBody,
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
    body: verifyBatchBody,
    plainBody: plainVerifyBatchBody,
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
      query: z.object({
        ...{ proxy: z.enum(["nginx"]).optional(), environment: slug.optional() },
        /** Which of your services is behind the proxy, as it is recorded. In the address, where no caller can set it. */
        service: anyLine(100).optional(),
      }),
      responses: { 204: { description: "Allowed; X-Key-Id, X-Account-Id and X-Scopes say who it is" } },
      errors: ["TWO_CREDENTIALS", "KEY_IN_QUERY"],
      audit: [],
      narrows: false,
    }),
  ),
] as const;
