export {
  checkPolicy,
  defaultExpiry,
  latestExpiry,
  POLICY_RULES,
  type PolicyFault,
  type PolicyRule,
  type PolicySubject,
} from "./check-key.ts";
export { parseLabelPattern } from "./label-pattern.ts";
export {
  APPROVAL_KINDS,
  type ApprovalKind,
  type ApprovalRule,
  BUILT_IN_MANAGEMENT_POLICY,
  BUILT_IN_POLICY,
  DORMANCY_ACTIONS,
  type DormancyAction,
  KEY_POLICY_VALUES,
  type KeyPolicy,
  type PartialPolicy,
  type PolicyBody,
  type PolicyValueName,
  type PolicyValues,
  REQUIRABLE_FIELDS,
  RISKS,
  type Risk,
} from "./policy.ts";
export {
  type NamedPolicy,
  type PolicyLayerKind,
  type PolicyLayers,
  type ResolvedPolicy,
  type ResolvedValue,
  resolvePolicy,
} from "./resolve-policy.ts";
export { approverOf, riskOf } from "./risk.ts";
export { atLeastAsStrict } from "./strictness.ts";
