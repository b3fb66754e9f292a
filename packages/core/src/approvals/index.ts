export {
  type ApprovalPhase,
  type ApprovalState,
  isOpenApproval,
  type Party,
  phaseAt,
} from "./approval.ts";
export { type ApprovalEvent, type ApprovalOutcome, type ApprovalRefusal, stepApproval } from "./step.ts";
