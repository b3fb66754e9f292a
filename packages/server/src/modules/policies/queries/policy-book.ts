import type { KeyPolicy, PolicyBody, PolicyLayers } from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import { DEFAULT_POLICY, type PolicyChange } from "../policy.ts";

/** What stands above the keys of many accounts, read at once. */
export interface PolicyBook {
  layersOf(account: string, environment: string): PolicyLayers;
  /** What is set on a key itself. */
  ownOf(key: string): KeyPolicy | undefined;
  /** As it would be after a change. */
  with(change: PolicyChange): PolicyBook;
}

interface Pages {
  readonly bodies: ReadonlyMap<string, PolicyBody>;
  readonly accounts: ReadonlyMap<string, { readonly policy: string | null; readonly overrides: PolicyBody }>;
  readonly environments: ReadonlyMap<string, string | null>;
  readonly keys: ReadonlyMap<string, KeyPolicy>;
}

/** Of policies those that hold for these accounts, however many there are, and the one that `change` refers to. */
export async function readBook(
  tx: Tx,
  accounts: readonly string[],
  keys: readonly string[],
  change?: PolicyChange,
): Promise<PolicyBook> {
  const environments = await tx.selectFrom("environment_policy").select(["environment", "policy"]).execute();
  const ofAccounts = await tx
    .selectFrom("account_policy")
    .select(["account_id", "policy", "overrides"])
    .where(sql<boolean>`account_id = ANY(${[...accounts]}::text[])`)
    .execute();
  const ofKeys = await tx
    .selectFrom("key_policy")
    .select(["key_id", "body"])
    .where(sql<boolean>`key_id = ANY(${[...keys]}::text[])`)
    .execute();
  const referring = [
    ...environments,
    ...ofAccounts,
    ...(change === undefined || change.kind === "policy" ? [] : [change]),
  ];
  const names = [DEFAULT_POLICY, ...referring.flatMap(({ policy }) => policy ?? [])];
  const bodies = await tx
    .selectFrom("policy")
    .select(["name", "body"])
    .where(sql<boolean>`name = ANY(${[...new Set(names)]}::text[])`)
    .execute();
  return bookOf({
    bodies: new Map(bodies.map(({ name, body }) => [name, body])),
    accounts: new Map(ofAccounts.map(({ account_id, ...said }) => [account_id, said])),
    environments: new Map(environments.map(({ environment, policy }) => [environment, policy])),
    keys: new Map(ofKeys.map(({ key_id, body }) => [key_id, body])),
  });
}

function bookOf(pages: Pages): PolicyBook {
  const named = (name: string | null | undefined) => {
    const body = name == null ? undefined : pages.bodies.get(name);
    return name == null || body === undefined ? undefined : { name, body };
  };
  return {
    layersOf: (account, environment) => {
      const said = pages.accounts.get(account);
      const ofEnvironment = named(pages.environments.get(environment));
      return {
        platform: named(DEFAULT_POLICY) ?? { name: DEFAULT_POLICY, body: {} },
        accountPolicy: named(said?.policy),
        account: said?.overrides,
        environment: ofEnvironment === undefined ? undefined : { ...ofEnvironment, environment },
      };
    },
    ownOf: (key) => pages.keys.get(key),
    with: (change) => bookOf(changedPages(pages, change)),
  };
}

function changedPages(pages: Pages, change: PolicyChange): Pages {
  if (change.kind === "policy") return { ...pages, bodies: new Map(pages.bodies).set(change.name, change.body) };
  if (change.kind === "account") {
    const { account, policy, overrides } = change;
    return { ...pages, accounts: new Map(pages.accounts).set(account, { policy, overrides }) };
  }
  return { ...pages, environments: new Map(pages.environments).set(change.environment, change.policy) };
}
