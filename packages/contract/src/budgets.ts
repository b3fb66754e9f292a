import { z } from "zod";
import { id, page, pageQuery, reference, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const read = { kind: "management", scope: "claviger:usage:read" } as const;
const write = { kind: "management", scope: "claviger:budgets:write" } as const;
const whole = z.number().int();

const budget = z
  .object({
    account: z.string(),
    /** Null where it is for all keys of the account together. */
    key: z.string().nullable(),
    measure: z.enum(["requests", "cost"]),
    amount: whole,
    /** This month, of UTC. */
    period: z.string(),
    /** What was metered in it: accepted requests or their cost, carried ones included. */
    spent: whole,
    /** `spent` of `amount`: 1 is all of it. It goes on beyond, because a budget refuses nothing. */
    share: z.number(),
    /** What was passed in this month, each once. */
    crossings: z.array(z.object({ percent: whole, at: timeOut, amount: whole, spent: whole })),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Budget" });

const place = z.object({
  /** A key's id, or an account's, or `ext:<your id>` of an account. */
  subject: z.union([id("key"), reference("acct")]),
  measure: z.enum(["requests", "cost"]),
});

export const budgetOperations = [
  operation({
    id: "budgets.list",
    method: "GET",
    path: "/v1/budgets",
    summary: "Budgets of accounts and keys, and what was spent of them this month",
    access: read,
    query: z.strictObject({ ...pageQuery, account: reference("acct").optional(), key: id("key").optional() }),
    responses: { 200: { description: "A page of budgets", schema: page(budget) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "budgets.put",
    method: "PUT",
    path: "/v1/budgets/{subject}/{measure}",
    summary: "Set what an account or a key is meant to use in a month; passing 50, 80 and 100 % of it is recorded",
    access: write,
    params: place,
    body: z.strictObject({ amount: z.number().int().min(1).max(1e15) }),
    responses: {
      200: { description: "Replaced", schema: budget },
      201: { description: "Set", schema: budget },
    },
    errors: ["NOT_FOUND"],
    audit: ["budget.created", "budget.updated"],
    narrows: false,
  }),
  operation({
    id: "budgets.get",
    method: "GET",
    path: "/v1/budgets/{subject}/{measure}",
    summary: "One budget, and what was spent of it this month",
    access: read,
    params: place,
    responses: { 200: { description: "The budget", schema: budget } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "budgets.delete",
    method: "DELETE",
    path: "/v1/budgets/{subject}/{measure}",
    summary: "Remove a budget, and what was recorded of passing it",
    access: write,
    params: place,
    responses: { 200: { description: "What it was", schema: budget } },
    errors: ["NOT_FOUND"],
    audit: ["budget.deleted"],
    narrows: false,
  }),
] as const;
