/** Ending keys: what would break, ending many at once, and the mild act. */
import { z } from "zod";
import { effective, id, line, page, pageQuery, prose, reference, timeOut } from "./common.ts";
import { KEY_STATUSES, key, REVOKE_REASONS, viewName } from "./keys.ts";
import { operation } from "./operation.ts";
import { throttleBody } from "./throttle.ts";

const usageRead = { kind: "management", scope: "claviger:usage:read" } as const;
const revoke = { kind: "management", scope: "claviger:keys:revoke" } as const;
const whole = z.number().int();

const caller = z.object({ value: z.string(), accepted: whole, refused: whole }).meta({ id: "Caller" });
/** Each list the most accepted first, 50 at most; `*` stands for those beyond the bound on distinct values. */
const callers = z.object({
  networks: z.array(caller),
  countries: z.array(caller),
  agents: z.array(caller),
  services: z.array(caller),
});

const impact = z
  .object({
    key: z.string(),
    label: z.string(),
    account: z.string(),
    environment: z.string().nullable(),
    status: z.enum(KEY_STATUSES),
    window: z.enum(["24h", "30d"]),
    /** What is counted: whole hours for 24 hours, whole UTC days for 30 days, each with the one that runs. */
    from: timeOut,
    to: timeOut,
    requests: whole,
    accepted: whole,
    refused: whole,
    /** To the second, whatever the window. */
    lastUsedAt: timeOut.nullable(),
    /** Whether it was accepted within 24 hours: then a guarded act asks for its label. */
    used24h: z.boolean(),
    callers,
    /** A browser sent it within the window. */
    browser: z.boolean(),
    /** What would be refused, the most called first, 50 at most. */
    endpoints: z.array(
      z.object({
        method: z.string().nullable(),
        route: z.string().nullable(),
        mapped: z.boolean(),
        accepted: whole,
        refused: whole,
      }),
    ),
    /** As they were registered with the key. */
    dependants: z.array(z.json()),
    criticality: z.string().nullable(),
    runbookUrl: z.string().nullable(),
    owner: z.string().nullable(),
    /** What will break, in words. */
    breaks: z.string(),
    /** What the figures speak for, and why. `none`: it is refused already. */
    suggestion: z.object({ act: z.enum(["revoke", "suspend", "throttle", "ask-first", "none"]), why: z.string() }),
    /** When to choose which. */
    choices: z.array(z.object({ act: z.enum(["revoke", "suspend", "throttle"]), when: z.string() })),
  })
  .meta({ id: "KeyImpact" });

const selection = {
  account: reference("acct").optional(),
  /** Keys that this member owns; an id of your own needs the account beside it. */
  member: reference("mem").optional(),
  service: reference("svc").optional(),
  tag: line(50).optional(),
  view: viewName.optional(),
  ids: z.array(id("key")).min(1).max(10_000).optional(),
};
const CONDITIONS = ["account", "member", "service", "tag", "view"] as const;

function selects(body: object): boolean {
  const given = (name: string): boolean => (body as Record<string, unknown>)[name] !== undefined;
  return given("ids") !== CONDITIONS.some(given);
}
const SELECTS = { message: "name an account, member, service, tag or view, or ids alone", path: [] };

/** How long to wait for the end; after that it goes on by itself, and the answer is 202. */
const waitSeconds = z.number().int().min(0).max(30).default(20);
const how = {
  dryRun: z.boolean().default(false),
  /** More than 20 keys: how many; a single one that was used within 24 hours: its label. */
  confirm: z.union([z.number().int().min(0), line(100)]).optional(),
  waitSeconds,
};

const outcomes = ["done", "already", "final", "kept", "unknown"] as const;
export const bulkAct = z
  .object({
    id: z.string(),
    act: z.enum(["revoke", "suspend", "hand-over"]),
    reason: z.string(),
    comment: z.string().nullable(),
    selection: z.record(z.string(), z.json()),
    by: z.object({ type: z.string(), id: z.string() }),
    status: z.enum(["running", "finished"]),
    keys: whole,
    /** How many of them it has come to. */
    acted: whole,
    /**
     * `already`: it was so before; `final`: revoked, so that nothing else can be done; `kept`: somebody else's by now, or whom it was to go to
     * is gone; `unknown`: no such key.
     */
    outcomes: z.object({ done: whole, already: whole, final: whole, kept: whole, unknown: whole }),
    createdAt: timeOut,
    updatedAt: timeOut,
    finishedAt: timeOut.nullable(),
  })
  .meta({ id: "BulkAct" });
export const bulkResult = z
  .object({ key: z.string(), outcome: z.enum(outcomes).nullable() })
  .meta({ id: "BulkActResult" });
export const selectedKeys = z
  .object({
    keys: whole,
    accounts: whole,
    used24h: whole,
    byStatus: z.record(z.string(), whole),
    /** The latest used first, 20 at most; none without the scope claviger:keys:read. */
    sample: z.array(
      z.object({
        key: z.string(),
        label: z.string(),
        account: z.string(),
        status: z.enum(KEY_STATUSES),
        lastUsedAt: timeOut.nullable(),
      }),
    ),
    /** What must be typed back; null where nothing must. */
    confirm: z.union([whole, z.string()]).nullable(),
  })
  .meta({ id: "SelectedKeys" });
const bulkAnswer = z.object({
  dryRun: z.boolean(),
  /** Null for a dry run. */
  bulkAct: bulkAct.nullable(),
  /** Null for a repeat, whose selection is that of the first request. */
  selected: selectedKeys.nullable(),
  /** Of each key where there are 1 000 at most; else `GET /v1/bulk-acts/{id}/results`. */
  results: z.array(bulkResult),
  /** Null until all of it is done. */
  effective: effective.nullable(),
});
const bulkResponses = {
  200: { description: "Done, and in force everywhere; or what a dry run found", schema: bulkAnswer },
  202: { description: "Under way: it goes on by itself", schema: bulkAnswer },
};
const bulkErrors = ["CONFIRMATION_REQUIRED", "NOT_FOUND", "BARRIER_UNCONFIRMED"] as const;

const throttled = z.object({ key, effective: effective.nullable() });

export const endingOperations = [
  operation({
    id: "keys.impact",
    method: "GET",
    path: "/v1/keys/{id}/impact",
    summary: "Who would break if the key ended, where, and whom to ask first",
    access: usageRead,
    params: z.strictObject({ id: id("key") }),
    query: z.strictObject({ window: z.enum(["24h", "30d"]).default("24h") }),
    responses: { 200: { description: "Callers, endpoints, dependants, and in words what breaks", schema: impact } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "keys.revoke-many",
    method: "POST",
    path: "/v1/keys/revoke",
    summary: "End many keys for good: of an account, member, service, tag or view, or by ids",
    access: revoke,
    body: z
      .strictObject({ ...selection, reason: z.enum(REVOKE_REASONS), comment: prose(1000).optional(), ...how })
      .refine(selects, SELECTS),
    responses: bulkResponses,
    errors: bulkErrors,
    audit: ["bulk-act.started", "key.revoked", "bulk-act.finished"],
    narrows: true,
  }),
  operation({
    id: "keys.suspend-many",
    method: "POST",
    path: "/v1/keys/suspend",
    summary: "Refuse many keys everywhere until each is resumed",
    access: revoke,
    body: z.strictObject({ ...selection, reason: prose(500, 1), ...how }).refine(selects, SELECTS),
    responses: bulkResponses,
    errors: bulkErrors,
    audit: ["bulk-act.started", "key.suspended", "bulk-act.finished"],
    narrows: true,
  }),
  operation({
    id: "keys.throttle",
    method: "POST",
    path: "/v1/keys/{id}/throttle",
    summary: "Lay a lower limit over a key until a last date, everywhere, before this call returns",
    access: revoke,
    params: z.strictObject({ id: id("key") }),
    body: throttleBody,
    responses: { 200: { description: "Throttled everywhere", schema: throttled } },
    errors: ["NOT_FOUND", "GRANT_EXCEEDED", "STATE_CONFLICT", "BARRIER_UNCONFIRMED", "CONFLICT", "PRECONDITION_FAILED"],
    tag: "takes",
    audit: ["key.throttled"],
    narrows: true,
  }),
  operation({
    id: "keys.unthrottle",
    method: "POST",
    path: "/v1/keys/{id}/unthrottle",
    summary: "Take a throttle away before its last date",
    access: { kind: "management", scope: "claviger:keys:write" },
    params: z.strictObject({ id: id("key") }),
    responses: { 200: { description: "Not throttled", schema: throttled } },
    errors: ["NOT_FOUND", "PRECONDITION_FAILED"],
    tag: "takes",
    audit: ["key.unthrottled"],
    narrows: false,
  }),
] as const;

const bulkParams = z.strictObject({ id: id("bulk") });

export const bulkActOperations = [
  operation({
    id: "bulk-acts.get",
    method: "GET",
    path: "/v1/bulk-acts/{id}",
    summary: "How far an act on many keys has come",
    access: revoke,
    params: bulkParams,
    responses: { 200: { description: "Its progress", schema: bulkAct } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "bulk-acts.results",
    method: "GET",
    path: "/v1/bulk-acts/{id}/results",
    summary: "What became of each key, in the order in which they are acted on",
    access: revoke,
    params: bulkParams,
    query: z.strictObject({ ...pageQuery, outcome: z.enum(outcomes).optional() }),
    responses: { 200: { description: "A page of results; null until a key is come to", schema: page(bulkResult) } },
    errors: ["NOT_FOUND", "INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "bulk-acts.finish",
    method: "POST",
    path: "/v1/bulk-acts/{id}/finish",
    summary: "Go on with an act on many keys, and wait until it is in force",
    access: revoke,
    params: bulkParams,
    body: z.strictObject({ waitSeconds }).optional(),
    responses: bulkResponses,
    errors: ["NOT_FOUND", "BARRIER_UNCONFIRMED"],
    audit: ["bulk-act.finished", "key.revoked", "key.suspended", "key.updated"],
    narrows: true,
  }),
] as const;
