import { z } from "zod";
import { line, page, pageQuery, reference, slug, timeOut, timestamp } from "./common.ts";
import { EVENT_TYPES } from "./event-types.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:webhooks:read" } as const;
const write = { kind: "management", scope: "claviger:webhooks:write" } as const;
const whole = z.number().int();

const shape = {
  id: z.string(),
  /** Whose events it is told; null for those of the whole platform. */
  account: z.string().nullable(),
  /** Of a Slack webhook without its secret part. */
  url: z.string(),
  format: z.enum(["standard", "slack"]),
  description: z.string().nullable(),
  /** Types of events, or `*` alone for all. */
  events: z.array(z.string()),
  status: z.enum(["active", "disabled"]),
  /** `gone`: it answered 410. `failing`: nothing was accepted for two days. `asked`: somebody did it. */
  disabledReason: z.enum(["gone", "failing", "asked"]).nullable(),
  disabledAt: timeOut.nullable(),
  /** The first failure since something was accepted. */
  failingSince: timeOut.nullable(),
  /** Until when the secret before signs as well. */
  formerSecretUntil: timeOut.nullable(),
  createdAt: timeOut,
  updatedAt: timeOut,
};
const webhook = z.object(shape).meta({ id: "Webhook" });
const withSecret = z
  /** Shown once, when it was made; null afterwards. */
  .object({ ...shape, secret: z.string().nullable() })
  .meta({ id: "WebhookWithSecret" });

const delivery = z
  .object({
    id: z.string(),
    webhook: z.string(),
    /** As in the header webhook-id. */
    event: z.string(),
    type: z.string(),
    /** 0, and 1 and more for each time it was sent again because somebody asked. */
    repeat: whole,
    state: z.enum(["waiting", "delivered", "failed"]),
    /** `status`: of the answer; null where there was none. */
    attempts: z.array(z.object({ at: timeOut, status: whole.nullable(), error: z.string().nullable(), ms: whole })),
    /** When it is tried next; null where it is not. */
    dueAt: timeOut.nullable(),
    createdAt: timeOut,
    endedAt: timeOut.nullable(),
  })
  .meta({ id: "Delivery" });

const eventType = z
  .object({
    type: z.string(),
    description: z.string(),
    /** JSON schema of `data`. */
    schema: z.record(z.string(), z.json()),
  })
  .meta({ id: "EventType" });

const known: ReadonlySet<string> = new Set(EVENT_TYPES.map(({ type }) => type));
const subscribed = z
  .array(z.string().max(100))
  .min(1)
  .max(100)
  .refine(
    (types) => types.every((type) => type === "*" || known.has(type)),
    "must be types of events, see GET /v1/event-types",
  )
  .refine((types) => !types.includes("*") || types.length === 1, "must be * alone, or types of events")
  .refine((types) => new Set(types).size === types.length, "must name each type once");

const params = z.object({ id: slug });

export const webhookOperations = [
  operation({
    id: "webhooks.put",
    method: "PUT",
    path: "/v1/webhooks/{id}",
    summary: "Have events posted to an address; put again, a disabled one is active again",
    access: write,
    params,
    body: z.strictObject({
      url: line(2_000),
      events: subscribed,
      account: reference("acct").nullable().optional(),
      format: z.enum(["standard", "slack"]).default("standard"),
      description: line(200).nullable().optional(),
      enabled: z.boolean().default(true),
    }),
    responses: {
      200: { description: "Replaced", schema: withSecret },
      201: { description: "Created; the secret is shown here and nowhere else", schema: withSecret },
    },
    errors: ["NOT_FOUND", "CONFLICT"],
    audit: ["webhook.created", "webhook.updated"],
    narrows: false,
  }),
  operation({
    id: "webhooks.get",
    method: "GET",
    path: "/v1/webhooks/{id}",
    summary: "One webhook, never its secret",
    access: read,
    params,
    responses: { 200: { description: "The webhook", schema: webhook } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "webhooks.list",
    method: "GET",
    path: "/v1/webhooks",
    summary: "Webhooks, by id",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      status: z.enum(["active", "disabled"]).optional(),
    }),
    responses: { 200: { description: "A page of webhooks", schema: page(webhook) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "webhooks.rotate-secret",
    method: "POST",
    path: "/v1/webhooks/{id}/rotate-secret",
    summary: "Make a new secret; for some hours both sign, so that the receiver may change over",
    access: write,
    params,
    body: z.strictObject({ overlapHours: z.number().int().min(0).max(168).default(24) }),
    responses: { 200: { description: "The new secret is shown here and nowhere else", schema: withSecret } },
    errors: ["NOT_FOUND"],
    audit: ["webhook.rotated"],
    narrows: false,
  }),
  operation({
    id: "webhooks.test",
    method: "POST",
    path: "/v1/webhooks/{id}/test",
    summary: "Send it a webhook.test event",
    access: write,
    params,
    responses: { 202: { description: "It is on its way", schema: delivery } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["webhook.tested"],
    narrows: false,
  }),
  operation({
    id: "webhooks.deliveries",
    method: "GET",
    path: "/v1/webhooks/{id}/deliveries",
    summary: "What was sent to a webhook, newest first, with every attempt",
    access: read,
    params,
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(["waiting", "delivered", "failed"]).optional(),
      event: z.string().max(40).optional(),
    }),
    responses: { 200: { description: "A page of deliveries", schema: page(delivery) } },
    errors: ["NOT_FOUND", "INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "webhooks.replay",
    method: "POST",
    path: "/v1/webhooks/{id}/replay",
    summary: "Send one delivery again, or all events of a span of time, delivered before or not",
    access: write,
    params,
    body: z
      .strictObject({
        delivery: z.string().max(40).optional(),
        from: timestamp.optional(),
        to: timestamp.optional(),
        cursor: pageQuery.cursor,
      })
      .refine(
        ({ delivery, from, to, cursor }) =>
          delivery === undefined
            ? from !== undefined && to !== undefined
            : from === undefined && to === undefined && cursor === undefined,
        "must name a delivery, or from and to",
      ),
    responses: {
      202: {
        description: "So many are on their way; where there are more, ask again with the cursor",
        schema: z.object({ replayed: whole, nextCursor: z.string().nullable() }),
      },
    },
    errors: ["NOT_FOUND", "STATE_CONFLICT", "INVALID_CURSOR"],
    audit: ["webhook.replayed"],
    narrows: false,
  }),
  operation({
    id: "webhooks.delete",
    method: "DELETE",
    path: "/v1/webhooks/{id}",
    summary: "Tell a webhook nothing more, and forget it and its deliveries",
    access: write,
    params,
    responses: { 200: { description: "What it was", schema: webhook } },
    errors: ["NOT_FOUND"],
    audit: ["webhook.deleted"],
    narrows: false,
  }),
] as const;

export const eventTypeOperations = [
  operation({
    id: "event-types.list",
    method: "GET",
    path: "/v1/event-types",
    summary: "What webhooks can be told, with the schema of each",
    access: read,
    responses: { 200: { description: "All types, on one page", schema: page(eventType) } },
    errors: [],
    audit: [],
    narrows: false,
  }),
] as const;
