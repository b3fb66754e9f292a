import { z } from "zod";
import { approval } from "./approval.ts";
import {
  cidr,
  effective,
  id,
  limits,
  line,
  metadata,
  page,
  pageQuery,
  prose,
  reference,
  slug,
  tier,
  timeOut,
  timestamp,
} from "./common.ts";
import { deliverTo, handOver, ONE_WAY, oneWay } from "./hand-overs.ts";
import {
  creatorReference,
  criticality,
  dependant,
  grantedScope,
  ownerReference,
  referrer,
  webAddress,
} from "./key-fields.ts";
import { linkRequest, newLink } from "./links.ts";
import { operation } from "./operation.ts";
import { keyPolicy, ownValues } from "./policies.ts";
import { throttle } from "./throttle.ts";

export const KEY_STATUSES = ["requested", "active", "expiring", "rotating", "suspended", "expired", "revoked"] as const;
export const REVOKE_REASONS = [
  "leaked",
  "compromised",
  "unused",
  "superseded",
  "offboarding",
  "abuse",
  "other",
] as const;

const grant = { tier: tier.nullable().optional(), scopes: z.array(grantedScope).max(200).optional() };
const description = {
  purpose: prose(500).nullable().optional(),
  rationale: prose(1000).nullable().optional(),
  owner: ownerReference.nullable().optional(),
  service: reference("svc").nullable().optional(),
  expiresAt: timestamp.nullable().optional(),
  expiresInDays: z.number().int().min(1).max(3650).optional(),
  allowedIps: z.array(cidr).max(100).optional(),
  allowedReferrers: z.array(referrer).max(100).optional(),
  audiences: z.array(line(200)).max(50).optional(),
  limits: limits.optional(),
  storedIn: line(300).nullable().optional(),
  criticality: criticality.nullable().optional(),
  runbookUrl: webAddress.nullable().optional(),
  dependants: z.array(dependant).max(100).optional(),
  tags: z.array(line(50)).max(50).optional(),
  metadata: metadata.optional(),
};

export function oneExpiry(value: { expiresAt?: unknown; expiresInDays?: unknown }): boolean {
  return value.expiresAt === undefined || value.expiresInDays === undefined;
}
export const ONE_EXPIRY = { message: "give expiresAt or expiresInDays, not both", path: ["expiresInDays"] };

export const createKeyShape = {
  account: reference("acct"),
  environment: slug.optional(),
  label: line(100),
  ...grant,
  ...description,
  createdBy: reference("mem").optional(),
};

export function grantsSomething(value: { tier?: unknown; scopes?: readonly unknown[] | undefined }): boolean {
  return value.tier != null || (value.scopes?.length ?? 0) > 0;
}

export const createKeyBody = z
  .strictObject({ ...createKeyShape, link: linkRequest.optional(), deliverTo: deliverTo.optional() })
  .refine(oneWay, ONE_WAY)
  .refine(grantsSomething, { message: "name a tier or at least one scope", path: ["scopes"] })
  .refine(oneExpiry, ONE_EXPIRY);

export const updateKeyBody = z
  .strictObject({ label: line(100).optional(), ...grant, ...description, requestedBy: reference("mem").optional() })
  .refine(oneExpiry, ONE_EXPIRY);

const keyVersion = z.object({
  version: z.number().int(),
  preview: z.string(),
  status: z.enum(["pending", "active", "retiring", "ended"]),
  createdAt: timeOut,
  firstUsedAt: timeOut.nullable(),
  lastUsedAt: timeOut.nullable(),
  expiresAt: timeOut.nullable(),
});

export const key = z
  .object({
    id: z.string(),
    label: z.string(),
    purpose: z.string().nullable(),
    account: z.string(),
    environment: z.string().nullable(),
    scopes: z.array(z.string()),
    tier: tier.nullable(),
    owner: z.string().nullable(),
    service: z.string().nullable(),
    createdBy: z.string(),
    createdAt: timeOut,
    updatedAt: timeOut,
    expiresAt: timeOut.nullable(),
    lastUsedAt: timeOut.nullable(),
    lastRefusedAt: timeOut.nullable(),
    lastRefusedCode: z.string().nullable(),
    requests30d: z.number().int(),
    status: z.enum(KEY_STATUSES),
    statusReason: z.string().nullable(),
    statusComment: z.string().nullable(),
    statusAt: timeOut.nullable(),
    rationale: z.string().nullable(),
    storedIn: z.string().nullable(),
    criticality: z.string().nullable(),
    runbookUrl: z.string().nullable(),
    dependants: z.array(z.json()),
    audiences: z.array(z.string()),
    version: z.number().int(),
    preview: z.string(),
    versions: z.array(keyVersion),
    allowedIps: z.array(z.string()),
    allowedReferrers: z.array(z.string()),
    limits: z.array(z.json()),
    /** Null where none holds now. */
    throttle: throttle.nullable(),
    /** Whether the secret of the version in force is kept, sealed. */
    recoverable: z.boolean(),
    /** For `If-Match`: changes with every act on the key, and with no use of it. */
    etag: z.string(),
    ...{ tags: z.array(z.string()), metadata: z.record(z.string(), z.json()) },
  })
  .meta({ id: "Key" });

/** What a holder may know of the key it presents: nothing that the account keeps for itself. */
export const ownKey = z
  .object({
    id: z.string(),
    label: z.string(),
    account: z.string(),
    environment: z.string().nullable(),
    scopes: z.array(z.string()),
    tier: tier.nullable(),
    status: z.enum(KEY_STATUSES),
    /** The one that was presented, and when it retires where that is before the key ends. */
    version: z.number().int(),
    preview: z.string(),
    retiresAt: timeOut.nullable(),
    createdAt: timeOut,
    expiresAt: timeOut.nullable(),
    allowedIps: z.array(z.string()),
    allowedReferrers: z.array(z.string()),
    audiences: z.array(z.string()),
    limits: z.array(z.json()),
    /** What its caller must keep to for a time, beside its limits; why is the account's. */
    throttle: throttle.omit({ reason: true, since: true }).nullable(),
  })
  .meta({ id: "OwnKey" });

const keyParams = z.object({ id: id("key") });
const keyResult = z.object({ key, effective: effective.nullable() });
const read = { kind: "management", scope: "claviger:keys:read" } as const;
const write = { kind: "management", scope: "claviger:keys:write" } as const;
const revoke = { kind: "management", scope: "claviger:keys:revoke" } as const;
/** `guarded`: a key that was used within 24 hours ends only with its label as `confirm`. What is given as `confirm` must be the label. */
const guard = { guarded: z.boolean().optional(), confirm: line(100).optional() };
const revokeBody = z.strictObject({ reason: z.enum(REVOKE_REASONS), comment: prose(1000).optional(), ...guard });

/** What the list of keys can be asked for. `…After` includes the moment itself, `…Before` does not; a key that never expires is in neither. */
export const keyFilter = {
  account: reference("acct").optional(),
  environment: slug.optional(),
  status: z.enum(KEY_STATUSES).optional(),
  scope: line(100).optional(),
  tier: tier.optional(),
  owner: ownerReference.optional(),
  service: reference("svc").optional(),
  createdBy: creatorReference.optional(),
  tag: line(50).optional(),
  criticality: criticality.optional(),
  stored: z.enum(["yes", "no"]).optional(),
  used: z.enum(["ever", "never"]).optional(),
  lastUsedBefore: timestamp.optional(),
  lastUsedAfter: timestamp.optional(),
  createdBefore: timestamp.optional(),
  createdAfter: timestamp.optional(),
  expiresBefore: timestamp.optional(),
  expiresAfter: timestamp.optional(),
  /** Whether a throttle holds now. */
  throttled: z.enum(["yes", "no"]).optional(),
  q: line(100).optional(),
};
const SORT_FIELDS = [
  ...["id", "createdAt", "label", "expiresAt", "lastUsedAt", "lastRefusedAt", "account", "environment", "service"],
  ...["owner", "createdBy", "criticality", "status", "requests30d", "purpose", "storedIn", "runbookUrl"],
] as const;
/** With `-` in front: the other way round, ids too. */
export const keySort = z
  .enum(SORT_FIELDS.flatMap((field) => [field, `-${field}`] as const))
  .describe(
    "Order; ties by id. Never expiring comes last, never used, never refused and without criticality first, every other value that is not there last. " +
      "By `requests30d`, `purpose`, `storedIn` and `runbookUrl` only where the other conditions let few keys through; else VALIDATION_FAILED",
  );
/** A view by its name; names of saved ones are made like those of environments. */
export const viewName = slug;

export const issuedKey = z.object({
  ...{ key, secret: z.string().nullable() },
  ...{ link: newLink.nullable(), handOver: handOver.nullable() },
});
export const askedKey = z.object({ key, secret: z.null(), approval });

export const keyOperations = [
  operation({
    id: "keys.create",
    method: "POST",
    path: "/v1/keys",
    summary: "Issue a key; its secret is in this answer and nowhere else, behind a one-time link, or in a secret store",
    access: write,
    body: createKeyBody,
    responses: {
      201: { description: "Issued", schema: issuedKey },
      202: { description: "Waits for approval, as policy says", schema: askedKey },
    },
    errors: [
      "GRANT_EXCEEDED",
      "POLICY_VIOLATED",
      "KEY_LIMIT_REACHED",
      "NOT_FOUND",
      "STATE_CONFLICT",
      "KEK_UNAVAILABLE",
    ],
    audit: ["key.created", "link.created", "hand-over.created", "approval.requested"],
    narrows: false,
  }),
  operation({
    id: "keys.list",
    method: "GET",
    path: "/v1/keys",
    summary: "Keys of all accounts, newest first unless sorted",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      ...keyFilter,
      view: viewName.optional(),
      sort: keySort.default("-createdAt"),
    }),
    responses: { 200: { description: "A page of keys", schema: page(key) } },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "keys.self",
    method: "GET",
    path: "/v1/keys/self",
    summary: "The key that is presented: who am I",
    access: { kind: "holder" },
    responses: { 200: { description: "The presented key", schema: ownKey } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "keys.revoke-self",
    method: "POST",
    path: "/v1/keys/self/revoke",
    summary: "End the key that is presented; whoever holds a secret can",
    access: { kind: "holder", anyState: true },
    body: z
      .strictObject({ reason: z.enum(REVOKE_REASONS).default("leaked"), comment: prose(1000).optional() })
      .optional(),
    responses: {
      200: { description: "Revoked everywhere", schema: z.object({ key: ownKey, effective: effective.nullable() }) },
    },
    errors: ["BARRIER_UNCONFIRMED"],
    audit: ["key.revoked"],
    narrows: true,
  }),
  operation({
    id: "keys.get",
    method: "GET",
    path: "/v1/keys/{id}",
    summary: "One key",
    access: read,
    params: keyParams,
    responses: { 200: { description: "The key", schema: key } },
    errors: ["NOT_FOUND"],
    tag: "gives",
    audit: [],
    narrows: false,
  }),
  operation({
    id: "keys.update",
    method: "PATCH",
    path: "/v1/keys/{id}",
    summary: "Change what is known of a key and what it may do",
    access: write,
    params: keyParams,
    body: updateKeyBody,
    responses: {
      200: { description: "Changed", schema: keyResult },
      202: {
        description: "Waits for approval, as policy says; nothing is changed yet",
        schema: keyResult.extend({ approval }),
      },
    },
    errors: [
      "NOT_FOUND",
      "GRANT_EXCEEDED",
      "POLICY_VIOLATED",
      "STATE_CONFLICT",
      "BARRIER_UNCONFIRMED",
      "CONFLICT",
      "PRECONDITION_FAILED",
    ],
    tag: "takes",
    audit: ["key.updated", "approval.requested"],
    narrows: true,
  }),
  operation({
    id: "keys.revoke",
    method: "POST",
    path: "/v1/keys/{id}/revoke",
    summary: "End a key for good, everywhere, before this call returns",
    access: revoke,
    params: keyParams,
    body: revokeBody,
    responses: { 200: { description: "Revoked everywhere", schema: keyResult } },
    errors: ["NOT_FOUND", "CONFIRMATION_REQUIRED", "BARRIER_UNCONFIRMED", "PRECONDITION_FAILED"],
    tag: "takes",
    audit: ["key.revoked"],
    narrows: true,
  }),
  operation({
    id: "keys.suspend",
    method: "POST",
    path: "/v1/keys/{id}/suspend",
    summary: "Refuse a key everywhere until it is resumed",
    access: revoke,
    params: keyParams,
    body: z.strictObject({ reason: prose(500, 1), ...guard }),
    responses: { 200: { description: "Suspended everywhere", schema: keyResult } },
    errors: ["NOT_FOUND", "CONFIRMATION_REQUIRED", "STATE_CONFLICT", "BARRIER_UNCONFIRMED", "PRECONDITION_FAILED"],
    tag: "takes",
    audit: ["key.suspended"],
    narrows: true,
  }),
  operation({
    id: "keys.resume",
    method: "POST",
    path: "/v1/keys/{id}/resume",
    summary: "Let a suspended key work again",
    access: write,
    params: keyParams,
    responses: { 200: { description: "Resumed", schema: keyResult } },
    errors: ["NOT_FOUND", "STATE_CONFLICT", "PRECONDITION_FAILED"],
    tag: "takes",
    audit: ["key.resumed"],
    narrows: false,
  }),
  operation({
    id: "keys.policy",
    method: "GET",
    path: "/v1/keys/{id}/policy",
    summary: "What policy holds for a key, and for each value which layer set it",
    access: read,
    params: keyParams,
    responses: { 200: { description: "What holds", schema: keyPolicy } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "keys.put-policy",
    method: "PUT",
    path: "/v1/keys/{id}/policy",
    summary: "Set a key's own policy, never less strict than what stands above it",
    access: write,
    params: keyParams,
    body: ownValues,
    responses: { 200: { description: "What holds now", schema: keyPolicy } },
    errors: ["NOT_FOUND", "POLICY_VIOLATED", "STATE_CONFLICT"],
    audit: ["key-policy.updated"],
    narrows: false,
  }),
] as const;
