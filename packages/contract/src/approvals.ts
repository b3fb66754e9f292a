/** What policy lets nobody do alone: keys and changes that wait for somebody else (A8). */
import { z } from "zod";
import { APPROVAL_STATUSES, approval } from "./approval.ts";
import { effective, id, page, pageQuery, prose, reference } from "./common.ts";
import { deliverTo, handOver, ONE_WAY, oneWay } from "./hand-overs.ts";
import { key } from "./keys.ts";
import { linkRequest, newLink } from "./links.ts";
import { operation } from "./operation.ts";
import { rotation } from "./rotation.ts";

const read = { kind: "management", scope: "claviger:approvals:read" } as const;
const decide = { kind: "management", scope: "claviger:approvals:decide" } as const;
const write = { kind: "management", scope: "claviger:keys:write" } as const;

const params = z.strictObject({ id: id("apr") });
/** Deciding for the platform takes `claviger:approvals:staff` as well. */
const by = reference("mem").describe("the owner or admin of the account who decides; left out: the platform");
const decision = z.strictObject({ by: by.optional(), comment: prose(1000).optional() }).optional();
const decided = z.object({ approval, key, effective: effective.nullable() });

export const approvalOperations = [
  operation({
    id: "approvals.list",
    method: "GET",
    path: "/v1/approvals",
    summary: "What waits for approval, and what was decided, newest first",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      key: id("key").optional(),
      status: z.enum(APPROVAL_STATUSES).optional(),
    }),
    responses: { 200: { description: "A page of requests", schema: page(approval) } },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "approvals.get",
    method: "GET",
    path: "/v1/approvals/{id}",
    summary: "One request",
    access: read,
    params,
    responses: { 200: { description: "The request", schema: approval } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "approvals.approve",
    method: "POST",
    path: "/v1/approvals/{id}/approve",
    summary: "Approve a request: a change is made now, a new key once who asked claims it",
    access: decide,
    params,
    body: decision,
    responses: { 200: { description: "Approved", schema: decided } },
    errors: [
      ...(["NOT_FOUND", "INSUFFICIENT_SCOPE", "APPROVAL_FORBIDDEN", "STATE_CONFLICT"] as const),
      ...(["GRANT_EXCEEDED", "POLICY_VIOLATED", "BARRIER_UNCONFIRMED"] as const),
    ],
    audit: ["approval.approved", "key.updated"],
    narrows: true,
  }),
  operation({
    id: "approvals.deny",
    method: "POST",
    path: "/v1/approvals/{id}/deny",
    summary: "Deny a request, for good",
    access: decide,
    params,
    body: decision,
    responses: { 200: { description: "Denied", schema: decided } },
    errors: ["NOT_FOUND", "INSUFFICIENT_SCOPE", "APPROVAL_FORBIDDEN", "STATE_CONFLICT"],
    audit: ["approval.denied"],
    narrows: false,
  }),
  operation({
    id: "approvals.cancel",
    method: "POST",
    path: "/v1/approvals/{id}/cancel",
    summary: "Take a request back, by the management key that asked",
    access: write,
    params,
    responses: { 200: { description: "Cancelled", schema: decided } },
    errors: ["NOT_FOUND", "APPROVAL_FORBIDDEN", "STATE_CONFLICT"],
    audit: ["approval.cancelled"],
    narrows: false,
  }),
  operation({
    id: "approvals.claim",
    method: "POST",
    path: "/v1/approvals/{id}/claim",
    summary:
      "Carry out what was approved: issue the key or its next version, to the management key that asked; the secret is in this answer and nowhere else",
    access: write,
    params,
    /** The secret is handed over so, and not in the answer. */
    body: z
      .strictObject({ link: linkRequest.optional(), deliverTo: deliverTo.optional() })
      .refine(oneWay, ONE_WAY)
      .optional(),
    responses: {
      201: {
        description: "Issued",
        schema: z.object({
          ...{ approval, key, secret: z.string().nullable() },
          ...{ link: newLink.nullable(), handOver: handOver.nullable() },
          /** Of an emergency, which has ended every older version. */
          ...{ rotation: rotation.nullable(), effective: effective.nullable() },
        }),
      },
    },
    errors: [
      ...(["NOT_FOUND", "APPROVAL_FORBIDDEN", "STATE_CONFLICT"] as const),
      ...(["GRANT_EXCEEDED", "POLICY_VIOLATED", "KEY_LIMIT_REACHED", "KEK_UNAVAILABLE"] as const),
      ...(["INSUFFICIENT_SCOPE", "CONFLICT", "BARRIER_UNCONFIRMED"] as const),
    ],
    audit: [
      ...(["approval.claimed", "key.created", "link.created", "hand-over.created"] as const),
      ...(["key.rotated", "rotation.cancelled", "rotation.finished"] as const),
    ],
    narrows: true,
  }),
] as const;
