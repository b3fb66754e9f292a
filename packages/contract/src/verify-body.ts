/** What is asked of a presented key, one by one or many at a time. */
import { checkScopeQuery, parseIp, type ScopeQuery } from "@claviger/core";
import { z } from "zod";
import { anyLine, reference, slug } from "./common.ts";

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
    audience: anyLine(200).optional(),
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

export const verifyBatchBody = z.strictObject({ checks: z.array(verifyBody).min(1).max(1000) });
