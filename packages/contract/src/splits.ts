/** One shared key in the place of which each of its callers is given one of its own (K3). */
import { z } from "zod";
import { effective, id, line, page, pageQuery, prose, reference, slug, tier, timeOut } from "./common.ts";
import { deliverTo, ONE_WAY, oneWay } from "./hand-overs.ts";
import { ownerReference } from "./key-fields.ts";
import { askedKey, createKeyShape, issuedKey, ONE_EXPIRY, oneExpiry } from "./keys.ts";
import { linkRequest } from "./links.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:keys:read" } as const;
const write = { kind: "management", scope: "claviger:keys:write" } as const;
const whole = z.number().int();
const SPLIT_STATES = ["open", "finished", "cancelled"] as const;

const split = z
  .object({
    ...{ id: z.string(), key: z.string(), account: z.string(), state: z.enum(SPLIT_STATES) },
    /** How far back callers are looked for. */
    days: whole,
    /** For so many hours nobody must have used the key before it is revoked by itself. */
    quietHours: whole,
    /** Whether it is revoked by itself. */
    revokes: z.boolean(),
    startedBy: z.object({ type: z.string(), id: z.string() }),
    startedAt: timeOut,
    endedAt: timeOut.nullable(),
    /** `quiet`: all callers had moved. `asked`: somebody finished it. `key`: the key was ended otherwise. Null where it was cancelled. */
    endedBecause: z.enum(["quiet", "asked", "key"]).nullable(),
  })
  .meta({ id: "Split" });

const nullableText = z.string().nullable();
const caller = z
  .object({
    name: z.string(),
    /**
     * Whose requests are this caller's: all that is named is the same. The caller that names most takes a request. `service` is yours,
     * which was called. All of them null: requests of which nothing is told.
     */
    match: z.object({ service: nullableText, network: nullableText, agent: nullableText }),
    description: nullableText,
    /** Found in traffic, and not put by somebody. */
    found: z.boolean(),
    /**
     * `waiting`: it has no key of its own, or none that works. `requested`: that waits for approval. `issued`: it has one, and has not used
     * it. `moving`: it uses both. `moved`: it uses its own, and for `quietHours` not the shared one. `dropped`: it is to have none.
     */
    progress: z.enum(["waiting", "requested", "issued", "moving", "moved", "dropped"]),
    /** Of the shared key, accepted, in the days before it was found. */
    requests: whole,
    /** The same within the last 24 hours. */
    requests24h: whole,
    /** Where it was let through with the shared key, 100 at most. */
    routes: z.array(z.object({ method: nullableText, route: nullableText })),
    /** With the shared key. */
    firstSeenAt: timeOut.nullable(),
    lastSeenAt: timeOut.nullable(),
    /** The least grant that its routes need; null where that is not known, or no less than the shared key has. */
    suggestion: z.object({ tier: tier.nullable(), scopes: z.array(z.string()) }).nullable(),
    /** Its own, and who owns it. */
    key: nullableText,
    owner: nullableText,
    keyFirstUsedAt: timeOut.nullable(),
    keyLastUsedAt: timeOut.nullable(),
  })
  .meta({ id: "SplitCaller" });

const shownSplit = z
  .object({
    split,
    callers: z.array(caller),
    /** What is left of the traffic of the shared key: what was accepted. */
    remaining: z.object({
      lastUsedAt: timeOut.nullable(),
      requests24h: whole,
      /** Of those, by nobody who is a caller here. */
      unlisted24h: whole,
      /** Since when the two are counted: 24 hours ago, or later where the key is used so much that not all is looked at. */
      since: timeOut,
    }),
    standing: z.object({
      /** Nothing is in the way of revoking it. */
      ready: z.boolean(),
      /** Callers that have not moved and are not dropped. */
      waitingFor: z.array(z.string()),
      /** There are more callers than are listed: put some together. */
      unlisted: z.boolean(),
      /** When it will have been quiet for long enough, if nobody uses it any more. */
      quietAt: timeOut,
    }),
  })
  .meta({ id: "SplitShown" });

const ofKey = z.object({ id: id("key") });
const ofCaller = z.object({ id: id("key"), name: slug });
const match = z.strictObject({
  service: line(200).optional(),
  network: line(64).optional(),
  agent: line(200).optional(),
});

export const splitOperations = [
  operation({
    id: "splits.start",
    method: "POST",
    path: "/v1/keys/{id}/split",
    summary: "Find out who uses a shared key, so that each is given one of its own",
    access: write,
    params: ofKey,
    body: z
      .strictObject({
        /** How far back callers are looked for. Who calls once a month is found in 35 days. */
        days: whole.min(1).max(90).default(35),
        /** For so many hours nobody must have used the key before it is revoked. */
        quietHours: whole.min(1).max(2160).default(168),
        /** Whether it is revoked by itself once every caller has moved. */
        revokes: z.boolean().default(true),
      })
      .optional(),
    responses: { 201: { description: "Begun; its callers are asked for with `splits.get`", schema: split } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["split.started"],
    narrows: false,
  }),
  operation({
    id: "splits.list",
    method: "GET",
    path: "/v1/splits",
    summary: "Splits, newest first",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      state: z.enum(SPLIT_STATES).optional(),
    }),
    responses: { 200: { description: "A page of splits", schema: page(split) } },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "splits.get",
    method: "GET",
    path: "/v1/keys/{id}/split",
    summary: "How far the split of a key is: its latest",
    access: read,
    params: ofKey,
    responses: { 200: { description: "Its callers, and what is left of its traffic", schema: shownSplit } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "splits.finish",
    method: "POST",
    path: "/v1/keys/{id}/split/finish",
    summary: "Revoke the shared key now; refused while somebody uses it or has not moved, unless `early`",
    access: write,
    params: ofKey,
    body: z.strictObject({ early: z.boolean().default(false) }).optional(),
    responses: {
      200: {
        description: "Revoked everywhere",
        schema: z.object({ split, effective: effective.nullable() }),
      },
    },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["split.finished", "key.revoked"],
    narrows: true,
  }),
  operation({
    id: "splits.cancel",
    method: "POST",
    path: "/v1/keys/{id}/split/cancel",
    summary: "Leave the shared key as it is; the keys that were issued go on",
    access: write,
    params: ofKey,
    responses: { 200: { description: "Cancelled", schema: split } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["split.cancelled"],
    narrows: false,
  }),
] as const;

export const splitCallerOperations = [
  operation({
    id: "split-callers.put",
    method: "PUT",
    path: "/v1/keys/{id}/split/callers/{name}",
    summary: "Say who a caller is; takes over those that were found and are part of it, unless they have a key",
    access: write,
    params: ofCaller,
    body: z.strictObject({
      match,
      description: prose(500).nullable().default(null),
      /** It is to have no key of its own: what is left of it does not keep the shared key from being revoked. */
      dropped: z.boolean().default(false),
    }),
    responses: {
      200: { description: "Changed", schema: split },
      201: { description: "Added", schema: split },
    },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["split-caller.created", "split-caller.updated"],
    narrows: false,
  }),
  operation({
    id: "split-callers.delete",
    method: "DELETE",
    path: "/v1/keys/{id}/split/callers/{name}",
    summary: "Forget a caller that has no key; it is found again where its requests are nobody else's",
    access: write,
    params: ofCaller,
    responses: { 200: { description: "Without it", schema: split } },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["split-caller.deleted"],
    narrows: false,
  }),
  operation({
    id: "split-callers.issue",
    method: "POST",
    path: "/v1/keys/{id}/split/callers/{name}/key",
    summary: "Issue a caller a key of its own, with less than the shared one and an owner",
    access: write,
    params: ofCaller,
    body: z
      .strictObject({
        ...callersKeyShape(),
        /** Who answers for it. */
        owner: ownerReference,
        ...{ link: linkRequest.optional(), deliverTo: deliverTo.optional() },
      })
      .refine(oneWay, ONE_WAY)
      .refine(oneExpiry, ONE_EXPIRY),
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
    audit: ["split-caller.issued", "key.created", "link.created", "hand-over.created", "approval.requested"],
    narrows: false,
  }),
] as const;

/** What is left out is as the shared key has it; without tier and scopes, as is suggested. */
function callersKeyShape() {
  const { account: _, environment: __, label, ...shape } = createKeyShape;
  return { ...shape, label: label.optional() };
}
