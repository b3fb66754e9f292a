import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** How far the walk over keys that will expire has come. `endedAt`: null while it is under way. */
export interface ExpiryWalk {
  readonly beganAt: Date;
  readonly afterAt: Date | null;
  readonly afterId: string | null;
  readonly endedAt: Date | null;
}

/** Held until the transaction ends, with the time of the database; null where another node has it in hand. */
export async function holdWalk(tx: Tx): Promise<{ readonly walk: ExpiryWalk; readonly databaseNow: Date } | null> {
  const { rows } = await sql<ExpiryWalk & { readonly databaseNow: Date }>`
    SELECT began_at AS "beganAt", after_at AS "afterAt", after_id AS "afterId", ended_at AS "endedAt",
      clock_timestamp() AS "databaseNow"
    FROM expiry_walk FOR UPDATE SKIP LOCKED`.execute(tx);
  const [row] = rows;
  if (row === undefined) return null;
  const { databaseNow, ...walk } = row;
  return { walk, databaseNow };
}

export async function saveWalk(tx: Tx, { beganAt, afterAt, afterId, endedAt }: ExpiryWalk): Promise<void> {
  await tx
    .updateTable("expiry_walk")
    .set({ began_at: beganAt, after_at: afterAt, after_id: afterId, ended_at: endedAt })
    .execute();
}

/** One warning to one recipient. */
export interface WarningRow {
  readonly key: string;
  readonly version: number;
  readonly expiresAt: Date;
  readonly day: number;
  /** A member, or `EVENTS`. */
  readonly recipient: string;
  readonly account: string;
  /** Null where an event tells it. */
  readonly mail: string | null;
}

/** Who listens to events is one recipient. */
export const EVENTS = "*";

/** Of these keys, as they end now, the nearest day of which each recipient was warned: by key, version, end and recipient. */
export async function selectWarned(tx: Tx, keys: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<Omit<WarningRow, "mail" | "account">>`
    SELECT key_id AS key, version, expires_at AS "expiresAt", min(day) AS day, recipient FROM expiry_warning
    WHERE key_id = ANY(${keys}::text[]) GROUP BY key_id, version, expires_at, recipient`.execute(tx);
  return new Map(rows.map((row) => [warnedName(row), row.day]));
}

export function warnedName({
  key,
  version,
  expiresAt,
  recipient,
}: Pick<WarningRow, "key" | "version" | "expiresAt" | "recipient">): string {
  return `${key} ${version} ${expiresAt.getTime()} ${recipient}`;
}

/** None of them may be there: whoever inserts holds the walk. */
export async function insertWarnings(tx: Tx, rows: readonly WarningRow[], now: Date): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    INSERT INTO expiry_warning (key_id, version, expires_at, day, recipient, account_id, mail_id, created_at)
    SELECT g.*, ${now} FROM unnest(${rows.map(({ key }) => key)}::text[], ${rows.map(({ version }) => version)}::int[],
      ${rows.map(({ expiresAt }) => expiresAt)}::timestamptz[], ${rows.map(({ day }) => day)}::smallint[],
      ${rows.map(({ recipient }) => recipient)}::text[], ${rows.map(({ account }) => account)}::text[],
      ${rows.map(({ mail }) => mail)}::text[]) g`.execute(tx);
}

/** Warnings of what ended before that time. */
export async function deleteWarnings(tx: Tx, before: Date, count: number): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM expiry_warning WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM expiry_warning WHERE expires_at < ${before} ORDER BY expires_at LIMIT ${count}))`.execute(tx);
  return Number(numAffectedRows ?? 0n);
}
