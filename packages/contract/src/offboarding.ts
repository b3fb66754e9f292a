/** Off-boarding: what becomes of the keys of members who leave. */
import { z } from "zod";
import { effective, prose, reference, timeOut } from "./common.ts";
import { bulkAct, bulkResult, selectedKeys } from "./ending.ts";
import { operation } from "./operation.ts";

const whole = z.number().int();
const LEFT_KEYS = ["keep", "suspend", "revoke", "hand-over"] as const;
const leftKeys = z.enum(LEFT_KEYS);
const team = z.string().regex(/^team:[a-z0-9][a-z0-9_-]{0,62}$/, "must be team:<name>");
/** A member of the account (mem_… or ext:<your id>) or a team. */
const target = z
  .string()
  .max(204)
  .refine(
    (text) => team.safeParse(text).success || reference("mem").safeParse(text).success,
    "must be a member (mem_… or ext:<your id>) or team:<name>",
  );

function namesTarget({ keys, to }: { keys?: unknown; to?: unknown }): boolean {
  return (keys === "hand-over") === (to !== undefined);
}
const NAMES_TARGET = { message: "goes with keys hand-over, which needs it", path: ["to"] };

const policy = z
  .object({
    keys: leftKeys,
    to: z.string().nullable(),
    setBy: z.enum(["account", "platform", "built-in"]),
    updatedAt: timeOut.nullable(),
  })
  .meta({ id: "OffboardingPolicy" });

/** One time that a member left. Where whom the keys were to go to is gone, they are suspended. */
export const offboarding = z
  .object({
    member: z.string(),
    keys: leftKeys,
    to: z.string().nullable(),
    /** Keys that they owned, and those that they had made and others own, which are not touched. */
    owned: whole,
    made: whole,
    bulkAct: z.string().nullable(),
    startedAt: timeOut,
  })
  .meta({ id: "Offboarding" });

const facts = selectedKeys.omit({ confirm: true });
const answer = z.object({
  dryRun: z.boolean(),
  /** What would be done, of a dry run. */
  preview: z
    .object({
      keys: leftKeys,
      to: z.string().nullable(),
      owned: facts,
      made: facts,
      /** The number that must be typed back; null where none must. */
      confirm: whole.nullable(),
    })
    .nullable(),
  offboarding: offboarding.nullable(),
  bulkAct: bulkAct.nullable(),
  /** Of each key where there are 1 000 at most; else `GET /v1/bulk-acts/{id}/results`. */
  results: z.array(bulkResult),
  effective: effective.nullable(),
});

const params = z.object({ account: reference("acct"), id: reference("mem") });
const byAccount = z.object({ id: reference("acct") });
const read = { kind: "management", scope: "claviger:policies:read" } as const;
const write = { kind: "management", scope: "claviger:policies:write" } as const;

export const offboardingOperations = [
  operation({
    id: "offboarding.put",
    method: "PUT",
    path: "/v1/offboarding",
    summary: "Say what becomes of the keys of members who leave, in all accounts that say nothing else",
    access: write,
    body: z.strictObject({ keys: leftKeys.nullable(), to: team.optional() }).refine(namesTarget, NAMES_TARGET),
    responses: { 200: { description: "What holds now", schema: policy } },
    errors: [],
    audit: ["offboarding-policy.updated"],
    narrows: false,
  }),
  operation({
    id: "offboarding.get",
    method: "GET",
    path: "/v1/offboarding",
    summary: "What becomes of the keys of members who leave",
    access: read,
    responses: { 200: { description: "What holds", schema: policy } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "offboarding.put-account",
    method: "PUT",
    path: "/v1/accounts/{id}/offboarding",
    summary: "Say it for one account; null takes that away",
    access: write,
    params: byAccount,
    body: z.strictObject({ keys: leftKeys.nullable(), to: target.optional() }).refine(namesTarget, NAMES_TARGET),
    responses: { 200: { description: "What holds now", schema: policy } },
    errors: ["NOT_FOUND"],
    audit: ["offboarding-policy.updated"],
    narrows: false,
  }),
  operation({
    id: "offboarding.get-account",
    method: "GET",
    path: "/v1/accounts/{id}/offboarding",
    summary: "What becomes of the keys of members of one account who leave, and who said so",
    access: read,
    params: byAccount,
    responses: { 200: { description: "What holds", schema: policy } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "members.offboard",
    method: "POST",
    path: "/v1/accounts/{account}/members/{id}/offboard",
    summary: "Deactivate a member, and suspend, hand over, revoke or keep the keys that they own",
    access: { kind: "management", scope: "claviger:accounts:write" },
    params,
    body: z
      .strictObject({
        /** Left out: as the policy says. Otherwise it takes the scope of such an act on keys as well. */
        keys: leftKeys.optional(),
        to: target.optional(),
        reason: prose(500, 1).optional(),
        dryRun: z.boolean().default(false),
        /** Of more than 20 keys that end or stop: how many. */
        confirm: z.number().int().min(0).optional(),
        waitSeconds: z.number().int().min(0).max(30).default(20),
      })
      .refine(namesTarget, NAMES_TARGET)
      .optional(),
    responses: {
      200: { description: "Done, and in force everywhere; or what a dry run found", schema: answer },
      202: { description: "Under way: it goes on by itself", schema: answer },
    },
    errors: ["NOT_FOUND", "CONFIRMATION_REQUIRED", "BARRIER_UNCONFIRMED"],
    audit: [
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
    id: "members.offboarding",
    method: "GET",
    path: "/v1/accounts/{account}/members/{id}/offboarding",
    summary: "What was done to the keys of a member when they left",
    access: { kind: "management", scope: "claviger:accounts:read" },
    params,
    responses: { 200: { description: "The last time that they left", schema: offboarding } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
] as const;
