import type { KeyPolicy, PolicyBody, PolicyLayers } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import {
  type AccountPolicy,
  DEFAULT_POLICY,
  type EnvironmentPolicy,
  MANAGEMENT_POLICY,
  type Policy,
} from "./policy.ts";

/** Shared by whoever makes or changes keys under a policy, and taken alone by whoever changes policies. */
const LOCK = 7_164_017;

/**
 * Keeps policies as they are until the transaction ends. To be called before they are read, after a lock on the account or key:
 * then no key is made under what has just been replaced and found by nobody.
 */
export async function holdPolicies(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${LOCK})`.execute(tx);
}

/** Waits for all who make keys under the policies as they are, and keeps others waiting until the transaction ends. */
export async function lockPolicies(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(${LOCK})`.execute(tx);
}

const COLUMNS = ["name", "description", "body", "created_at as createdAt", "updated_at as updatedAt"] as const;

export async function findPolicy(tx: Tx, name: string): Promise<Policy | null> {
  return (await tx.selectFrom("policy").select(COLUMNS).where("name", "=", name).executeTakeFirst()) ?? null;
}

export function selectPolicies(tx: Tx, after: string | null, count: number): Promise<Policy[]> {
  return tx
    .selectFrom("policy")
    .select(COLUMNS)
    .$if(after !== null, (query) => query.where("name", ">", after as string))
    .orderBy("name")
    .limit(count)
    .execute();
}

export async function savePolicy(tx: Tx, policy: Policy): Promise<void> {
  const changing = {
    description: policy.description,
    body: JSON.stringify(policy.body),
    updated_at: policy.updatedAt,
  };
  await tx
    .insertInto("policy")
    .values({ name: policy.name, created_at: policy.createdAt, ...changing })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(changing))
    .execute();
}

export async function findAccountPolicy(tx: Tx, account: string): Promise<AccountPolicy> {
  const row = await tx
    .selectFrom("account_policy")
    .select(["policy", "overrides", "updated_at as updatedAt"])
    .where("account_id", "=", account)
    .executeTakeFirst();
  return { account, ...(row ?? { policy: null, overrides: {}, updatedAt: null }) };
}

export async function saveAccountPolicy(tx: Tx, policy: AccountPolicy & { readonly updatedAt: Date }): Promise<void> {
  const changing = {
    policy: policy.policy,
    overrides: JSON.stringify(policy.overrides),
    updated_at: policy.updatedAt,
  };
  await tx
    .insertInto("account_policy")
    .values({ account_id: policy.account, ...changing })
    .onConflict((conflict) => conflict.column("account_id").doUpdateSet(changing))
    .execute();
}

export async function findEnvironmentPolicy(tx: Tx, environment: string): Promise<EnvironmentPolicy> {
  const row = await tx
    .selectFrom("environment_policy")
    .select(["policy", "updated_at as updatedAt"])
    .where("environment", "=", environment)
    .executeTakeFirst();
  return { environment, ...(row ?? { policy: null, updatedAt: null }) };
}

export async function saveEnvironmentPolicy(
  tx: Tx,
  { environment, policy, updatedAt }: EnvironmentPolicy & { readonly updatedAt: Date },
): Promise<void> {
  await tx
    .insertInto("environment_policy")
    .values({ environment, policy, updated_at: updatedAt })
    .onConflict((conflict) => conflict.column("environment").doUpdateSet({ policy, updated_at: updatedAt }))
    .execute();
}

/** What is set on the key itself; empty where nothing is. */
export async function findKeyPolicy(tx: Tx, key: string): Promise<KeyPolicy> {
  const row = await tx.selectFrom("key_policy").select("body").where("key_id", "=", key).executeTakeFirst();
  return row?.body ?? {};
}

export async function saveKeyPolicy(tx: Tx, account: string, key: string, body: KeyPolicy, at: Date): Promise<void> {
  const changing = { body: JSON.stringify(body), updated_at: at };
  await tx
    .insertInto("key_policy")
    .values({ key_id: key, account_id: account, ...changing })
    .onConflict((conflict) => conflict.column("key_id").doUpdateSet(changing))
    .execute();
}

interface LayerRow {
  readonly platform: PolicyBody | null;
  readonly overrides: PolicyBody | null;
  readonly account_policy: string | null;
  readonly account_body: PolicyBody | null;
  readonly environment_policy: string | null;
  readonly environment_body: PolicyBody | null;
}

/** All that stands above the keys of an account in an environment. */
export async function readLayers(tx: Tx, account: string, environment: string): Promise<PolicyLayers> {
  const { rows } = await sql<LayerRow>`
    SELECT d.body AS platform, a.overrides, ap.name AS account_policy, ap.body AS account_body,
      ep.name AS environment_policy, ep.body AS environment_body
    FROM (SELECT) AS one
    LEFT JOIN policy d ON d.name = ${DEFAULT_POLICY}
    LEFT JOIN account_policy a ON a.account_id = ${account}
    LEFT JOIN policy ap ON ap.name = a.policy
    LEFT JOIN environment_policy e ON e.environment = ${environment}
    LEFT JOIN policy ep ON ep.name = e.policy`.execute(tx);
  const row = rows[0];
  const named = (name: string | null | undefined, body: PolicyBody | null | undefined) =>
    name == null || body == null ? undefined : { name, body };
  const ofEnvironment = named(row?.environment_policy, row?.environment_body);
  return {
    platform: { name: DEFAULT_POLICY, body: row?.platform ?? {} },
    accountPolicy: named(row?.account_policy, row?.account_body),
    account: row?.overrides ?? undefined,
    environment: ofEnvironment === undefined ? undefined : { ...ofEnvironment, environment },
  };
}

/** All that stands above management keys and verifier credentials. */
export async function readManagementLayers(tx: Tx): Promise<PolicyLayers> {
  const policy = await findPolicy(tx, MANAGEMENT_POLICY);
  return { platform: { name: MANAGEMENT_POLICY, body: policy?.body ?? {} }, management: true };
}
