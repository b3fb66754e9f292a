import { z } from "zod";
import { cidr, id, line, page, pageQuery, reference, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const LINK_STATES = ["open", "opened", "expired", "revoked", "locked", "void"] as const;
const LONGEST_MINUTES = 10_080;

/** How a secret is handed over instead of standing in the answer. */
export const linkRequest = z
  .strictObject({
    /** 5 minutes to 7 days; a day where it is left out. */
    expiresInMinutes: z.number().int().min(5).max(LONGEST_MINUTES).default(1_440),
    /** Asked of whoever opens it, and kept nowhere; tell it to them by another way. */
    passphrase: line(200, 8).optional(),
    /** From where alone it can be opened; from anywhere where it is left out. */
    allowedIps: z.array(cidr).min(1).max(20).optional(),
    /** Whom it is for; a note. */
    recipient: line(200).optional(),
  })
  .meta({ id: "LinkRequest" });

const fields = {
  id: z.string(),
  account: z.string(),
  key: z.string(),
  version: z.number().int(),
  state: z.enum(LINK_STATES),
  recipient: z.string().nullable(),
  /** Whether it asks for one. */
  passphrase: z.boolean(),
  allowedIps: z.array(z.string()),
  createdBy: z.string(),
  createdAt: timeOut,
  expiresAt: timeOut,
  /** When it was opened, or ended otherwise; null while it is open. */
  endedAt: timeOut.nullable(),
  /** Of whoever opened it. */
  openedFrom: z.string().nullable(),
  /** Attempts to open it that failed. */
  failures: z.number().int(),
};

const link = z.object(fields).meta({ id: "Link" });

/** `url`: once, to whoever asked for it; null where the answer is repeated. */
export const newLink = z.object({ ...fields, url: z.string().nullable() }).meta({ id: "NewLink" });

const read = { kind: "management", scope: "claviger:keys:read" } as const;
const write = { kind: "management", scope: "claviger:keys:write" } as const;
const params = z.object({ id: id("link") });

export const linkOperations = [
  operation({
    id: "links.list",
    method: "GET",
    path: "/v1/links",
    summary: "One-time links, newest first; never what they open",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      key: id("key").optional(),
      state: z.enum(LINK_STATES).optional(),
    }),
    responses: { 200: { description: "A page of links", schema: page(link) } },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "links.get",
    method: "GET",
    path: "/v1/links/{id}",
    summary: "One link, and what became of it",
    access: read,
    params,
    responses: { 200: { description: "The link", schema: link } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "links.revoke",
    method: "POST",
    path: "/v1/links/{id}/revoke",
    summary: "End a link that nobody has opened; its secret is gone with it",
    access: write,
    params,
    responses: { 200: { description: "It can be opened no more", schema: link } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["link.revoked"],
    narrows: false,
  }),
  operation({
    id: "links.open",
    method: "POST",
    path: "/v1/links/open",
    summary: "Open a link: its secret is in this answer and nowhere else, and the link is spent",
    access: { kind: "public" },
    body: z.strictObject({
      /** What stands behind the `#` of the link's address. */
      token: z.string().regex(/^[A-Za-z0-9_-]{43}$/, "must be what stands behind the # of the link, 43 characters"),
      passphrase: line(200, 1).optional(),
    }),
    responses: {
      200: {
        description: "Opened, for the only time",
        schema: z.object({
          secret: z.string(),
          key: z.string(),
          version: z.number().int(),
          label: z.string(),
          environment: z.string().nullable(),
          expiresAt: timeOut.nullable(),
        }),
      },
    },
    errors: ["NOT_FOUND", "LINK_ENDED", "PASSPHRASE_NEEDED", "IP_NOT_ALLOWED", "TOO_MANY_ATTEMPTS"],
    audit: ["link.opened", "link.failed", "link.locked"],
    narrows: false,
  }),
] as const;
