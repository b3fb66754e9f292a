import { approvalOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const listApprovals: ApiCommand = {
  operation: pick(approvalOperations, "approvals.list"),
  examples: ["claviger approvals list --status requested", "claviger approvals list --account ext:acme --json"],
  columns: ["id", "status", "kind", "key", "label", "environment", "approver", "createdAt", "dueAt"],
};
