import { approvalOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const getApproval: ApiCommand = {
  operation: pick(approvalOperations, "approvals.get"),
  examples: ["claviger approvals get apr_01M8414TSEEBKV20QTA45NWYH3"],
};
