import { sql } from "kysely";
import type { Database, Tx } from "../../db/index.ts";
import { PLATFORM } from "../../db/index.ts";
import type { Change } from "../../kernel/act.ts";

/** Woken at each commit that took a number; the payload is the number. */
export const CHANGE_CHANNEL = "claviger_change";

/** One entry of the log. `kind` is text: a newer version of the software may log kinds that this one does not know. */
export interface LoggedChange {
  readonly seq: number;
  readonly kind: string;
  readonly subjects: readonly string[];
}

/**
 * Takes the next number, logs the change and wakes everybody at commit, in one statement. Locks the head until commit,
 * so it must be the last thing a transaction does. Returns the number. Throws TypeError for a change without subjects.
 */
export async function logChange(tx: Tx, change: Change, at: Date): Promise<number> {
  const subjects = [...new Set(change.subjects)];
  if (subjects.length === 0 || subjects.includes("")) throw new TypeError("a change must name the subjects it touches");
  const { rows } = await sql<{ seq: number }>`
    WITH head AS (UPDATE change_head SET seq = seq + 1 RETURNING seq),
    entry AS (
      INSERT INTO change_log (seq, kind, subjects, at)
      SELECT seq, ${change.kind}, ${subjects}::text[], ${at} FROM head RETURNING seq
    )
    SELECT seq, set_config('claviger.change_seq', seq::text, true), pg_notify(${CHANGE_CHANNEL}, seq::text) FROM entry
  `.execute(tx);
  const row = rows[0];
  if (row === undefined) throw new TypeError("change_head has lost its row");
  return row.seq;
}

/** The newest committed number this transaction sees. */
export async function currentSeq(tx: Tx): Promise<number> {
  const row = await tx.selectFrom("change_head").select("seq").executeTakeFirstOrThrow();
  return row.seq;
}

/**
 * The newest number that any transaction took, once those under way have ended. Locking the head makes the commit of this transaction
 * wait for synchronous standbys, and what was committed before it is there no later: so an answer that rests on an earlier act is
 * as lasting as that of a new one.
 */
export async function lockedSeq(tx: Tx): Promise<number> {
  const row = await tx.selectFrom("change_head").select("seq").forUpdate().executeTakeFirstOrThrow();
  return row.seq;
}

/**
 * The entries after `seq`, oldest first, `limit` at most, and the head in the same snapshot. See `hasGap` before using
 * them.
 */
export async function changesAfter(
  tx: Tx,
  seq: number,
  limit: number,
): Promise<{ readonly head: number; readonly changes: readonly LoggedChange[] }> {
  const { rows } = await sql<{ head: number; changes: unknown }>`
    SELECT head.seq AS head, ${sql.raw(changesAfterSql(String(Math.trunc(seq)), limit))} AS changes FROM change_head head
  `.execute(tx);
  const row = rows[0];
  if (row === undefined) throw new TypeError("change_head has lost its row");
  return { head: row.head, changes: parseChanges(row.changes) };
}

/**
 * The same as a scalar subquery, for a statement that reads more in one snapshot. `after` is a placeholder such as `$1`
 * or a number; never text from outside. The result goes through `parseChanges`.
 */
export function changesAfterSql(after: string, limit: number): string {
  if (!/^(\$\d+|\d+)$/.test(after) || !Number.isInteger(limit))
    throw new TypeError("expected a placeholder or a number");
  return `(SELECT coalesce(json_agg(json_build_array(entry.seq, entry.kind, entry.subjects) ORDER BY entry.seq), '[]') FROM (
    SELECT seq, kind, subjects FROM claviger.change_log WHERE seq > ${after} ORDER BY seq LIMIT ${limit}) entry)`;
}

/** Reads what `changesAfterSql` yields. */
export function parseChanges(json: unknown): readonly LoggedChange[] {
  return (json as [number, string, string[]][]).map(([seq, kind, subjects]) => ({ seq, kind, subjects }));
}

/** Deletes entries up to `upTo` logged before `before`, `limit` at most; returns how many. */
export function deleteChanges(
  database: Database,
  upTo: (head: number) => number,
  before: Date,
  limit: number,
): Promise<number> {
  return database.transaction(PLATFORM, async (tx) => {
    const last = upTo(await currentSeq(tx));
    const { numAffectedRows } = await sql`
      DELETE FROM change_log WHERE seq IN (
        SELECT seq FROM change_log WHERE seq <= ${last} AND at < ${before} ORDER BY seq LIMIT ${limit})
    `.execute(tx);
    return Number(numAffectedRows ?? 0n);
  });
}
