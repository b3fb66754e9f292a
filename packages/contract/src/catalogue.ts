import { checkRouteTemplate, checkScopeName } from "@claviger/core";
import { z } from "zod";
import { effective, keyless, limits, line, page, pageQuery, prose, slug, tier, timeOut } from "./common.ts";
import { operation } from "./operation.ts";

const scopeName = z.string().superRefine((name, context) => {
  const fault = checkScopeName(name);
  if (fault !== null) context.addIssue({ code: "custom", message: fault });
});

const route = z
  .strictObject({ method: z.string().min(1).max(10), path: keyless(z.string().min(1).max(500)) })
  .superRefine((value, context) => {
    const fault = checkRouteTemplate(value.method.toUpperCase(), value.path);
    if (fault !== null) context.addIssue({ code: "custom", message: fault });
  });

export const scope = z
  .object({
    name: z.string(),
    description: z.string(),
    tier,
    sensitive: z.boolean(),
    routes: z.array(z.object({ method: z.string(), path: z.string() })),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Scope" });

export const environment = z
  .object({
    name: z.string(),
    tag: z.string(),
    class: z.enum(["production", "staging", "development"]),
    scopes: z.array(z.string()).nullable(),
    limits: z.array(z.json()),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Environment" });

export const plan = z
  .object({
    name: z.string(),
    limits: z.array(z.json()),
    maxActiveKeys: z.number().int().nullable(),
    scopes: z.array(z.string()).nullable(),
    createdAt: timeOut,
    updatedAt: timeOut,
  })
  .meta({ id: "Plan" });

const scopeResult = z.object({ scope, effective: effective.nullable() });
const environmentResult = z.object({ environment, effective: effective.nullable() });
const planResult = z.object({ plan, effective: effective.nullable() });
const read = { kind: "management", scope: "claviger:catalogue:read" } as const;
const write = { kind: "management", scope: "claviger:catalogue:write" } as const;
const scopeList = z.array(line(100)).max(500);

export const scopeOperations = [
  operation({
    id: "scopes.put",
    method: "PUT",
    path: "/v1/scopes/{name}",
    summary: "Define a scope and the endpoints it opens",
    access: write,
    params: z.object({ name: scopeName }),
    body: z.strictObject({
      description: prose(500, 1),
      tier,
      sensitive: z.boolean().default(false),
      routes: z.array(route).max(500).default([]),
    }),
    responses: {
      200: { description: "Replaced", schema: scopeResult },
      201: { description: "Created", schema: scopeResult },
    },
    errors: ["CONFLICT"],
    audit: ["scope.created", "scope.updated"],
    narrows: true,
  }),
  operation({
    id: "scopes.get",
    method: "GET",
    path: "/v1/scopes/{name}",
    summary: "One scope",
    access: read,
    params: z.object({ name: line(100) }),
    responses: { 200: { description: "The scope", schema: scope } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "scopes.list",
    method: "GET",
    path: "/v1/scopes",
    summary: "The catalogue of scopes, by name",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of scopes", schema: page(scope) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;

export const environmentOperations = [
  operation({
    id: "environments.put",
    method: "PUT",
    path: "/v1/environments/{name}",
    summary: "Define an environment; its tag is part of every key made for it and never changes",
    access: write,
    params: z.object({ name: slug }),
    body: z.strictObject({
      tag: z.string().regex(/^[a-z0-9]{2,4}$/, "must be 2-4 of a-z and 0-9"),
      class: z.enum(["production", "staging", "development"]),
      scopes: scopeList.nullable().optional(),
      limits: limits.optional(),
    }),
    responses: {
      200: { description: "Replaced", schema: environmentResult },
      201: { description: "Created", schema: environmentResult },
    },
    errors: ["CONFLICT"],
    audit: ["environment.created", "environment.updated"],
    narrows: true,
  }),
  operation({
    id: "environments.get",
    method: "GET",
    path: "/v1/environments/{name}",
    summary: "One environment",
    access: read,
    params: z.object({ name: slug }),
    responses: { 200: { description: "The environment", schema: environment } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "environments.list",
    method: "GET",
    path: "/v1/environments",
    summary: "Environments, by name",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of environments", schema: page(environment) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;

export const planOperations = [
  operation({
    id: "plans.put",
    method: "PUT",
    path: "/v1/plans/{name}",
    summary: "Define a plan: limits, how many active keys, and which scopes an account may grant",
    access: write,
    params: z.object({ name: slug }),
    body: z.strictObject({
      limits: limits.default([]),
      maxActiveKeys: z.number().int().min(1).max(1_000_000).nullable().optional(),
      scopes: scopeList.nullable().optional(),
    }),
    responses: {
      200: { description: "Replaced", schema: planResult },
      201: { description: "Created", schema: planResult },
    },
    errors: [],
    audit: ["plan.created", "plan.updated"],
    narrows: true,
  }),
  operation({
    id: "plans.get",
    method: "GET",
    path: "/v1/plans/{name}",
    summary: "One plan",
    access: read,
    params: z.object({ name: slug }),
    responses: { 200: { description: "The plan", schema: plan } },
    errors: ["NOT_FOUND"],
    audit: [],
    narrows: false,
  }),
  operation({
    id: "plans.list",
    method: "GET",
    path: "/v1/plans",
    summary: "Plans, by name",
    access: read,
    query: z.strictObject(pageQuery),
    responses: { 200: { description: "A page of plans", schema: page(plan) } },
    errors: ["INVALID_CURSOR"],
    audit: [],
    narrows: false,
  }),
] as const;
