import type { Tx } from "../../db/index.ts";
import type { AuditKeys } from "./append-audit.ts";
import { selectUnerased, writeErased } from "./audit.store.ts";
import { erasedLeft } from "./audit-event.ts";
import { erasedTag } from "./chain.ts";

/**
 * Erases what events of an account say beyond who did what to what and when, `most` at a time; the chain stays whole (see chain.ts). Returns
 * how many; 0 where none are left. Throws TypeError for an event of an unknown key version, which a whole chain rules out.
 */
export async function eraseEvents(
  tx: Tx,
  keys: Pick<AuditKeys, "byVersion">,
  account: string,
  most: number,
): Promise<number> {
  const rows = await selectUnerased(tx, account, most);
  if (rows.length === 0) return 0;
  const erased = rows.map(({ seq, payload, key_version, hash }) => {
    const key = keys.byVersion(key_version);
    if (key === null) throw new TypeError(`there is no audit key of version ${key_version}`);
    const left = erasedLeft(payload);
    return { seq, payload: left, tag: erasedTag(key, seq, hash, left) };
  });
  await writeErased(tx, erased);
  return rows.length;
}
