/** Test rotations and revocations that leave a dated record (D8). */
import { z } from "zod";
import { id, page, pageQuery, slug, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:drills:read" } as const;
const write = { kind: "management", scope: "claviger:drills:write" } as const;

const drill = z
  .object({
    id: z.string(),
    environment: z.string(),
    status: z.enum(["running", "passed", "failed"]),
    startedBy: z.object({ type: z.string(), id: z.string() }),
    startedAt: timeOut,
    finishedAt: timeOut.nullable(),
    /** The key that was made for it, which is ended. */
    key: z.string().nullable(),
    /** In the order in which they were taken; the first that failed is the last. */
    steps: z.array(z.object({ step: z.string(), ok: z.boolean(), tookMs: z.number().int(), detail: z.string() })),
  })
  .meta({ id: "Drill" });

export const drillOperations = [
  operation({
    id: "drills.list",
    method: "GET",
    path: "/v1/drills",
    summary: "Drills that were held, newest first",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of drills", schema: page(drill) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "drills.standing",
    method: "GET",
    path: "/v1/drills/standing",
    summary: "When a drill passed last, and whether one is overdue",
    access: read,
    responses: {
      200: {
        description: "How drills stand",
        schema: z.object({
          /** 0: none is asked for. */
          everyDays: z.number().int(),
          /** None has passed within these days and one more: a finding. */
          overdue: z.boolean(),
          lastStartedAt: timeOut.nullable(),
          lastPassedAt: timeOut.nullable(),
        }),
      },
    },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "drills.get",
    method: "GET",
    path: "/v1/drills/{id}",
    summary: "One drill, with what came of each step",
    access: read,
    params: z.strictObject({ id: id("drl") }),
    responses: { 200: { description: "The drill", schema: drill } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "drills.start",
    method: "POST",
    path: "/v1/drills",
    summary:
      "Hold a drill now: make a key, rotate it, revoke it, and look each time whether it is decided about as it must be",
    access: write,
    body: z.strictObject({ environment: slug.optional() }).optional(),
    responses: { 200: { description: "What came of it, passed or failed", schema: drill } },
    errors: ["STATE_CONFLICT"],
    audit: [
      "drill.started",
      "drill.finished",
      "account.created",
      "key.created",
      "key.rotated",
      "rotation.finished",
      "key.revoked",
    ],
    narrows: false,
  }),
] as const;
