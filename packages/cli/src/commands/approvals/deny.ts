import { approvalOperations, pick } from "@claviger/contract";
import type { ApiCommand } from "../../api/api-command.ts";

export const denyApproval: ApiCommand = {
  operation: pick(approvalOperations, "approvals.deny"),
  examples: ['claviger approvals deny apr_01M8414TSEEBKV20QTA45NWYH3 --by ext:ada --comment "Read access will do"'],
};
