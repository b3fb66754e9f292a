import { GRACE_STARTS } from "@claviger/core";
import { z } from "zod";
import { approval } from "./approval.ts";
import { effective, id, reference, timeOut, timestamp } from "./common.ts";
import { deliverTo, handOver, ONE_WAY, oneWay } from "./hand-overs.ts";
import { KEY_STATUSES, key, ownKey } from "./keys.ts";
import { linkRequest, newLink } from "./links.ts";
import { operation } from "./operation.ts";
import { ROTATION_LANGUAGES } from "./rotation-instructions.ts";

const ROTATION_PHASES = ["issued", "seen", "confirmed", "retiring", "done", "cancelled", "superseded"] as const;
const VERSION_STATUSES = ["pending", "active", "retiring", "ended"] as const;
/** Hours for which two versions of a key can work side by side, at most. */
const LONGEST_OVERLAP = 168;
const whole = z.number().int();

const overlap = {
  /** Hours for which the old version works on; 0 ends it at once. Left out: as policy says, which is 72. */
  overlapHours: whole.min(0).max(LONGEST_OVERLAP).optional(),
  /** When the overlap begins to count; the old version has a last date in any case. */
  graceStarts: z.enum(GRACE_STARTS).optional(),
};

export const rotation = z
  .object({
    key: z.string(),
    /** The old version and the new one. */
    from: whole,
    to: whole,
    kind: z.enum(["guided", "emergency"]),
    phase: z.enum(ROTATION_PHASES),
    graceStarts: z.enum(GRACE_STARTS),
    overlapHours: z.number(),
    startedAt: timeOut,
    startedBy: z.object({ type: z.string(), id: z.string() }),
    /** When the new version was found to be in use. */
    seenAt: timeOut.nullable(),
    confirmedAt: timeOut.nullable(),
    /** When the old version ends, as things stand; and beyond which nothing moves that. */
    oldEndsAt: timeOut,
    lastDate: timeOut,
    /** When it was over; null while it is open. */
    endedAt: timeOut.nullable(),
    /** Who was registered with the key when it began, and since when each is said to use the new version. */
    dependants: z.array(
      z.object({
        name: z.string(),
        contact: z.string().nullable(),
        doneAt: timeOut.nullable(),
        doneBy: z.object({ type: z.string(), id: z.string() }).nullable(),
      }),
    ),
  })
  .meta({ id: "Rotation" });

/** Who depends on a key is not for whoever holds a secret of it. */
const ownRotation = rotation.omit({ dependants: true }).meta({ id: "OwnRotation" });

const traffic = z.object({
  version: whole,
  firstUsedAt: timeOut.nullable(),
  lastUsedAt: timeOut.nullable(),
  accepted1h: whole,
  accepted24h: whole,
  refused24h: whole,
  /** Of what was accepted within 24 hours, the most used first, 10 at most; null for who does not hold `claviger:usage:read`. */
  sources: z
    .array(
      z.object({
        network: z.string().nullable(),
        country: z.string().nullable(),
        agent: z.string().nullable(),
        service: z.string().nullable(),
        requests: whole,
        lastAt: timeOut,
      }),
    )
    .nullable(),
});

/** What whoever acts should know; it is carried out all the same. */
const warning = z
  .object({
    code: z.enum(["VERSION_IN_USE", "NOT_SEEN_IN_USE", "UNUSUAL_OVERLAP", "DEPENDANTS_WAIT"]),
    message: z.string(),
    traffic: traffic.nullable(),
  })
  .meta({ id: "RotationWarning" });

const instructions = z
  .object({
    variable: z.string(),
    steps: z.array(z.string()),
    languages: z.array(z.object({ language: z.enum(ROTATION_LANGUAGES), code: z.string() })),
  })
  .meta({ id: "RotationInstructions" });

const rotated = {
  secret: z.string().nullable(),
  rotation,
  warnings: z.array(warning),
  instructions,
  effective: effective.nullable(),
};

const shownRotation = z
  .object({
    key: z.string(),
    /** The one in force. */
    version: whole,
    status: z.enum(KEY_STATUSES),
    /** The latest one, open or over; null where the key was never rotated. */
    rotation: rotation.nullable(),
    versions: z.array(
      traffic.extend({
        preview: z.string(),
        status: z.enum(VERSION_STATUSES),
        createdAt: timeOut,
        expiresAt: timeOut.nullable(),
      }),
    ),
    /** For `If-Match`: changes with whatever is done to the rotation. */
    etag: z.string(),
    /** Since when counts and sources are of: 24 hours ago, or later where the key is used very much. */
    since: timeOut,
  })
  .meta({ id: "KeyRotation" });

const params = z.object({ id: id("key") });
const write = { kind: "management", scope: "claviger:keys:write" } as const;
const result = z.object({ rotation, warnings: z.array(warning), effective: effective.nullable() });
const CONFLICTS = ["NOT_FOUND", "STATE_CONFLICT", "CONFLICT", "PRECONDITION_FAILED"] as const;

export const rotationOperations = [
  operation({
    id: "keys.rotate-self",
    method: "POST",
    path: "/v1/keys/self/rotate",
    summary: "Issue the next version of the key that is presented, where policy allows it",
    access: { kind: "holder" },
    body: z.strictObject(overlap).optional(),
    responses: { 201: { description: "Issued", schema: z.object({ key: ownKey, ...rotated, rotation: ownRotation }) } },
    errors: [
      "FORBIDDEN",
      "IP_NOT_ALLOWED",
      "STATE_CONFLICT",
      "CONFLICT",
      "TOO_MANY_ATTEMPTS",
      "KEK_UNAVAILABLE",
      "BARRIER_UNCONFIRMED",
    ],
    audit: ["key.rotated", "rotation.cancelled", "rotation.finished"],
    narrows: true,
  }),
  operation({
    id: "keys.rotate",
    method: "POST",
    path: "/v1/keys/{id}/rotate",
    summary: "Issue the next version of a key; the one before works on for a while, or ends at once",
    access: write,
    params,
    body: z
      .strictObject({
        ...overlap,
        /** Of the key from now on. Left out, it lasts as long again as a new one would. */
        expiresAt: timestamp.nullable().optional(),
        expiresInDays: whole.min(1).max(3650).optional(),
        /** The new secret is handed over so, and not in the answer. */
        link: linkRequest.optional(),
        /** Or to a secret store. */
        deliverTo: deliverTo.optional(),
        /** The member in whose name an emergency is asked for that waits for approval. */
        requestedBy: reference("mem").optional(),
      })
      .refine(oneWay, ONE_WAY)
      .refine((value) => value.expiresAt === undefined || value.expiresInDays === undefined, {
        message: "give expiresAt or expiresInDays, not both",
        path: ["expiresInDays"],
      })
      .optional(),
    responses: {
      201: {
        description: "Issued",
        schema: z.object({ key, link: newLink.nullable(), handOver: handOver.nullable(), ...rotated }),
      },
      202: {
        description: "Waits for approval, as policy says: nothing is done yet",
        schema: z.object({ key, secret: z.null(), approval, effective: effective.nullable() }),
      },
    },
    errors: [
      ...CONFLICTS,
      "GRANT_EXCEEDED",
      "POLICY_VIOLATED",
      "KEY_LIMIT_REACHED",
      "INSUFFICIENT_SCOPE",
      "KEK_UNAVAILABLE",
      "BARRIER_UNCONFIRMED",
    ],
    audit: [
      ...(["key.rotated", "rotation.cancelled", "rotation.finished", "link.created", "hand-over.created"] as const),
      "approval.requested",
    ],
    tag: "takes",
    narrows: true,
  }),
  operation({
    id: "rotation.show",
    method: "GET",
    path: "/v1/keys/{id}/rotation",
    summary: "How the rotation of a key stands, and what each of its versions is used for",
    access: { kind: "management", scope: "claviger:keys:read" },
    params,
    responses: { 200: { description: "The latest rotation and the versions", schema: shownRotation } },
    errors: ["NOT_FOUND"],
    audit: [],
    tag: "gives",
    narrows: false,
  }),
  operation({
    id: "rotation.confirm",
    method: "POST",
    path: "/v1/keys/{id}/rotation/confirm",
    summary: "Say that the integration uses the new version: the old one only waits for its end",
    access: write,
    params,
    responses: { 200: { description: "Confirmed", schema: result } },
    errors: [...CONFLICTS, "BARRIER_UNCONFIRMED"],
    audit: ["rotation.confirmed"],
    tag: "takes",
    narrows: true,
  }),
  operation({
    id: "rotation.acknowledge",
    method: "POST",
    path: "/v1/keys/{id}/rotation/acknowledge",
    summary: "Say that a registered dependant uses the new version; nothing ends by it",
    access: write,
    params,
    body: z.strictObject({
      /** By the name that was registered with the key. */
      dependant: z.string().min(1).max(200),
    }),
    responses: { 200: { description: "Noted", schema: result } },
    errors: CONFLICTS,
    audit: ["rotation.acknowledged"],
    tag: "takes",
    narrows: false,
  }),
  operation({
    id: "rotation.extend",
    method: "POST",
    path: "/v1/keys/{id}/rotation/extend",
    summary: "Let the old version work for some hours more, up to its last date",
    access: write,
    params,
    body: z.strictObject({ hours: whole.min(1).max(LONGEST_OVERLAP) }),
    responses: { 200: { description: "Extended", schema: result } },
    errors: CONFLICTS,
    audit: ["rotation.extended"],
    tag: "takes",
    narrows: false,
  }),
  operation({
    id: "rotation.cancel",
    method: "POST",
    path: "/v1/keys/{id}/rotation/cancel",
    summary: "End the new version everywhere; the old one is in force as before",
    access: write,
    params,
    responses: { 200: { description: "Cancelled", schema: result } },
    errors: [...CONFLICTS, "BARRIER_UNCONFIRMED"],
    audit: ["rotation.cancelled"],
    tag: "takes",
    narrows: true,
  }),
  operation({
    id: "rotation.finish",
    method: "POST",
    path: "/v1/keys/{id}/rotation/finish",
    summary: "End the old version everywhere before this call returns",
    access: write,
    params,
    responses: { 200: { description: "Finished", schema: result } },
    errors: [...CONFLICTS, "INSUFFICIENT_SCOPE", "BARRIER_UNCONFIRMED"],
    audit: ["rotation.finished"],
    tag: "takes",
    narrows: true,
  }),
] as const;
