import { pick, policyOperations } from "@claviger/contract";
import { type Database, PLATFORM } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import type { AccountPolicy, EnvironmentPolicy, Policy } from "./policy.ts";
import { putAccountPolicy } from "./put-account-policy.ts";
import { putEnvironmentPolicy } from "./put-environment-policy.ts";
import { type PutPolicy, putPolicy } from "./put-policy.ts";
import { getAccountPolicy, getEnvironmentPolicy, getPolicy, listPolicies } from "./queries.ts";

function show({ name, description, body, createdAt, updatedAt }: Policy) {
  const times = { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
  return { name, description, ...body, ...times };
}

function withTime<T extends AccountPolicy | EnvironmentPolicy>(policy: T) {
  return { ...policy, updatedAt: policy.updatedAt?.toISOString() ?? null };
}

export function policiesRoutes(act: Act, database: Database): Route[] {
  return [
    route(pick(policyOperations, "policies.put"), async (call) => {
      const { description = null, ...body } = call.body;
      const acting = actingOf<PutPolicy>(call, async ({ policy }) => ({ policy: show(policy) }));
      const done = await putPolicy(act, acting, call.principal, call.params.name, { description, body });
      return { status: done.value?.created === true ? 201 : 200, body: done.body };
    }),
    route(pick(policyOperations, "policies.get"), async (call) => ({
      status: 200,
      body: show(await database.transaction(PLATFORM, (tx) => getPolicy(tx, call.params.name))),
    })),
    route(pick(policyOperations, "policies.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) => listPolicies(tx, call.query));
      return { status: 200, body: { data: page.data.map(show), nextCursor: page.nextCursor } };
    }),
    route(pick(policyOperations, "policies.put-account"), async (call) => {
      const acting = actingOf<AccountPolicy>(call, async (policy) => ({ policy: withTime(policy) }));
      return { status: 200, body: (await putAccountPolicy(act, acting, call.params.id, call.body)).body };
    }),
    route(pick(policyOperations, "policies.get-account"), async (call) => ({
      status: 200,
      body: withTime(await database.transaction(PLATFORM, (tx) => getAccountPolicy(tx, call.params.id))),
    })),
    route(pick(policyOperations, "policies.put-environment"), async (call) => {
      const acting = actingOf<EnvironmentPolicy>(call, async (policy) => ({ policy: withTime(policy) }));
      const done = await putEnvironmentPolicy(act, acting, call.params.name, call.body.policy);
      return { status: 200, body: done.body };
    }),
    route(pick(policyOperations, "policies.get-environment"), async (call) => ({
      status: 200,
      body: withTime(await database.transaction(PLATFORM, (tx) => getEnvironmentPolicy(tx, call.params.name))),
    })),
  ];
}
