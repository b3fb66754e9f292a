import { accountOperations, memberOperations, serviceOperations } from "./accounts.ts";
import { approvalOperations } from "./approvals.ts";
import { auditOperations } from "./audit.ts";
import { budgetOperations } from "./budgets.ts";
import { environmentOperations, planOperations, scopeOperations } from "./catalogue.ts";
import { closingOperations } from "./closing.ts";
import { drillOperations } from "./drills.ts";
import { bulkActOperations, endingOperations } from "./ending.ts";
import { importOperations } from "./imports.ts";
import { keyOperations } from "./keys.ts";
import { linkOperations } from "./links.ts";
import { meteringOperations } from "./metering.ts";
import { nodeOperations } from "./nodes.ts";
import { noticeOperations } from "./notices.ts";
import { offboardingOperations } from "./offboarding.ts";
import type { Operation } from "./operation.ts";
import { pageOperations } from "./pages.ts";
import { policyOperations } from "./policies.ts";
import { recoveryOperations } from "./recovery.ts";
import { rotationOperations } from "./rotation.ts";
import { scheduleOperations } from "./schedules.ts";
import { scimCredentialOperations } from "./scim.ts";
import { splitCallerOperations, splitOperations } from "./splits.ts";
import { handOverOperations, storeOperations } from "./stores.ts";
import { systemOperations } from "./system.ts";
import { usageOperations } from "./usage.ts";
import { verificationOperations } from "./verification.ts";
import { viewOperations } from "./views.ts";
import { eventTypeOperations, webhookOperations } from "./webhooks.ts";

export { account, accountOperations, member, memberOperations, service, serviceOperations } from "./accounts.ts";
export { approvalOperations } from "./approvals.ts";
export { auditEvent, auditOperations } from "./audit.ts";
export { budgetOperations } from "./budgets.ts";
export { environment, environmentOperations, plan, planOperations, scope, scopeOperations } from "./catalogue.ts";
export { closingOperations } from "./closing.ts";
export { effective, problem } from "./common.ts";
export { drillOperations } from "./drills.ts";
export { bulkActOperations, endingOperations } from "./ending.ts";
export { EVENT_TYPES, type EventType, eventBody, eventSchema } from "./event-types.ts";
export { importHookAnswer, importLine, importOperations } from "./imports.ts";
export {
  createKeyBody,
  KEY_STATUSES,
  key,
  keyOperations,
  keySort,
  ownKey,
  REVOKE_REASONS,
  updateKeyBody,
} from "./keys.ts";
export { linkOperations } from "./links.ts";
export { meteringOperations } from "./metering.ts";
export { node, nodeOperations } from "./nodes.ts";
export { noticeOperations } from "./notices.ts";
export { offboardingOperations } from "./offboarding.ts";
export { openApiDocument } from "./openapi.ts";
export {
  type Access,
  type BodyOf,
  type LineOf,
  MANAGEMENT_SCOPES,
  type ManagementScope,
  type Operation,
  type ParamsOf,
  pick,
  type QueryOf,
} from "./operation.ts";
export { pageOperations } from "./pages.ts";
export { policyOperations } from "./policies.ts";
export { recoveryOperations } from "./recovery.ts";
export { rotationOperations } from "./rotation.ts";
export { rotationInstructions } from "./rotation-instructions.ts";
export { scheduleOperations } from "./schedules.ts";
export { scimAttributes, scimCredentialOperations, scimOperations } from "./scim.ts";
export { splitCallerOperations, splitOperations } from "./splits.ts";
export { handOverOperations, storeOperations } from "./stores.ts";
export { systemOperations } from "./system.ts";
export { usageOperations } from "./usage.ts";
export { verdict, verificationOperations } from "./verification.ts";
export { verifyBody } from "./verify-body.ts";
export { BUILT_IN_VIEWS, type BuiltInView, isBuiltInView, type ViewFilter, viewOperations } from "./views.ts";
export { eventTypeOperations, webhookOperations } from "./webhooks.ts";

/** Every operation of the contract, in the order of the reference. */
export const OPERATIONS: readonly Operation[] = [
  ...accountOperations,
  ...memberOperations,
  ...offboardingOperations,
  ...scimCredentialOperations,
  ...serviceOperations,
  ...scopeOperations,
  ...environmentOperations,
  ...planOperations,
  ...policyOperations,
  ...keyOperations,
  ...endingOperations,
  ...rotationOperations,
  ...scheduleOperations,
  ...splitOperations,
  ...splitCallerOperations,
  ...linkOperations,
  ...recoveryOperations,
  ...storeOperations,
  ...handOverOperations,
  ...importOperations,
  ...bulkActOperations,
  ...drillOperations,
  ...approvalOperations,
  ...viewOperations,
  ...verificationOperations,
  ...pageOperations,
  ...usageOperations,
  ...meteringOperations,
  ...budgetOperations,
  ...webhookOperations,
  ...noticeOperations,
  ...eventTypeOperations,
  ...auditOperations,
  ...nodeOperations,
  ...systemOperations,
  // Last, because nothing can be done with what is closed.
  ...closingOperations,
];
