import { approvalOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const cancelApproval: ApiCommand = {
  operation: pick(approvalOperations, "approvals.cancel"),
  examples: ["claviger approvals cancel apr_01M8414TSEEBKV20QTA45NWYH3"],
};
