import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { mayManage } from "./grant.ts";
import type { Key } from "./key.ts";
import { findKey } from "./keys.store.ts";
import type { Authority } from "./ports.ts";

/** The key, or NOT_FOUND; management keys do not exist for who may not manage them, and those that wait for approval for no act on keys. */
export async function requireKey(tx: Tx, id: string, authority: Pick<Authority, "scopes">, hold = false): Promise<Key> {
  const key = await requireAnyKey(tx, id, authority, hold);
  if (key.kind === "requested") throw new ClavigerError("NOT_FOUND");
  return key;
}

/** The same, for who may see keys that wait for approval as well. */
export async function requireAnyKey(
  tx: Tx,
  id: string,
  authority: Pick<Authority, "scopes">,
  hold = false,
): Promise<Key> {
  const key = await findKey(tx, id, hold);
  if (key === null || (key.kind === "management" && !mayManage(authority))) throw new ClavigerError("NOT_FOUND");
  return key;
}
