import { z } from "zod";
import { page, pageQuery, reference, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:accounts:read" } as const;
const write = { kind: "management", scope: "claviger:accounts:write" } as const;
const params = z.object({ account: reference("acct"), member: reference("mem") });
const whole = z.number().int();

const notices = z
  .object({
    member: z.string(),
    /** Keys that will end by themselves: told to who made or owns them, and to admins of the account. */
    expiry: z.boolean(),
    /** Keys that were revoked, suspended or throttled: told to who made or owns them, or else to admins. */
    ended: z.boolean(),
    /** Keys that have a new version: likewise. */
    rotation: z.boolean(),
    /** Keys whose secret was shown again: told to who made or owns them, and to admins of the account. */
    reveal: z.boolean(),
    /** Requests that wait for the account, told to admins, and what became of them, told to who made or owns the key. */
    approval: z.boolean(),
    /** Budgets of which so much is spent: told to admins. */
    budget: z.boolean(),
  })
  .meta({ id: "Notices" });

const mail = z
  .object({
    id: z.string(),
    account: z.string(),
    member: z.string(),
    /** `dropped`: nothing of what it was to tell was so any more. */
    state: z.enum(["waiting", "sent", "failed", "dropped"]),
    /** `status`: as the server of mails answered; null where it did not, or took the mail. */
    attempts: z.array(z.object({ at: timeOut, status: whole.nullable(), error: z.string().nullable(), ms: whole })),
    /** When it is tried next; null where it is not. */
    dueAt: timeOut.nullable(),
    createdAt: timeOut,
    endedAt: timeOut.nullable(),
  })
  .meta({ id: "Mail" });

export const noticeOperations = [
  operation({
    id: "notices.get",
    method: "GET",
    path: "/v1/accounts/{account}/members/{member}/notices",
    summary: "What a member is told by mail",
    access: read,
    params,
    responses: { 200: { description: "By kind", schema: notices } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "notices.put",
    method: "PUT",
    path: "/v1/accounts/{account}/members/{member}/notices",
    summary: "Say what a member is told by mail; a kind that is left out stays as it is",
    access: write,
    params,
    body: z.strictObject({
      expiry: z.boolean().optional(),
      ended: z.boolean().optional(),
      rotation: z.boolean().optional(),
      reveal: z.boolean().optional(),
      approval: z.boolean().optional(),
      budget: z.boolean().optional(),
    }),
    responses: { 200: { description: "By kind", schema: notices } },
    errors: ["NOT_FOUND"],
    audit: ["member-notices.updated"],
    narrows: false,
  }),
  operation({
    id: "notices.list-mails",
    method: "GET",
    path: "/v1/mails",
    summary: "Mails to members, newest first, with every attempt",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      state: z.enum(["waiting", "sent", "failed", "dropped"]).optional(),
    }),
    responses: { 200: { description: "A page of mails", schema: page(mail) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;
