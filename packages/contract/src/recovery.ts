/** Showing the secret of a recoverable key again. */
import { z } from "zod";
import { id, prose } from "./common.ts";
import { operation } from "./operation.ts";

export const recoveryOperations = [
  operation({
    id: "keys.reveal",
    method: "POST",
    path: "/v1/keys/{id}/reveal",
    summary: "Show the secret of a recoverable key again: on record with its reason, and told to those whose key it is",
    access: { kind: "management", scope: "claviger:keys:reveal" },
    params: z.object({ id: id("key") }),
    body: z.strictObject({
      /** Why it is needed, in the audit trail and in what people are told. */
      reason: prose(500, 1),
      /** The one in force where it is left out. */
      version: z.number().int().min(1).max(2_147_483_647).optional(),
    }),
    responses: {
      200: {
        description: "The secret, to be kept in no cache",
        schema: z.object({
          key: z.string(),
          version: z.number().int(),
          /** Null where the answer is repeated. */
          secret: z.string().nullable(),
        }),
      },
    },
    errors: ["NOT_FOUND", "KEY_NOT_RECOVERABLE", "STATE_CONFLICT", "KEK_UNAVAILABLE", "TOO_MANY_ATTEMPTS"],
    audit: ["key.revealed"],
    narrows: false,
  }),
] as const;
