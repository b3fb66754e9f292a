/** SCIM 2.0 (RFC 7643, 7644): an identity provider creates, changes and deactivates members of one account. */
import { z } from "zod";
import { id, line, mailAddress, reference, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const access = { kind: "management", scope: "claviger:scim:write" } as const;
const json = { contentType: "application/scim+json" };
/** Providers send more than anybody asks for; what is not known is left aside, as the standard has it. */
const resource = z.looseObject({});
const params = z.object({ id: z.string().max(204) });

/** What is kept of a user, after it was read from whatever shape a provider gives it. */
export const scimAttributes = z.object({
  userName: line(254),
  externalId: line(200).nullable(),
  name: line(200),
  givenName: line(100).nullable(),
  familyName: line(100).nullable(),
  email: mailAddress,
  role: z.enum(["owner", "admin", "developer", "viewer"]),
  active: z.boolean(),
});

/** Beside the contract's other operations: their form is the standard's, and clients for it exist. */
export const scimOperations = [
  operation({
    id: "scim.config",
    method: "GET",
    path: "/scim/v2/ServiceProviderConfig",
    summary: "What of SCIM is supported",
    access,
    responses: { 200: { description: "The configuration", ...json } },
    errors: [],
    audit: [],
    narrows: false,
    errorsAs: "scim",
  }),
  operation({
    id: "scim.list",
    method: "GET",
    path: "/scim/v2/Users",
    summary: 'Members as users, by a filter such as userName eq "ada@acme.example"',
    access,
    query: z.object({
      filter: z.string().max(1_000).optional(),
      startIndex: z.coerce.number().int().max(1e9).default(1),
      count: z.coerce.number().int().max(1e9).default(100),
    }),
    responses: { 200: { description: "A page of users", ...json } },
    errors: [],
    audit: [],
    narrows: false,
    errorsAs: "scim",
  }),
  operation({
    id: "scim.get",
    method: "GET",
    path: "/scim/v2/Users/{id}",
    summary: "One user",
    access,
    params,
    responses: { 200: { description: "The user", ...json } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
    errorsAs: "scim",
  }),
  operation({
    id: "scim.create",
    method: "POST",
    path: "/scim/v2/Users",
    summary: "Create a member",
    access,
    body: resource,
    responses: { 201: { description: "Created", ...json } },
    errors: ["CONFLICT"],
    audit: ["member.created", "member.updated"],
    narrows: false,
    errorsAs: "scim",
  }),
  operation({
    id: "scim.replace",
    method: "PUT",
    path: "/scim/v2/Users/{id}",
    summary: "Replace what is known of a member",
    access,
    params,
    body: resource,
    responses: { 200: { description: "Replaced", ...json } },
    errors: ["NOT_FOUND", "CONFLICT"],
    audit: ["member.updated", "member.offboarded"],
    narrows: true,
    errorsAs: "scim",
  }),
  operation({
    id: "scim.patch",
    method: "PATCH",
    path: "/scim/v2/Users/{id}",
    summary: "Change parts of a member, such as active",
    access,
    params,
    body: resource,
    responses: { 200: { description: "Changed", ...json } },
    errors: ["NOT_FOUND", "CONFLICT"],
    audit: ["member.updated", "member.offboarded"],
    narrows: true,
    errorsAs: "scim",
  }),
  operation({
    id: "scim.delete",
    method: "DELETE",
    path: "/scim/v2/Users/{id}",
    summary: "Deactivate a member, who is shown over SCIM no more",
    access,
    params,
    responses: { 204: { description: "Deactivated" } },
    errors: ["NOT_FOUND"],
    audit: ["member.updated", "member.offboarded"],
    narrows: true,
    errorsAs: "scim",
  }),
] as const;

const credential = z
  .object({ key: z.string(), account: z.string(), createdAt: timeOut })
  .meta({ id: "ScimCredential" });
const bound = z.object({ id: reference("acct"), key: id("key") });
const manage = { kind: "management", scope: "claviger:management:write" } as const;

export const scimCredentialOperations = [
  operation({
    id: "scim-credentials.put",
    method: "PUT",
    path: "/v1/accounts/{id}/scim-credentials/{key}",
    summary: "Bind a management key that holds claviger:scim:write alone to an account, for its identity provider",
    access: manage,
    params: bound,
    responses: { 200: { description: "Bound", schema: credential } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["scim-credential.created"],
    narrows: false,
  }),
  operation({
    id: "scim-credentials.delete",
    method: "DELETE",
    path: "/v1/accounts/{id}/scim-credentials/{key}",
    summary: "Take the binding away; the key may do nothing more",
    access: manage,
    params: bound,
    responses: { 200: { description: "What it was", schema: credential } },
    errors: ["NOT_FOUND"],
    audit: ["scim-credential.deleted"],
    narrows: false,
  }),
  operation({
    id: "scim-credentials.list",
    method: "GET",
    path: "/v1/accounts/{id}/scim-credentials",
    summary: "Keys that provision members of an account, ten at most",
    access: { kind: "management", scope: "claviger:accounts:read" },
    params: z.object({ id: reference("acct") }),
    responses: { 200: { description: "All of them", schema: z.object({ data: z.array(credential) }) } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
] as const;
