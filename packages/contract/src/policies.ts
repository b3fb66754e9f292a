import { APPROVAL_KINDS, DORMANCY_ACTIONS, POLICY_RULES, parseLabelPattern, REQUIRABLE_FIELDS } from "@claviger/core";
import { z } from "zod";
import { keyless, page, pageQuery, prose, reference, slug, tier, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const days = z.number().int().min(1).max(3650).nullable();
const labelPattern = keyless(z.string().min(1).max(200)).superRefine((text, context) => {
  const parsed = parseLabelPattern(text);
  if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.fault });
});
const distinct = (list: readonly unknown[]): boolean => new Set(list).size === list.length;
const approvalRule = z.strictObject({
  by: z.enum(["account", "staff"]),
  acts: z.array(z.enum(APPROVAL_KINDS)).min(1).max(3).optional(),
  tiers: z.array(tier).min(1).max(3).optional(),
  sensitive: z.literal(true).optional(),
  environments: z.array(slug).min(1).max(50).optional(),
});

const VIEWED = "A view lists the keys that are beyond it.";
const WARNS = "Days before its end on which a key's people are told.";
const ACTS = "What is done with a dormant key, after notice.";
const NOTICE = "Days from the notice until that is done.";

/** What a policy can say; null sets no bound. */
const values = {
  lifetimeDays: days.optional(),
  maxLifetimeDays: days.optional(),
  rotationDays: days.optional().describe(VIEWED),
  overlapHours: z.number().int().min(0).max(168).optional(),
  warningDays: z
    .array(z.number().int().min(1).max(365))
    .max(10)
    .refine(distinct, "must not repeat a day")
    .optional()
    .describe(WARNS),
  dormancyDays: days.optional().describe(VIEWED),
  dormancyAction: z.enum(DORMANCY_ACTIONS).optional().describe(ACTS),
  dormancyNoticeDays: z.number().int().min(0).max(365).optional().describe(NOTICE),
  approvals: z.array(approvalRule).max(20).optional(),
  requiredFields: z.array(z.enum(REQUIRABLE_FIELDS)).max(10).refine(distinct, "must not repeat a field").optional(),
  labelPatterns: z.array(labelPattern).max(5).optional(),
  requireIpBinding: z.boolean().optional(),
  maxActiveKeys: z.number().int().min(1).max(1_000_000).nullable().optional(),
};
const risks = z
  .strictObject({
    low: z.strictObject(values).optional(),
    elevated: z.strictObject(values).optional(),
    high: z.strictObject(values).optional(),
  })
  .optional();

/** What a customer may make stricter on one key. */
export const ownValues = z.strictObject({
  maxLifetimeDays: values.maxLifetimeDays,
  rotationDays: values.rotationDays,
  overlapHours: values.overlapHours,
  warningDays: values.warningDays,
  dormancyDays: values.dormancyDays,
  dormancyAction: values.dormancyAction,
  dormancyNoticeDays: values.dormancyNoticeDays,
  requireIpBinding: values.requireIpBinding,
});

const policy = z
  .object({
    name: z.string(),
    description: z.string().nullable(),
    ...values,
    risks,
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Policy" });

const accountPolicy = z
  .object({
    account: z.string(),
    /** The policy that the account refers to. */
    policy: z.string().nullable(),
    /** What is set for this account alone. */
    overrides: z.object({ ...values, risks }),
    updatedAt: timeOut.nullable(),
  })
  .meta({ id: "AccountPolicy" });

const environmentPolicy = z
  .object({ environment: z.string(), policy: z.string().nullable(), updatedAt: timeOut.nullable() })
  .meta({ id: "EnvironmentPolicy" });

const layer = z.enum(["built-in", "platform", "account-policy", "account", "environment", "key"]);
const resolved = <T extends z.ZodType>(value: T) => z.object({ value, layers: z.array(layer), why: z.string() });
const whole = z.number().int();

/** What holds for one key, and for each value which layer set it. */
export const keyPolicy = z
  .object({
    key: z.string(),
    risk: z.enum(["low", "elevated", "high"]),
    approval: z
      .enum(["account", "staff"])
      .nullable()
      .describe("Whose approval a new key like this one needs, and a change that lets it do more."),
    /** What is set on the key itself. */
    own: ownValues,
    values: z.object({
      lifetimeDays: resolved(whole.nullable()),
      maxLifetimeDays: resolved(whole.nullable()),
      rotationDays: resolved(whole.nullable()).describe(VIEWED),
      overlapHours: resolved(whole),
      warningDays: resolved(z.array(whole)).describe(WARNS),
      dormancyDays: resolved(whole.nullable()).describe(VIEWED),
      dormancyAction: resolved(z.enum(DORMANCY_ACTIONS)).describe(ACTS),
      dormancyNoticeDays: resolved(whole).describe(NOTICE),
      approvals: resolved(z.array(approvalRule)),
      requiredFields: resolved(z.array(z.enum(REQUIRABLE_FIELDS))),
      labelPatterns: resolved(z.array(z.string())),
      requireIpBinding: resolved(z.boolean()),
      maxActiveKeys: resolved(whole.nullable()),
    }),
  })
  .meta({ id: "KeyPolicy" });

/** How a stricter policy comes to the keys there are. */
const tightening = {
  /** Days until which no key ends sooner by it. */
  graceDays: z.number().int().min(1).max(365).default(14),
  /** How many keys end sooner, as the preview says; needed for more than 20. */
  confirm: z.number().int().min(0).max(1e9).optional(),
};

const enforcement = z
  .object({
    id: z.string(),
    /** `policy:<name>`, `account:<id>` or `environment:<name>`. */
    subject: z.string(),
    graceUntil: timeOut,
    /** Keys that were looked at so far, and those that end sooner. */
    looked: whole,
    shortened: whole,
    /** A newer change of the same subject took its place, with its grace. */
    superseded: z.boolean(),
    startedAt: timeOut,
    /** When all keys had been looked at, or a newer one took its place before; null until then. */
    finishedAt: timeOut.nullable(),
  })
  .meta({ id: "PolicyEnforcement" });

const rule = z.enum(POLICY_RULES);
const brokenKey = z.object({
  key: z.string(),
  account: z.string(),
  label: z.string(),
  expiresAt: timeOut.nullable(),
  /** When it would end; null where it would not end sooner. */
  endsAt: timeOut.nullable(),
  breaks: z.array(z.object({ rule, path: z.string(), message: z.string() })),
});
const preview = z.object({
  /** Of all keys; null for a page after the first. */
  counts: z.object({ looked: whole, ending: whole, broken: z.record(rule, whole) }).nullable(),
  graceUntil: timeOut,
  data: z.array(brokenKey).describe("Keys by id; empty for who does not hold claviger:keys:read as well."),
  nextCursor: z.string().nullable(),
});
const previewBody = z
  .strictObject({
    policy: z.strictObject({ name: slug, ...values, risks }).optional(),
    account: z
      .strictObject({
        id: reference("acct"),
        policy: slug.nullable().optional(),
        overrides: z.strictObject({ ...values, risks }).optional(),
      })
      .optional(),
    environment: z.strictObject({ name: slug, policy: slug.nullable() }).optional(),
    graceDays: tightening.graceDays,
    limit: z.number().int().min(1).max(200).default(50),
    cursor: z.string().min(1).max(500).optional(),
  })
  .refine(
    ({ policy, account, environment }) =>
      [policy, account, environment].filter((each) => each !== undefined).length === 1,
    { message: "name one of policy, account and environment", path: ["policy"] },
  );

const put = <T extends z.ZodType>(thing: T) => z.object({ policy: thing, enforcement: enforcement.nullable() });
const read = { kind: "management", scope: "claviger:policies:read" } as const;
const write = { kind: "management", scope: "claviger:policies:write" } as const;
const named = z.object({ name: slug });
const byAccount = z.object({ id: reference("acct") });

export const policyOperations = [
  operation({
    id: "policies.put",
    method: "PUT",
    path: "/v1/policies/{name}",
    summary: "Define a policy: how long keys live and what they must have",
    access: write,
    params: named,
    body: z.strictObject({ description: prose(500).nullable().optional(), ...values, risks, ...tightening }),
    responses: {
      200: { description: "Replaced", schema: put(policy) },
      201: { description: "Created", schema: put(policy) },
    },
    errors: ["CONFIRMATION_REQUIRED", "CONFLICT"],
    audit: ["policy.created", "policy.updated"],
    narrows: false,
  }),
  operation({
    id: "policies.get",
    method: "GET",
    path: "/v1/policies/{name}",
    summary: "One policy",
    access: read,
    params: named,
    responses: { 200: { description: "The policy", schema: policy } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "policies.list",
    method: "GET",
    path: "/v1/policies",
    summary: "Policies, by name",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of policies", schema: page(policy) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "policies.put-account",
    method: "PUT",
    path: "/v1/accounts/{id}/policy",
    summary: "Say which policy holds for an account, and what is set for it alone",
    access: write,
    params: byAccount,
    body: z.strictObject({
      policy: slug.nullable().optional(),
      overrides: z.strictObject({ ...values, risks }).optional(),
      ...tightening,
    }),
    responses: { 200: { description: "Set", schema: put(accountPolicy) } },
    errors: ["NOT_FOUND", "CONFIRMATION_REQUIRED", "CONFLICT"],
    audit: ["account-policy.updated"],
    narrows: false,
  }),
  operation({
    id: "policies.get-account",
    method: "GET",
    path: "/v1/accounts/{id}/policy",
    summary: "The policy of an account, and what is set for it alone",
    access: read,
    params: byAccount,
    responses: { 200: { description: "What is set", schema: accountPolicy } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "policies.put-environment",
    method: "PUT",
    path: "/v1/environments/{name}/policy",
    summary: "Give an environment a policy, which only makes stricter what holds for its keys",
    access: write,
    params: named,
    body: z.strictObject({ policy: slug.nullable(), ...tightening }),
    responses: { 200: { description: "Set", schema: put(environmentPolicy) } },
    errors: ["NOT_FOUND", "CONFIRMATION_REQUIRED", "CONFLICT"],
    audit: ["environment-policy.updated"],
    narrows: false,
  }),
  operation({
    id: "policies.get-environment",
    method: "GET",
    path: "/v1/environments/{name}/policy",
    summary: "The policy of an environment",
    access: read,
    params: named,
    responses: { 200: { description: "What is set", schema: environmentPolicy } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "policies.preview",
    method: "POST",
    path: "/v1/policies/preview",
    summary: "Which keys a changed policy would end or find wrong, and when; changes nothing",
    access: read,
    body: previewBody,
    responses: { 200: { description: "What would become of the keys there are", schema: preview } },
    errors: ["NOT_FOUND", "INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "policies.list-enforcements",
    method: "GET",
    path: "/v1/policy-enforcements",
    summary: "How far stricter policies have come to the keys there are, newest first",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of enforcements", schema: page(enforcement) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;
