import { z } from "zod";
import { effective, line, mailAddress, metadata, page, pageQuery, prose, reference, slug, timeOut } from "./common.ts";
import { offboarding } from "./offboarding.ts";
import { operation } from "./operation.ts";

export const account = z
  .object({
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    plan: z.string().nullable(),
    metadata: z.record(z.string(), z.json()),
    status: z.enum(["active", "suspended", "closed"]),
    suspendedReason: z.string().nullable(),
    closedAt: timeOut.nullable(),
    /** When what is known of its people is erased, and when it was. */
    eraseAt: timeOut.nullable(),
    erasedAt: timeOut.nullable(),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Account" });

export const member = z
  .object({
    id: z.string(),
    externalId: z.string().nullable(),
    account: z.string(),
    email: z.string(),
    name: z.string(),
    role: z.enum(["owner", "admin", "developer", "viewer"]),
    status: z.enum(["active", "deactivated"]),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Member" });

export const service = z
  .object({
    id: z.string(),
    externalId: z.string().nullable(),
    account: z.string(),
    name: z.string(),
    description: z.string(),
    metadata: z.record(z.string(), z.json()),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Service" });

const accountParams = z.object({ id: reference("acct") });
const accountResult = z.object({ account, effective: effective.nullable() });
const read = { kind: "management", scope: "claviger:accounts:read" } as const;
const write = { kind: "management", scope: "claviger:accounts:write" } as const;

export const accountOperations = [
  operation({
    id: "accounts.put",
    method: "PUT",
    path: "/v1/accounts/{id}",
    summary: "Create an account under your own id (ext:…), or replace what is known of it",
    access: write,
    params: accountParams,
    body: z.strictObject({ name: line(200), plan: slug.nullable().optional(), metadata: metadata.optional() }),
    responses: {
      200: { description: "Replaced", schema: accountResult },
      201: { description: "Created", schema: accountResult },
    },
    errors: ["NOT_FOUND", "CONFLICT", "STATE_CONFLICT"],
    audit: ["account.created", "account.updated"],
    narrows: true,
  }),
  operation({
    id: "accounts.get",
    method: "GET",
    path: "/v1/accounts/{id}",
    summary: "One account",
    access: read,
    params: accountParams,
    responses: { 200: { description: "The account", schema: account } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "accounts.list",
    method: "GET",
    path: "/v1/accounts",
    summary: "Accounts, newest first",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      status: z.enum(["active", "suspended", "closed"]).optional(),
      plan: slug.optional(),
      q: line(100).optional(),
    }),
    responses: { 200: { description: "A page of accounts", schema: page(account) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "accounts.update",
    method: "PATCH",
    path: "/v1/accounts/{id}",
    summary: "Change parts of an account",
    access: write,
    params: accountParams,
    body: z.strictObject({
      name: line(200).optional(),
      plan: slug.nullable().optional(),
      metadata: metadata.optional(),
    }),
    responses: { 200: { description: "Changed", schema: accountResult } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["account.updated"],
    narrows: true,
  }),
  operation({
    id: "accounts.suspend",
    method: "POST",
    path: "/v1/accounts/{id}/suspend",
    summary: "Refuse every key of an account until it is resumed",
    access: write,
    params: accountParams,
    body: z.strictObject({ reason: prose(500, 1) }),
    responses: { 200: { description: "Suspended everywhere", schema: accountResult } },
    errors: ["NOT_FOUND", "STATE_CONFLICT", "BARRIER_UNCONFIRMED"],
    audit: ["account.suspended"],
    narrows: true,
  }),
  operation({
    id: "accounts.resume",
    method: "POST",
    path: "/v1/accounts/{id}/resume",
    summary: "Let the keys of a suspended account work again",
    access: write,
    params: accountParams,
    responses: { 200: { description: "Resumed", schema: accountResult } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["account.resumed"],
    narrows: false,
  }),
] as const;

const memberParams = z.object({ account: reference("acct"), id: reference("mem") });
const serviceParams = z.object({ account: reference("acct"), id: reference("svc") });
const memberResult = z.object({
  member,
  /** What was begun for the keys of a member who is deactivated, by policy; null where nothing was. */
  offboarding: offboarding.nullable(),
  effective: effective.nullable(),
});

export const memberOperations = [
  operation({
    id: "members.put",
    method: "PUT",
    path: "/v1/accounts/{account}/members/{id}",
    summary: "Create a member of an account, or replace what is known of them",
    access: write,
    params: memberParams,
    body: z.strictObject({
      email: mailAddress,
      name: line(200),
      role: z.enum(["owner", "admin", "developer", "viewer"]),
      status: z.enum(["active", "deactivated"]).default("active"),
    }),
    responses: {
      200: { description: "Replaced", schema: memberResult },
      201: { description: "Created", schema: memberResult },
    },
    errors: ["NOT_FOUND", "CONFLICT", "STATE_CONFLICT", "BARRIER_UNCONFIRMED"],
    audit: [
      "member.created",
      "member.updated",
      "member.offboarded",
      "bulk-act.started",
      "bulk-act.finished",
      "key.revoked",
      "key.suspended",
      "key.updated",
    ],
    narrows: true,
  }),
  operation({
    id: "members.get",
    method: "GET",
    path: "/v1/accounts/{account}/members/{id}",
    summary: "One member",
    access: read,
    params: memberParams,
    responses: { 200: { description: "The member", schema: member } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "members.list",
    method: "GET",
    path: "/v1/accounts/{account}/members",
    summary: "Members of an account, newest first",
    access: read,
    params: z.object({ account: reference("acct") }),
    query: z.strictObject({ ...pageQuery, status: z.enum(["active", "deactivated"]).optional() }),
    responses: { 200: { description: "A page of members", schema: page(member) } },
    errors: ["NOT_FOUND", "INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;

export const serviceOperations = [
  operation({
    id: "services.put",
    method: "PUT",
    path: "/v1/accounts/{account}/services/{id}",
    summary: "Create a calling application of an account, or replace what is known of it",
    access: write,
    params: serviceParams,
    body: z.strictObject({ name: line(200), description: prose(1000).optional(), metadata: metadata.optional() }),
    responses: {
      200: { description: "Replaced", schema: service },
      201: { description: "Created", schema: service },
    },
    errors: ["NOT_FOUND", "CONFLICT", "STATE_CONFLICT"],
    audit: ["service.created", "service.updated"],
    narrows: false,
  }),
  operation({
    id: "services.get",
    method: "GET",
    path: "/v1/accounts/{account}/services/{id}",
    summary: "One service",
    access: read,
    params: serviceParams,
    responses: { 200: { description: "The service", schema: service } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "services.list",
    method: "GET",
    path: "/v1/accounts/{account}/services",
    summary: "Services of an account, newest first",
    access: read,
    params: z.object({ account: reference("acct") }),
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of services", schema: page(service) } },
    errors: ["NOT_FOUND", "INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;
