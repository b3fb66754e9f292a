/** Ending keys: what would break. */
import { z } from "zod";
import { id, timeOut } from "./common.ts";
import { KEY_STATUSES } from "./keys.ts";
import { operation } from "./operation.ts";

const usageRead = { kind: "management", scope: "claviger:usage:read" } as const;
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
    suggestion: z.object({ act: z.enum(["revoke", "suspend", "ask-first", "none"]), why: z.string() }),
    /** When to choose which. */
    choices: z.array(z.object({ act: z.enum(["revoke", "suspend", "throttle"]), when: z.string() })),
  })
  .meta({ id: "KeyImpact" });

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
] as const;
