import { z } from "zod";
import { id, page, pageQuery, reference, slug, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const access = { kind: "management", scope: "claviger:usage:read" } as const;
const whole = z.number().int();

/** A month of UTC. */
const period = z.string().regex(/^20\d{2}-(0[1-9]|1[0-2])$/, "must be a month such as 2026-11");
const periodOut = z.string();

const meteringPeriod = z
  .object({
    period: periodOut,
    from: timeOut,
    /** Exclusive. */
    to: timeOut,
    /** Nothing of a closed one changes any more. */
    state: z.enum(["open", "closed"]),
    /** When it closes at the earliest. */
    closesAt: timeOut,
    closedAt: timeOut.nullable(),
    /** Sums of all that was metered, told a moment after it closed; null before. Carried requests are among them. */
    accepted: whole.nullable(),
    refused: whole.nullable(),
    cost: whole.nullable(),
  })
  .meta({ id: "MeteringPeriod" });

const meteringRow = z
  .object({
    period: periodOut,
    account: z.string().nullable(),
    /** Your own id of the account. */
    accountExternalId: z.string().nullable(),
    key: z.string().nullable(),
    /** The account's plan when it was counted; null for none, and where plans are added up. */
    plan: z.string().nullable(),
    environment: z.string().nullable(),
    /** Of the month itself. */
    accepted: whole,
    refused: whole,
    /** Of accepted requests; what is refused costs nothing. */
    cost: whole,
    /** Of earlier months that had closed before it came. */
    carriedAccepted: whole,
    carriedRefused: whole,
    carriedCost: whole,
    /** Those months, oldest first. */
    carriedFrom: z.array(periodOut),
    /** Accepted requests, carried ones included: what the month is billed for. */
    billableRequests: whole,
    billableCost: whole,
  })
  .meta({ id: "MeteringRow" });

/** `period`: default this month. */
const filter = {
  period: period.optional(),
  ...{ account: reference("acct").optional(), key: id("key").optional() },
  ...{ plan: slug.optional(), environment: slug.optional() },
  /** `key`: a row for each key, plan and environment; otherwise these are added up. */
  by: z.enum(["key", "account", "plan"]).default("key"),
};

export const meteringOperations = [
  operation({
    id: "metering.list",
    method: "GET",
    path: "/v1/metering",
    summary: "What was metered in a month, for billing: by key, account or plan",
    access,
    query: z.strictObject({ ...pageQuery, ...filter }),
    responses: {
      200: {
        description: "A page of sums, and the month",
        schema: page(meteringRow).extend({ period: meteringPeriod }),
      },
    },
    errors: ["INVALID_CURSOR", "NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "metering.periods",
    method: "GET",
    path: "/v1/metering/periods",
    summary: "Months that are metered, newest first: open or closed",
    access,
    responses: { 200: { description: "All of them, on one page", schema: page(meteringPeriod) } },
    errors: [],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "metering.export",
    method: "GET",
    path: "/v1/metering.csv",
    summary: "All that was metered in a month, as CSV",
    access,
    query: z.strictObject(filter),
    responses: { 200: { description: "A line for each row, after one of names", contentType: "text/csv" } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
] as const;
