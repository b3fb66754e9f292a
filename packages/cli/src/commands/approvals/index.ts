import { approveApproval } from "./approve.ts";
import { cancelApproval } from "./cancel.ts";
import { claimApproval } from "./claim.ts";
import { denyApproval } from "./deny.ts";
import { getApproval } from "./get.ts";
import { listApprovals } from "./list.ts";

export const approvals = [
  listApprovals,
  getApproval,
  approveApproval,
  denyApproval,
  cancelApproval,
  claimApproval,
] as const;
