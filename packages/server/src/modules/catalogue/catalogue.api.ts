import { environmentOperations, pick, planOperations, scopeOperations } from "@claviger/contract";
import { type Database, PLATFORM } from "../../db/index.ts";
import type { Act, Done } from "../../kernel/act.ts";
import { type Answer, actingOf, type Route, route } from "../../kernel/route.ts";
import type { Environment, Plan, Scope } from "./catalogue.ts";
import { type PutEnvironment, putEnvironment } from "./put-environment.ts";
import { type PutPlan, putPlan } from "./put-plan.ts";
import { type PutScope, putScope } from "./put-scope.ts";
import { getEnvironment, getPlan, getScope, listEnvironments, listPlans, listScopes } from "./queries.ts";

/** Wire form: the same fields, times as text. */
function show<T extends { readonly createdAt: Date; readonly updatedAt: Date }>(thing: T) {
  return { ...thing, createdAt: thing.createdAt.toISOString(), updatedAt: thing.updatedAt.toISOString() };
}

function answer(done: Done<{ readonly created: boolean }>): Answer {
  return {
    status: done.value?.created === true ? 201 : 200,
    body: { ...(done.body as object), effective: done.effective },
  };
}

/** `recoverable`: classes of environments whose keys are recoverable, by the settings. */
export function catalogueRoutes(
  act: Act,
  database: Database,
  recoverable: readonly Environment["class"][] = [],
): Route[] {
  return [
    ...scopeRoutes(act, database),
    ...environmentRoutes(act, database, recoverable),
    ...planRoutes(act, database),
  ];
}

function scopeRoutes(act: Act, database: Database): Route[] {
  return [
    route(pick(scopeOperations, "scopes.put"), async (call) => {
      const acting = actingOf<PutScope>(call, async ({ scope }) => ({ scope: show<Scope>(scope) }));
      return answer(await putScope(act, acting, call.params.name, call.body));
    }),
    route(pick(scopeOperations, "scopes.get"), async (call) => ({
      status: 200,
      body: show(await database.transaction(PLATFORM, (tx) => getScope(tx, call.params.name))),
    })),
    route(pick(scopeOperations, "scopes.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) => listScopes(tx, call.query));
      return { status: 200, body: { data: page.data.map(show<Scope>), nextCursor: page.nextCursor } };
    }),
  ];
}

function environmentRoutes(act: Act, database: Database, recoverable: readonly Environment["class"][]): Route[] {
  return [
    route(pick(environmentOperations, "environments.put"), async (call) => {
      const acting = actingOf<PutEnvironment>(call, async ({ environment }) => ({
        environment: show<Environment>(environment),
      }));
      return answer(await putEnvironment(act, acting, call.params.name, call.body, recoverable));
    }),
    route(pick(environmentOperations, "environments.get"), async (call) => ({
      status: 200,
      body: show(await database.transaction(PLATFORM, (tx) => getEnvironment(tx, call.params.name))),
    })),
    route(pick(environmentOperations, "environments.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) => listEnvironments(tx, call.query));
      return { status: 200, body: { data: page.data.map(show<Environment>), nextCursor: page.nextCursor } };
    }),
  ];
}

function planRoutes(act: Act, database: Database): Route[] {
  return [
    route(pick(planOperations, "plans.put"), async (call) => {
      const acting = actingOf<PutPlan>(call, async ({ plan }) => ({ plan: show<Plan>(plan) }));
      return answer(await putPlan(act, acting, call.params.name, call.body));
    }),
    route(pick(planOperations, "plans.get"), async (call) => ({
      status: 200,
      body: show(await database.transaction(PLATFORM, (tx) => getPlan(tx, call.params.name))),
    })),
    route(pick(planOperations, "plans.list"), async (call) => {
      const page = await database.transaction(PLATFORM, (tx) => listPlans(tx, call.query));
      return { status: 200, body: { data: page.data.map(show<Plan>), nextCursor: page.nextCursor } };
    }),
  ];
}
