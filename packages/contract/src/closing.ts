/** Closing an account: its keys end, what is known of it can be exported, and is erased after a while. */
import { z } from "zod";
import { account } from "./accounts.ts";
import { effective, prose, reference } from "./common.ts";
import { bulkAct, bulkResult, selectedKeys } from "./ending.ts";
import { operation } from "./operation.ts";

const params = z.object({ id: reference("acct") });
const answer = z.object({
  dryRun: z.boolean(),
  account,
  /** What would end, of a dry run. */
  selected: selectedKeys.nullable(),
  bulkAct: bulkAct.nullable(),
  /** Of each key where there are 1 000 at most; else `GET /v1/bulk-acts/{id}/results`. */
  results: z.array(bulkResult),
  effective: effective.nullable(),
});

export const closingOperations = [
  operation({
    id: "accounts.close",
    method: "POST",
    path: "/v1/accounts/{id}/close",
    summary: "Close an account for good: its keys end, and what is known of its people is erased after a while",
    access: { kind: "management", scope: "claviger:accounts:close" },
    params,
    body: z.strictObject({
      reason: prose(500, 1),
      /** Until then everything can be exported. 0: at once. */
      eraseAfterDays: z.number().int().min(0).max(3_650).default(30),
      dryRun: z.boolean().default(false),
      /** Of more than 20 keys: how many. */
      confirm: z.number().int().min(0).optional(),
      waitSeconds: z.number().int().min(0).max(30).default(20),
    }),
    responses: {
      200: { description: "Closed, and in force everywhere; or what a dry run found", schema: answer },
      202: { description: "Closed; its keys are ended one after another, and refused already", schema: answer },
    },
    errors: ["NOT_FOUND", "STATE_CONFLICT", "CONFIRMATION_REQUIRED", "BARRIER_UNCONFIRMED"],
    audit: ["account.closed", "bulk-act.started", "bulk-act.finished", "key.revoked"],
    narrows: true,
  }),
  operation({
    id: "accounts.export",
    method: "POST",
    path: "/v1/accounts/{id}/export",
    summary: "All that is known of an account, its people and its keys, as a stream of lines; no secret is among it",
    access: { kind: "management", scope: "claviger:accounts:export" },
    params,
    responses: {
      200: {
        description: "A JSON object on each line; the last one tells their number",
        contentType: "application/x-ndjson",
      },
    },
    errors: ["NOT_FOUND"],
    audit: ["account.exported"],
    narrows: false,
  }),
] as const;
