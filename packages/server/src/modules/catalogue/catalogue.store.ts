import type { Limit } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { Environment, Plan, Scope } from "./catalogue.ts";

const TIMES = ["created_at as createdAt", "updated_at as updatedAt"] as const;

function scopeQuery(tx: Tx) {
  return tx
    .selectFrom("scope")
    .select(["name", "description", "tier", "sensitive", ...TIMES])
    .select(
      sql<
        { method: string; path: string }[]
      >`coalesce((SELECT jsonb_agg(jsonb_build_object('method', r.method, 'path', r.path)
        ORDER BY r.path, r.method) FROM scope_route r WHERE r.scope = scope.name), '[]')`.as("routes"),
    );
}

export async function findScope(tx: Tx, name: string): Promise<Scope | null> {
  return (await scopeQuery(tx).where("name", "=", name).executeTakeFirst()) ?? null;
}

export function selectScopes(tx: Tx, after: string | null, count: number): Promise<Scope[]> {
  return scopeQuery(tx)
    .$if(after !== null, (query) => query.where("name", ">", after as string))
    .orderBy("name")
    .limit(count)
    .execute();
}

export function selectAllScopes(tx: Tx): Promise<Scope[]> {
  return scopeQuery(tx).orderBy("name").execute();
}

/** Creates or replaces the scope together with its routes. Throws pg's unique violation for a route of another scope. */
export async function saveScope(tx: Tx, scope: Scope): Promise<void> {
  const { name, description, tier, sensitive } = scope;
  await tx
    .insertInto("scope")
    .values({ name, description, tier, sensitive, created_at: scope.createdAt, updated_at: scope.updatedAt })
    .onConflict((conflict) =>
      conflict.column("name").doUpdateSet({ description, tier, sensitive, updated_at: scope.updatedAt }),
    )
    .execute();
  await tx.deleteFrom("scope_route").where("scope", "=", name).execute();
  if (scope.routes.length === 0) return;
  await tx
    .insertInto("scope_route")
    .values(scope.routes.map(({ method, path }) => ({ method, path, scope: name })))
    .execute();
}

const ENVIRONMENT_COLUMNS = ["name", "tag", "class", "scopes", "limits", ...TIMES] as const;

export async function findEnvironment(tx: Tx, name: string, hold = false): Promise<Environment | null> {
  const row = await tx
    .selectFrom("environment")
    .select(ENVIRONMENT_COLUMNS)
    .where("name", "=", name)
    .$if(hold, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : { ...row, limits: row.limits as Limit[] };
}

export async function selectEnvironments(tx: Tx, after: string | null, count: number): Promise<Environment[]> {
  const rows = await tx
    .selectFrom("environment")
    .select(ENVIRONMENT_COLUMNS)
    .$if(after !== null, (query) => query.where("name", ">", after as string))
    .orderBy("name")
    .limit(count)
    .execute();
  return rows.map((row) => ({ ...row, limits: row.limits as Limit[] }));
}

export async function saveEnvironment(tx: Tx, environment: Environment): Promise<void> {
  const changing = {
    class: environment.class,
    scopes: environment.scopes === null ? null : [...environment.scopes],
    limits: JSON.stringify(environment.limits),
    updated_at: environment.updatedAt,
  };
  await tx
    .insertInto("environment")
    .values({ name: environment.name, tag: environment.tag, created_at: environment.createdAt, ...changing })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(changing))
    .execute();
}

const PLAN_COLUMNS = ["name", "limits", "max_active_keys as maxActiveKeys", "scopes", ...TIMES] as const;

export async function findPlan(tx: Tx, name: string, hold = false): Promise<Plan | null> {
  const row = await tx
    .selectFrom("plan")
    .select(PLAN_COLUMNS)
    .where("name", "=", name)
    .$if(hold, (query) => query.forNoKeyUpdate())
    .executeTakeFirst();
  return row === undefined ? null : { ...row, limits: row.limits as Limit[] };
}

export async function selectPlans(tx: Tx, after: string | null, count: number): Promise<Plan[]> {
  const rows = await tx
    .selectFrom("plan")
    .select(PLAN_COLUMNS)
    .$if(after !== null, (query) => query.where("name", ">", after as string))
    .orderBy("name")
    .limit(count)
    .execute();
  return rows.map((row) => ({ ...row, limits: row.limits as Limit[] }));
}

export async function savePlan(tx: Tx, plan: Plan): Promise<void> {
  const changing = {
    limits: JSON.stringify(plan.limits),
    max_active_keys: plan.maxActiveKeys,
    scopes: plan.scopes === null ? null : [...plan.scopes],
    updated_at: plan.updatedAt,
  };
  await tx
    .insertInto("plan")
    .values({ name: plan.name, created_at: plan.createdAt, ...changing })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(changing))
    .execute();
}
