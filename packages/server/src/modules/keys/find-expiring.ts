import type { Tx } from "../../db/index.ts";
import { loadCatalogue } from "../catalogue/index.ts";
import { readBook, selectGraces } from "../policies/index.ts";
import { createJudge } from "./judge-key.ts";
import type { Key } from "./key.ts";
import { type ExpiryPlace, selectExpiringKeys } from "./queries/living-keys.ts";

/** A customer's key that ends by itself, and when its people are to be warned of that. */
export interface ExpiringKey {
  readonly key: Key;
  readonly expiresAt: Date;
  /** Issue of the version in use. */
  readonly issuedAt: Date;
  /** Days before, by the policy that holds for it. */
  readonly warningDays: readonly number[];
}

/** The next keys, by their end and id, that end after a place and not after `until`; revoked ones are left out. */
export async function findExpiring(
  tx: Tx,
  after: ExpiryPlace,
  until: Date,
  count: number,
  now: Date,
): Promise<ExpiringKey[]> {
  const found = await selectExpiringKeys(tx, after, until, count);
  if (found.length === 0) return [];
  const accounts = [...new Set(found.map(({ key }) => key.account))];
  const book = await readBook(
    tx,
    accounts,
    found.map(({ key }) => key.id),
  );
  const judge = createJudge(book, await loadCatalogue(tx, "refuse"), await selectGraces(tx, now));
  return found.flatMap((living) => {
    const { key, issuedAt } = living;
    return key.expiresAt === null
      ? []
      : [{ key, issuedAt, expiresAt: key.expiresAt, warningDays: judge.warningDaysOf(living) }];
  });
}
