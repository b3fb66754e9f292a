import type { DormancyAction } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { findAccounts } from "../accounts/index.ts";
import { loadCatalogue } from "../catalogue/index.ts";
import { readBook } from "../policies/index.ts";
import { createJudge } from "./judge-key.ts";
import type { Key } from "./key.ts";
import { holdLivingKeys, type LivingKey, selectLivingKeys } from "./queries/living-keys.ts";

/** A customer's key that has not ended, and what its policy says of keys that nobody uses. */
export interface IdleKey {
  readonly key: Key;
  /** Whether it would be accepted: neither it nor its account is suspended. */
  readonly usable: boolean;
  readonly dormancy: { readonly days: number | null; readonly action: DormancyAction; readonly noticeDays: number };
}

export interface IdlePage {
  readonly keys: readonly IdleKey[];
  /** The last of them; null: there are no more after this page. */
  readonly last: string | null;
}

/** The next keys by id that are neither revoked nor expired. */
export async function findIdle(tx: Tx, after: string, count: number, now: Date): Promise<IdlePage> {
  const living = await selectLivingKeys(tx, { endingAfter: now }, after, count);
  const last = living.length < count ? null : (living.at(-1)?.key.id ?? null);
  return { keys: await judge(tx, living), last };
}

/** Those of these keys, held until the transaction ends. */
export async function holdIdle(tx: Tx, ids: readonly string[], now: Date): Promise<readonly IdleKey[]> {
  return judge(tx, await holdLivingKeys(tx, ids, now));
}

async function judge(tx: Tx, living: readonly LivingKey[]): Promise<readonly IdleKey[]> {
  if (living.length === 0) return [];
  const accounts = [...new Set(living.map(({ key }) => key.account))];
  const ids = living.map(({ key }) => key.id);
  const judged = createJudge(await readBook(tx, accounts, ids), await loadCatalogue(tx, "refuse"), []);
  const known = await findAccounts(tx, accounts);
  return living.map((each) => {
    const usable = each.key.state === "active" && known.get(each.key.account)?.status === "active";
    return { key: each.key, usable, dormancy: judged.dormancyOf(each) };
  });
}
