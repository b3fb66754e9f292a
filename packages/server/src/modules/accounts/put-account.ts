import { ClavigerError } from "@claviger/core";
import { isForeignKeyViolation, isUniqueViolation, PLATFORM, type Tx } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { parseReference } from "../../kernel/reference.ts";
import { type Account, accountSubject } from "./account.ts";
import { findAccount, insertAccount, updateAccount } from "./accounts.store.ts";
import type { AccountsPorts } from "./ports.ts";

export interface PutAccountInput {
  readonly name: string;
  readonly plan?: string | null | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

export interface PutAccount {
  readonly account: Account;
  readonly created: boolean;
}

/**
 * Creates an account under the caller's own id, or replaces what is known of it: what is left out becomes empty.
 * Throws NOT_FOUND for an id of ours that does not exist, CONFLICT for the reserved account, VALIDATION_FAILED for an unknown plan.
 */
export function putAccount(
  ports: AccountsPorts,
  acting: Acting<PutAccount>,
  reference: string,
  input: PutAccountInput,
): Promise<Done<PutAccount>> {
  const whole = { name: input.name, plan: input.plan ?? null, metadata: input.metadata ?? {} };
  return retryOnRace(() =>
    ports.act(acting, PLATFORM, async (unit) => {
      const existing = await findAccount(unit.tx, reference, "update");
      if (existing !== null) return { account: await replaceAccount(unit, existing, whole), created: false };
      return { account: await createAccount(ports, unit, reference, whole), created: true };
    }),
  );
}

/** Two calls may both find nothing; the second to commit meets the unique index and then finds the first one's row. */
async function retryOnRace<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (isUniqueViolation(error, "account_external_id_key")) return attempt();
    throw error;
  }
}

type Whole = Required<Pick<Account, "name" | "plan" | "metadata">>;

async function createAccount(ports: AccountsPorts, unit: Unit, reference: string, whole: Whole): Promise<Account> {
  const named = parseReference(reference);
  if (named.by === "id") throw new ClavigerError("NOT_FOUND");
  const id = ports.ids.make("acct");
  const account = { id, externalId: named.externalId, ...whole, createdAt: unit.now };
  await withKnownPlan(whole.plan, () => insertAccount(unit.tx, account));
  unit.audits({ action: "account.created", account: id, target: { type: "account", id }, after: whole });
  unit.widens(accountSubject(id));
  unit.emits({ type: "account.created", account: id, payload: { account: id } });
  return {
    ...{ ...account, status: "active", suspendedReason: null },
    ...{ closedAt: null, eraseAt: null, erasedAt: null, closingAct: null, updatedAt: unit.now },
  };
}

/** Also the second half of `update-account`. */
export async function replaceAccount(
  unit: Unit,
  existing: Account & { readonly reserved: boolean },
  change: Partial<Whole>,
): Promise<Account> {
  if (existing.reserved)
    throw new ClavigerError("CONFLICT", { publicDetail: "The reserved account cannot be changed." });
  const { reserved: _, ...before } = existing;
  const after: Account = { ...before, ...change, updatedAt: unit.now };
  const difference = changed(pickShown(before), pickShown(after));
  await withKnownPlan(after.plan, () => updateAccount(unit.tx, after));
  unit.audits({
    action: "account.updated",
    account: after.id,
    target: { type: "account", id: after.id },
    before: difference?.before ?? {},
    after: difference?.after ?? {},
  });
  if (before.plan === after.plan) unit.widens(accountSubject(after.id));
  else unit.narrows(accountSubject(after.id));
  return after;
}

const pickShown = ({ name, plan, metadata }: Account) => ({ name, plan, metadata });

async function withKnownPlan(plan: string | null, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isForeignKeyViolation(error)) throw error;
    throw new ClavigerError("VALIDATION_FAILED", { errors: [{ path: "plan", message: `there is no plan ${plan}` }] });
  }
}

/** The account, or NOT_FOUND. The reserved account is nobody's to see here. */
export async function requireAccount(
  tx: Tx,
  reference: string,
  hold: "none" | "share" | "update" = "none",
): Promise<Account & { reserved: boolean }> {
  const account = await findAccount(tx, reference, hold);
  if (account === null || account.reserved) throw new ClavigerError("NOT_FOUND");
  return account;
}
