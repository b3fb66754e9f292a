import type { Tx } from "../../db/index.ts";
import type { KeySelection } from "../bulk-acts/index.ts";
import { statusOf } from "../keys/index.ts";
import { selectKeysById } from "./queries/key-views.ts";
import { countAccounts, countByStatus, selectLatestUsed } from "./queries/selection.ts";
import { type KeyListFilter, listKeys, type Viewer } from "./queries.ts";

const AT_ONCE = 5_000;
const SAMPLED = 20;
const DAY_MS = 86_400_000;

/**
 * Ids of customers' keys, newest first; those of revoked ones only where they are named. `most` and one more at most. Throws NOT_FOUND for a
 * view or an account that there is not, VALIDATION_FAILED for a view of accounts and for `ext:` people without an account.
 */
export async function selectKeyIds(
  tx: Tx,
  viewer: Viewer,
  { ids, member, ...filter }: KeySelection,
  now: Date,
  most: number,
): Promise<readonly string[]> {
  if (ids !== undefined) return [...new Set(ids)].slice(0, most + 1);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const request = { ...filter, owner: member, sort: "-createdAt", limit: AT_ONCE, cursor } as const;
    const page = await listKeys(tx, viewer, request, now);
    for (const { id, kind, state } of page.data) if (kind === "customer" && state !== "revoked") found.push(id);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length <= most);
  return found.slice(0, most + 1);
}

/** Ids of the keys that a saved filter lets through, newest first, `most` at most; no management keys. Throws what a list does. */
export async function selectSavedIds(
  tx: Tx,
  keeper: string,
  filter: Readonly<Record<string, string>>,
  now: Date,
  most: number,
): Promise<readonly string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const request = { ...(filter as KeyListFilter), sort: "-createdAt", limit: AT_ONCE, cursor } as const;
    const page = await listKeys(tx, { keyId: keeper, scopes: new Set() }, request, now);
    found.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && found.length < most);
  return found.slice(0, most);
}

/** What is known of keys that somebody is about to act on. */
export async function describeKeys(tx: Tx, ids: readonly string[], now: Date) {
  const counted = await countByStatus(tx, ids, new Date(now.getTime() - DAY_MS), now);
  const latest = await selectLatestUsed(tx, ids, SAMPLED);
  const keys = new Map(
    (
      await selectKeysById(
        tx,
        latest.map(({ key }) => key),
      )
    ).map((key) => [key.id, key]),
  );
  return {
    accounts: await countAccounts(tx, ids),
    used24h: counted.reduce((sum, { used24h }) => sum + used24h, 0),
    byStatus: Object.fromEntries(counted.map(({ status, keys: count }) => [status, count])),
    sample: latest.flatMap(({ key: id, lastUsedAt }) => {
      const key = keys.get(id);
      if (key === undefined) return [];
      const { label, account } = key;
      const status = statusOf(key, now.getTime());
      return [{ key: id, label, account, status, lastUsedAt: lastUsedAt?.toISOString() ?? null }];
    }),
  };
}
