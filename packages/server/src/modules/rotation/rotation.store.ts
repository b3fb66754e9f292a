import { isOpenRotation, type Rotation } from "@claviger/core";
import { type Selectable, sql } from "kysely";
import type { Schema, Tx } from "../../db/index.ts";
import type { Actor } from "../../kernel/act.ts";
import { findKey, type Key, versionsOf } from "../keys/index.ts";
import { type Dependant, dependantsOf } from "./dependant.ts";
import type { RotatedKey, StoredRotation } from "./rotation.ts";

type Row = Selectable<Schema["rotation"]>;

const ms = (time: Date | null): number | null => time?.getTime() ?? null;
const date = (time: number | null): Date | null => (time === null ? null : new Date(time));

function rotationFromRow(row: Row): StoredRotation {
  return {
    ...{ key: row.key_id, account: row.account_id, revision: row.revision },
    startedBy: { type: row.started_by_type as Actor["type"], id: row.started_by },
    dependants: row.dependants as readonly Dependant[],
    ...{ from: row.from_version, to: row.to_version, kind: row.kind, phase: row.phase, graceStarts: row.grace_starts },
    ...{ overlapMs: Number(row.overlap_ms), issuedAt: row.issued_at.getTime() },
    ...{ seenAt: ms(row.seen_at), confirmedAt: ms(row.confirmed_at) },
    ...{ oldEndsAt: row.old_ends_at.getTime(), lastDate: row.last_date.getTime(), endedAt: ms(row.ended_at) },
    ...{ priorExpiry: ms(row.prior_expires_at), newExpiry: ms(row.new_expires_at) },
  };
}

const changingColumns = (rotation: Rotation) => ({
  phase: rotation.phase,
  seen_at: date(rotation.seenAt),
  confirmed_at: date(rotation.confirmedAt),
  old_ends_at: new Date(rotation.oldEndsAt),
  ended_at: date(rotation.endedAt),
});

export async function insertRotation(tx: Tx, key: Key, by: Actor, rotation: Rotation): Promise<void> {
  const { id, account } = key;
  await tx
    .insertInto("rotation")
    .values({
      ...{ key_id: id, to_version: rotation.to, account_id: account, from_version: rotation.from, kind: rotation.kind },
      ...{ grace_starts: rotation.graceStarts, overlap_ms: rotation.overlapMs },
      ...{ started_by_type: by.type, started_by: by.id, issued_at: new Date(rotation.issuedAt) },
      ...{ last_date: new Date(rotation.lastDate), revision: 1 },
      ...{ prior_expires_at: date(rotation.priorExpiry), new_expires_at: date(rotation.newExpiry) },
      dependants: JSON.stringify(dependantsOf(key)),
      ...changingColumns(rotation),
    })
    .execute();
}

export async function saveRotation(tx: Tx, key: string, rotation: Rotation): Promise<void> {
  await tx
    .updateTable("rotation")
    .set((set) => ({ ...changingColumns(rotation), revision: set("revision", "+", 1) }))
    .where("key_id", "=", key)
    .where("to_version", "=", rotation.to)
    .execute();
}

/** Who of them has the new version, as of now. */
export async function saveDependants(tx: Tx, { key, to, dependants }: StoredRotation): Promise<void> {
  await tx
    .updateTable("rotation")
    .set((set) => ({ dependants: JSON.stringify(dependants), revision: set("revision", "+", 1) }))
    .where("key_id", "=", key)
    .where("to_version", "=", to)
    .execute();
}

/** Who was registered with keys of an account that is erased; which versions there were, and when, stays. */
export async function eraseDependants(tx: Tx, account: string): Promise<void> {
  await tx.updateTable("rotation").set({ dependants: "[]" }).where("account_id", "=", account).execute();
}

/** The latest rotation of a key; null where it was never rotated. Whoever changes it holds the key's row. */
export async function latestRotation(tx: Tx, key: string): Promise<StoredRotation | null> {
  const row = await tx
    .selectFrom("rotation")
    .selectAll()
    .where("key_id", "=", key)
    .orderBy("to_version", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : rotationFromRow(row);
}

/** Whether a rotation of a key is under way. */
export async function hasOpenRotation(tx: Tx, key: string): Promise<boolean> {
  return isOpenRotation(await latestRotation(tx, key));
}

export async function readRotated(tx: Tx, key: Key): Promise<RotatedKey> {
  return { key, versions: await versionsOf(tx, [key.id]), stored: await latestRotation(tx, key.id) };
}

/** The key of this id, kept from others until the transaction ends, with all that belongs to it; null where there is none within reach. */
export async function holdRotated(tx: Tx, id: string): Promise<RotatedKey | null> {
  const key = await findKey(tx, id, true);
  return key === null ? null : readRotated(tx, key);
}

/** How often the key itself was rotated by whoever presented it, since then; and when the oldest of these began. */
export async function selectOwnRotations(
  tx: Tx,
  key: string,
  since: Date,
): Promise<{ readonly count: number; readonly oldest: Date | null }> {
  const { rows } = await sql<{ count: number; oldest: Date | null }>`
    SELECT count(*)::int AS count, min(issued_at) AS oldest FROM rotation
    WHERE key_id = ${key} AND started_by_type = 'key' AND issued_at > ${since}`.execute(tx);
  return rows[0] ?? { count: 0, oldest: null };
}

/** Open rotations whose new version is not known to be in use, after a place in the order of keys. */
export async function selectUnseen(
  tx: Tx,
  after: string,
  limit: number,
): Promise<readonly { readonly key: string; readonly version: number }[]> {
  const { rows } = await sql<{ key: string; version: number }>`
    SELECT key_id AS key, to_version AS version FROM rotation
    WHERE ended_at IS NULL AND seen_at IS NULL AND key_id > ${after} ORDER BY key_id LIMIT ${limit}`.execute(tx);
  return rows;
}

/** Keys whose open rotation is over by the time, the oldest first. */
export async function selectDue(tx: Tx, now: Date, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ key: string }>`
    SELECT key_id AS key FROM rotation WHERE ended_at IS NULL AND old_ends_at <= ${now} ORDER BY old_ends_at LIMIT ${limit}`.execute(
    tx,
  );
  return rows.map(({ key }) => key);
}
