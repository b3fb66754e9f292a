import { approvalOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const claimApproval: ApiCommand = {
  operation: pick(approvalOperations, "approvals.claim"),
  examples: ["claviger approvals claim apr_01M8414TSEEBKV20QTA45NWYH3"],
};
