import type { Tier } from "../scopes/index.ts";

/** How much harm a key could do, derived from its grant and never chosen: see `riskOf`. */
export const RISKS = ["low", "elevated", "high"] as const;
export type Risk = (typeof RISKS)[number];

export const DORMANCY_ACTIONS = ["flag", "suspend", "revoke"] as const;
export type DormancyAction = (typeof DORMANCY_ACTIONS)[number];

/** Fields of a key that a policy may ask for. */
export const REQUIRABLE_FIELDS = [
  "owner",
  "service",
  "purpose",
  "rationale",
  "storedIn",
  "criticality",
  "runbookUrl",
  "dependants",
  "audiences",
  "tags",
] as const;
export type RequirableField = (typeof REQUIRABLE_FIELDS)[number];

/** What may wait for somebody: a new key, a change that lets a key do more, a rotation that ends the old version at once. */
export const APPROVAL_KINDS = ["create", "update", "rotate"] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/**
 * Keys that need somebody's approval (A8). A rule applies where all that it names is so; one that names nothing applies to every key.
 * `account`: an admin of the account approves; `staff`: the platform does.
 */
export interface ApprovalRule {
  readonly by: "account" | "staff";
  /** What is done is one of these; left out: `create` or `update`. */
  readonly acts?: readonly ApprovalKind[] | undefined;
  /** The grant reaches one of these tiers, by its tier or by a scope. */
  readonly tiers?: readonly Tier[] | undefined;
  /** `true`: the grant names a sensitive scope. */
  readonly sensitive?: true | undefined;
  /** The key is of one of these environments. */
  readonly environments?: readonly string[] | undefined;
}

/**
 * What a policy can say. Days are of 24 hours; `null` sets no bound. Rotation intervals, warnings and dormancy are resolved and
 * told; views list the keys that are beyond them, and nothing else is done by them.
 */
export interface PolicyValues {
  /** Days until a key expires where nobody says when; null: never. Capped by `maxLifetimeDays`. */
  readonly lifetimeDays: number | null;
  /** Days that a key may live at most, from the issue of its version in use; null: for ever, so that `never` may be asked for. */
  readonly maxLifetimeDays: number | null;
  /** Days after which a key is to be rotated. */
  readonly rotationDays: number | null;
  /** Hours that the old version works beside the new one in a rotation, 0-168. */
  readonly overlapHours: number;
  /** Days before its expiry on which a key's people are warned, most first. */
  readonly warningDays: readonly number[];
  /** Days without use after which a key that was used is dormant. */
  readonly dormancyDays: number | null;
  readonly dormancyAction: DormancyAction;
  /** Days between the notice of suspending or revoking a dormant key and the act. */
  readonly dormancyNoticeDays: number;
  readonly approvals: readonly ApprovalRule[];
  readonly requiredFields: readonly RequirableField[];
  /** Every one must match the whole label; for their language see `parseLabelPattern`. */
  readonly labelPatterns: readonly string[];
  /** Whether a key must be bound to IP ranges. */
  readonly requireIpBinding: boolean;
  /** Keys of an account that are neither revoked nor expired. */
  readonly maxActiveKeys: number | null;
}

export type PolicyValueName = keyof PolicyValues;

/** What one policy says: of all keys, and more strictly of keys of a risk. What is left out is said by others. */
export type PartialPolicy = { readonly [Name in PolicyValueName]?: PolicyValues[Name] | undefined };
export interface PolicyBody extends PartialPolicy {
  readonly risks?: { readonly [R in Risk]?: PartialPolicy | undefined } | undefined;
}

/** Values that a customer may set on a key of its own, where they are at least as strict as what stands above. */
export const KEY_POLICY_VALUES = [
  "maxLifetimeDays",
  "rotationDays",
  "overlapHours",
  "warningDays",
  "dormancyDays",
  "dormancyAction",
  "dormancyNoticeDays",
  "requireIpBinding",
] as const satisfies readonly PolicyValueName[];
export type KeyPolicy = Pick<PartialPolicy, (typeof KEY_POLICY_VALUES)[number]>;

/** What holds for customers' keys where no policy says otherwise (D1). */
export const BUILT_IN_POLICY: PolicyValues & Pick<PolicyBody, "risks"> = Object.freeze({
  lifetimeDays: 90,
  maxLifetimeDays: null,
  rotationDays: 90,
  overlapHours: 72,
  warningDays: [30, 14, 7, 3, 1],
  dormancyDays: 90,
  dormancyAction: "flag",
  dormancyNoticeDays: 14,
  approvals: [],
  requiredFields: [],
  labelPatterns: [],
  requireIpBinding: false,
  maxActiveKeys: null,
  risks: { elevated: { rotationDays: 60 }, high: { lifetimeDays: 30, maxLifetimeDays: 365, rotationDays: 30 } },
});

/** The same for management and verifier credentials, which no default of customers' keys reaches. */
export const BUILT_IN_MANAGEMENT_POLICY: PolicyValues = Object.freeze({
  ...BUILT_IN_POLICY,
  lifetimeDays: null,
  rotationDays: null,
  dormancyDays: null,
  risks: undefined,
});
