import { APPROVAL_KINDS } from "@claviger/core";
import { z } from "zod";
import { timeOut } from "./common.ts";

export const APPROVAL_STATUSES = ["requested", "approved", "done", "denied", "cancelled", "expired"] as const;
const party = z.object({ key: z.string(), member: z.string().nullable() });

/** A request that waits for somebody else, or has. */
export const approval = z
  .object({
    id: z.string(),
    kind: z.enum(APPROVAL_KINDS),
    key: z.string(),
    account: z.string(),
    environment: z.string(),
    label: z.string(),
    /** Whose decision policy asks for: an owner or admin of the account, or the platform. */
    approver: z.enum(["account", "staff"]),
    status: z.enum(APPROVAL_STATUSES),
    /** Field by field what is and what would be; of a new key only what would be. */
    before: z.record(z.string(), z.json()),
    after: z.record(z.string(), z.json()),
    /** The management key that asked, and the member in whose name. */
    requestedBy: party,
    decidedBy: party.nullable(),
    comment: z.string().nullable(),
    createdAt: timeOut,
    /** Until then it can be decided, and once it is approved claimed. */
    dueAt: timeOut,
    decidedAt: timeOut.nullable(),
    endedAt: timeOut.nullable(),
  })
  .meta({ id: "Approval" });
