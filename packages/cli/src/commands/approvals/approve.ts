import { approvalOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const approveApproval: ApiCommand = {
  operation: pick(approvalOperations, "approvals.approve"),
  examples: [
    'claviger approvals approve apr_01M8414TSEEBKV20QTA45NWYH3 --comment "Agreed with their CTO"',
    "claviger approvals approve apr_01M8414TSEEBKV20QTA45NWYH3 --by ext:ada",
  ],
};
