import { z } from "zod";
import { id, page, pageQuery, reference, timeOut } from "./common.ts";
import { deliverTo } from "./hand-overs.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:keys:read" } as const;
const write = { kind: "management", scope: "claviger:keys:write" } as const;
const whole = z.number().int();
const HELD = ["store", "unclaimed", "refused"] as const;

const schedule = z
  .object({
    key: z.string(),
    account: z.string(),
    /** Null: as the policy of the key says at that time. */
    everyDays: whole.nullable(),
    overlapHours: whole,
    deliverTo,
    /** When the key is rotated, or looked at again, at the soonest. */
    nextAt: timeOut,
    /** Since when it is held up; null where it is not. It is tried again every day. */
    heldSince: timeOut.nullable(),
    /** `store`: the store did not take the secret. `unclaimed`: nobody claimed it. `refused`: the rotation was, by `heldDetail`. */
    heldBecause: z.enum(HELD).nullable(),
    heldDetail: z.string().nullable(),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "RotationSchedule" });

const params = z.object({ id: id("key") });

export const scheduleOperations = [
  operation({
    id: "schedules.put",
    method: "PUT",
    path: "/v1/keys/{id}/schedule",
    summary: "Have a key rotated by itself, and its secrets delivered to a store or offered",
    access: write,
    params,
    body: z.strictObject({
      /** Of a version; left out: `rotationDays` of the key's policy. */
      everyDays: whole.min(1).max(3650).nullable().default(null),
      /** For how long the old version works on once the new one is in use; a week after its issue at the latest. */
      overlapHours: whole.min(24).max(168).default(72),
      deliverTo,
    }),
    responses: {
      200: { description: "Replaced", schema: schedule },
      201: { description: "Created", schema: schedule },
    },
    errors: ["NOT_FOUND", "STATE_CONFLICT"],
    audit: ["schedule.created", "schedule.updated"],
    narrows: false,
  }),
  operation({
    id: "schedules.list",
    method: "GET",
    path: "/v1/schedules",
    summary: "Keys that are rotated by themselves",
    access: read,
    query: z.strictObject({
      ...pageQuery,
      account: reference("acct").optional(),
      held: z.enum(["true", "false"]).optional(),
    }),
    responses: { 200: { description: "A page of schedules, by key", schema: page(schedule) } },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "schedules.get",
    method: "GET",
    path: "/v1/keys/{id}/schedule",
    summary: "By what schedule a key is rotated",
    access: read,
    params,
    responses: { 200: { description: "The schedule", schema: schedule } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "schedules.delete",
    method: "DELETE",
    path: "/v1/keys/{id}/schedule",
    summary: "Rotate a key by itself no more; a rotation that is under way goes on",
    access: write,
    params,
    responses: { 200: { description: "The schedule as it was", schema: schedule } },
    errors: ["NOT_FOUND"],
    audit: ["schedule.deleted"],
    narrows: false,
  }),
] as const;
