import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { type Page, type PageRequest, pageOf } from "../../kernel/page.ts";
import { findAccount, type Hold } from "../accounts/index.ts";
import { findEnvironment } from "../catalogue/index.ts";
import { findAccountPolicy, findEnvironmentPolicy, findPolicy, selectPolicies } from "./policies.store.ts";
import { type AccountPolicy, type EnvironmentPolicy, MANAGEMENT_POLICY, type Policy } from "./policy.ts";

const BY_NAME = { sort: "name", kinds: ["string"], valuesOf: (row: Policy) => [row.name] } as const;

export function listPolicies(tx: Tx, request: PageRequest): Promise<Page<Policy>> {
  return pageOf<Policy>(request, BY_NAME, (after, count) =>
    selectPolicies(tx, after === null ? null : String(after[0]), count),
  );
}

export async function getPolicy(tx: Tx, name: string): Promise<Policy> {
  const found = await findPolicy(tx, name);
  if (found === null) throw new ClavigerError("NOT_FOUND");
  return found;
}

/** Our id of the account. Throws NOT_FOUND, also for the one that holds the management keys. */
export async function requireAccountId(tx: Tx, reference: string, hold: Hold = "none"): Promise<string> {
  const account = await findAccount(tx, reference, hold);
  if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
  return account.id;
}

/** Throws NOT_FOUND. */
export async function requireEnvironment(tx: Tx, name: string): Promise<void> {
  if ((await findEnvironment(tx, name)) === null) throw new ClavigerError("NOT_FOUND");
}

/** Throws VALIDATION_FAILED for a policy that is not there, and for that of the management keys, which is for nobody else. */
export async function demandReferable(tx: Tx, policy: string | null): Promise<void> {
  if (policy === null) return;
  if (policy !== MANAGEMENT_POLICY && (await findPolicy(tx, policy)) !== null) return;
  const message = policy === MANAGEMENT_POLICY ? "is for management keys alone" : `there is no policy ${policy}`;
  throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "policy", message }] });
}

export async function getAccountPolicy(tx: Tx, reference: string): Promise<AccountPolicy> {
  return findAccountPolicy(tx, await requireAccountId(tx, reference));
}

export async function getEnvironmentPolicy(tx: Tx, environment: string): Promise<EnvironmentPolicy> {
  await requireEnvironment(tx, environment);
  return findEnvironmentPolicy(tx, environment);
}
