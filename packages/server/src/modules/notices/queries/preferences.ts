import type { Tx } from "../../../db/index.ts";
import type { NoticeKind } from "../notice-kind.ts";

export interface Preference {
  readonly kind: NoticeKind;
  readonly mail: boolean;
}

export function selectPreferences(tx: Tx, member: string): Promise<Preference[]> {
  return tx.selectFrom("notice_preference").select(["kind", "mail"]).where("member_id", "=", member).execute();
}

export async function writePreferences(
  tx: Tx,
  { id, account }: { readonly id: string; readonly account: string },
  preferences: readonly Preference[],
  now: Date,
): Promise<void> {
  if (preferences.length === 0) return;
  const rows = preferences.map((said) => ({ ...said, member_id: id, account_id: account, updated_at: now }));
  await tx
    .insertInto("notice_preference")
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(["member_id", "kind"]).doUpdateSet(({ ref }) => ({
        mail: ref("excluded.mail"),
        updated_at: ref("excluded.updated_at"),
      })),
    )
    .execute();
}
