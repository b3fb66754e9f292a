import { z } from "zod";
import { line, page, pageQuery, reference, timeOut, timestamp } from "./common.ts";
import { operation } from "./operation.ts";

const party = z.object({ type: z.string(), id: z.string() });

export const auditEvent = z
  .object({
    id: z.string(),
    seq: z.number().int(),
    action: z.string(),
    account: z.string().nullable(),
    actor: party,
    target: party,
    before: z.json().optional(),
    after: z.json().optional(),
    at: timeOut,
    source: z.object({
      via: z.string(),
      ip: z.string().nullable(),
      userAgent: z.string().nullable(),
      requestId: z.string().nullable(),
    }),
    /** Its account was erased: what it said beyond this is gone. */
    erased: z.literal(true).optional(),
  })
  .meta({ id: "AuditEvent" });

export const auditOperations = [
  operation({
    id: "audit.list",
    method: "GET",
    path: "/v1/audit-events",
    summary: "Audit events, newest first",
    access: { kind: "management", scope: "claviger:audit:read" },
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      action: z
        .string()
        .regex(/^[a-z-]+\.[a-z-]+$/, "must be an action such as key.created")
        .optional(),
      actor: line(100).optional(),
      target: line(204).optional(),
      from: timestamp.optional(),
      to: timestamp.optional(),
    }),
    responses: { 200: { description: "A page of audit events", schema: page(auditEvent) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;
