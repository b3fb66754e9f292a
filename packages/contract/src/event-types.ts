import { APPROVAL_KINDS } from "@claviger/core";
import { z } from "zod";
import { timeOut } from "./common.ts";
import { REVOKE_REASONS } from "./keys.ts";

/** One type of event that webhooks are told. */
export interface EventType {
  readonly type: string;
  readonly description: string;
  /** Of `data`. */
  readonly data: z.ZodObject;
}

const event = (type: string, description: string, data: z.ZodRawShape): EventType => ({
  ...{ type, description },
  data: z.object(data),
});

const key = z.string().describe("Id of the key");
const account = z.string().describe("Id of the account");
const whole = z.number().int();

const APPROVAL = {
  ...{ approval: z.string().describe("Id of the request"), key },
  kind: z
    .enum(APPROVAL_KINDS)
    .describe(
      "create: a new key; update: a change that lets a key do more; rotate: a rotation that ends the old version at once",
    ),
};
const HAND_OVER = {
  ...{ handOver: z.string().describe("Id of the hand-over"), key, version: whole },
  store: z.string().nullable().describe("Id of the store; null where there is none"),
};
const SPLIT = { split: z.string().describe("Id of the split"), key };
const LINK = { link: z.string().describe("Id of the link"), key, version: whole.describe("The version that it is to") };

const ROTATION = [
  ["cancelled", "A rotation was cancelled; the old version goes on"],
  ["confirmed", "Somebody says that the new version is in use"],
  ["extended", "The old version of a key works for longer"],
  ["finished", "The old version of a key has ended"],
  ["seen_in_use", "The new version of a key was used for the first time"],
  ["started", "A key has a new version, and the old one will end"],
] as const;

/** Every type of event, by name. New ones may be added, and fields to those that are here; receivers take no notice of what they do not know. */
export const EVENT_TYPES: readonly EventType[] = [
  event("account.closed", "An account was closed for good, and its keys end", {
    account,
    keys: whole.describe("Keys that were not revoked yet"),
    eraseAt: timeOut.describe("When what is known of its people is erased"),
  }),
  event("account.created", "An account was created", { account }),
  event("account.erased", "What was known of the people of a closed account was erased", { account }),
  event("account.resumed", "The keys of a suspended account work again", { account }),
  event("account.suspended", "Every key of an account is refused until it is resumed", {
    account,
    reason: z.string().nullable(),
  }),
  event("approval.approved", "A request was approved: a change is made, a new key or version may be claimed", APPROVAL),
  event("approval.denied", "A request was denied, for good", APPROVAL),
  event("approval.expired", "Nobody decided a request in time, or claimed the secret", APPROVAL),
  event("approval.requested", "Somebody must decide on a new key, a change of one, or a rotation in an emergency", {
    ...APPROVAL,
    approver: z.enum(["account", "staff"]).describe("account: an owner or admin of it; staff: the platform"),
  }),
  event("budget.crossed", "50, 80 or 100 % of a month's budget was spent", {
    account,
    key: key.nullable().describe("Null where the budget is of all keys of the account together"),
    measure: z.enum(["requests", "cost"]),
    period: z.string().describe("Month of UTC, as 2026-01"),
    percent: whole,
    amount: whole,
    spent: whole,
  }),
  event("drill.finished", "A test rotation and a test revocation were held", {
    ...{ drill: z.string(), environment: z.string(), passed: z.boolean() },
    failedAt: z.string().nullable().describe("The step that failed; null where all passed"),
  }),
  event(
    "hand-over.offered",
    "A secret waits to be claimed, once, by who may manage keys; it is not in here",
    HAND_OVER,
  ),
  event("key.created", "A key was created", { key, environment: z.string().nullable() }),
  event("key.resumed", "A suspended key works again", { key }),
  event("key.revoked", "A key was revoked, for good", { key, reason: z.enum(REVOKE_REASONS) }),
  event(
    "key.dormant",
    "A key is not used any more, and ends unless it is used again: by its policy, and after this notice",
    {
      key,
      days: whole.describe("Without a use, after which its policy takes it for dormant"),
      action: z.enum(["suspend", "revoke"]),
      actsAt: timeOut.describe("When that is done"),
    },
  ),
  event("key.revealed", "Somebody had the secret of a recoverable key shown again", {
    key,
    version: whole.describe("The version that it is to"),
    reason: z.string().describe("In the words of who wanted it"),
  }),
  event("key.suspended", "A key is refused until it is resumed", { key, reason: z.string().nullable() }),
  event("key.throttled", "A key has a lower limit until a last date", {
    key,
    amount: whole,
    per: z.enum(["second", "minute", "hour", "day"]),
    until: timeOut,
    reason: z.string(),
  }),
  event("key.unthrottled", "The lower limit of a key was taken away before its last date", { key }),
  event("key.updated", "What is known of a key was changed", {
    key,
    fields: z.array(z.string()).describe("Names of the fields that changed"),
  }),
  event("bulk-act.finished", "An act on many keys is done", {
    bulkAct: z.string(),
    outcomes: z.record(z.string(), z.json()).describe("Numbers of keys by what became of them"),
  }),
  event("member.offboarded", "A member has left, and their keys are acted on", {
    member: z.string(),
    keys: z.enum(["keep", "suspend", "revoke", "hand-over"]).describe("What becomes of the keys that they own"),
    owned: whole,
    made: whole.describe("Keys that they had made and others own, which are not touched"),
    bulkAct: z.string().nullable().describe("The act on the keys that they own; null where there is none"),
  }),
  event("keys.imported", "An import is done", {
    ...{ import: z.string(), lines: whole, imported: whole },
    known: whole.describe("Lines of keys that were there already"),
    failed: whole,
  }),
  event("keys.created", "Many keys were created at once", { keys: z.array(key) }),
  event("keys.expiring", "Keys will end by themselves; each is named once for each day of warning of its policy", {
    account,
    keys: z.array(
      z.object({
        ...{ key, version: whole, expiresAt: timeOut },
        day: whole.describe("Days before its end, of the policy, for which it is named"),
      }),
    ),
  }),
  event(
    "link.locked",
    "A one-time link ended after attempts of somebody who had it, and not its passphrase or address",
    LINK,
  ),
  event("link.opened", "A one-time link was opened, and showed its secret", LINK),
  event("metering.closed", "A month of metering closed, and does not change any more", {
    period: z.string(),
    accepted: whole,
    refused: whole,
    cost: whole,
    rows: whole,
  }),
  event("rotation.acknowledged", "A dependant is said to use the new version of a key", {
    ...{ key, environment: z.string().nullable(), to: whole.describe("The version that comes") },
    waiting: whole.describe("Dependants who are not known to use it yet"),
  }),
  ...ROTATION.map(([news, description]) =>
    event(`rotation.${news}`, description, {
      key,
      environment: z.string().nullable(),
      from: whole.describe("The version that goes"),
      to: whole.describe("The version that comes"),
      kind: z.string(),
      phase: z.string(),
      oldEndsAt: timeOut.nullable(),
      ...(news === "started" && {
        dependants: whole.describe("Registered with the key; who they are, the rotation says"),
        members: z.array(z.string()).describe("Ids of those who are members of the account: they are told by mail"),
      }),
    }),
  ),
  event(
    "schedule.held",
    "A key could not be rotated by its schedule; the old version goes on, and it is tried again every day",
    {
      key,
      because: z.enum(["store", "unclaimed", "refused"]),
      detail: z.string().nullable().describe("Where it was refused: the code of the error"),
    },
  ),
  event("split.caller_found", "Somebody uses a key that is being split who was no caller yet", {
    ...{ ...SPLIT, caller: z.string().describe("Name of the caller") },
    service: z.string().nullable().describe("Which of your services was called"),
    network: z.string().nullable(),
    agent: z.string().nullable(),
  }),
  event("split.cancelled", "The split of a key was cancelled; the key goes on", SPLIT),
  event("split.finished", "The split of a key is over, and the key is revoked", {
    ...SPLIT,
    because: z
      .enum(["quiet", "asked", "key"])
      .describe("quiet: all callers had moved; asked: somebody finished it; key: the key was ended otherwise"),
  }),
  event("split.started", "Each caller of a shared key is to have one of its own", {
    ...SPLIT,
    callers: whole.describe("Callers that were found"),
  }),
  event("store.delivered", "A secret store took the secret of a key", HAND_OVER),
  event("store.failed", "A secret store did not take the secret of a key in time", HAND_OVER),
  event("view.gained", "A saved view whose keeper wishes to be told has keys that it did not have", {
    view: z.string().describe("Its name"),
    owner: z.string().describe("The management key that keeps it"),
    gained: whole.describe("Keys that are new in it"),
    total: whole.describe("Keys in it; 10 000 at most"),
    keys: z.array(z.string()).describe("Ids of those that are new, 20 at most"),
  }),
  event("webhook.disabled", "A webhook is told nothing until it is put again", {
    webhook: z.string(),
    reason: z.enum(["gone", "failing"]).describe("gone: it answered 410. failing: nothing was accepted for two days"),
  }),
  event("webhook.test", "Somebody tries out a webhook", { webhook: z.string() }),
];

/** What is posted to a webhook. */
export const eventBody = z.object({
  id: z.string().describe("As in the header webhook-id; the same at every attempt and when it is sent again"),
  type: z.string(),
  timestamp: timeOut.describe("When it happened"),
  account: z.string().nullable().describe("Id of the account that it is about"),
  data: z.record(z.string(), z.json()).describe("By type, see below"),
});

/** JSON schema of an event's data, or of what is posted. */
export const eventSchema = (of: z.ZodObject) => z.toJSONSchema(of);
