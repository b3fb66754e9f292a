/** Who has uses in hand, as nodes tell: themselves, and the verifiers that are connected to them. */
import { sql } from "kysely";
import type { Tx } from "../../../db/index.ts";

/** A verifier, and for how long what is told of it has been so, in milliseconds. */
export interface VerifierNews {
  readonly id: string;
  readonly agoMs: number;
}

export interface Told {
  /** The oldest of what this node took in and has not written came so many milliseconds ago. */
  readonly lagMs: number;
  readonly met: readonly VerifierNews[];
  /** Handed everything over. */
  readonly left: readonly string[];
  readonly gone: readonly VerifierNews[];
}

/**
 * Tells of a node and its verifiers. A verifier is where it was met last: what another node says of it after that counts, and this one has
 * nothing to say of it any more.
 */
export async function tellSenders(tx: Tx, node: string, { lagMs, met, left, gone }: Told): Promise<void> {
  await sql`INSERT INTO usage_sender AS s (id, node, complete_until, told_at)
    VALUES (${node}, ${node}, now() - ${lagMs} * interval '1 millisecond', now())
    ON CONFLICT (id) DO UPDATE SET complete_until = greatest(s.complete_until, excluded.complete_until), told_at = excluded.told_at`.execute(
    tx,
  );
  if (met.length > 0) {
    await sql`INSERT INTO usage_sender AS s (id, node, complete_until, told_at)
      SELECT id, ${node}, now() - ago * interval '1 millisecond', now() - ago * interval '1 millisecond' FROM ${listOf(met)} ORDER BY id
      ON CONFLICT (id) DO UPDATE SET node = excluded.node, complete_until = excluded.complete_until, told_at = excluded.told_at, gone_at = NULL
      WHERE s.told_at <= excluded.told_at`.execute(tx);
  }
  if (gone.length > 0) {
    await sql`UPDATE usage_sender s SET complete_until = now() - g.ago * interval '1 millisecond', gone_at = now() - g.ago * interval '1 millisecond'
      FROM ${listOf(gone)} WHERE s.id = g.id AND s.node = ${node}`.execute(tx);
  }
  if (left.length > 0) {
    await sql`DELETE FROM usage_sender WHERE id = ANY (${[...left]}::text[]) AND node = ${node}`.execute(tx);
  }
}

function listOf(news: readonly VerifierNews[]) {
  const sorted = news.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return sql`unnest(${sorted.map(({ id }) => id)}::text[], ${sorted.map(({ agoMs }) => agoMs)}::float8[]) AS g (id, ago)`;
}

/** This node has written everything and ends; its verifiers go to another one, or are gone. */
export async function leaveSenders(tx: Tx, node: string): Promise<void> {
  await sql`UPDATE usage_sender SET gone_at = now(), complete_until = now() WHERE node = ${node} AND id <> ${node} AND gone_at IS NULL`.execute(
    tx,
  );
  await sql`DELETE FROM usage_sender WHERE id = ${node}`.execute(tx);
}

/** Rows of one turn. */
const FOLDED_AT_ONCE = 1_000;

/**
 * Counts processes that went away so many milliseconds before the last news by the hour, in the place of a row for each; returns whether
 * there may be more. A node is gone that has told nothing for so long, while others did, and with it the verifiers that were met nowhere else.
 */
export async function foldGone(tx: Tx, afterMs: number): Promise<boolean> {
  const before = sql`(SELECT max(t.told_at) FROM usage_sender t WHERE t.id = t.node) - ${afterMs} * interval '1 millisecond'`;
  const { rows } = await sql<{ folded: number }>`
    WITH gone AS (
      DELETE FROM usage_sender WHERE id IN (
        SELECT s.id FROM usage_sender s LEFT JOIN usage_sender n ON n.id = s.node
        WHERE coalesce(s.gone_at, n.told_at, s.told_at) < ${before}
        ORDER BY s.id = s.node, s.id LIMIT ${sql.lit(FOLDED_AT_ONCE)} FOR UPDATE OF s SKIP LOCKED)
      RETURNING id, node, complete_until, coalesce(gone_at, told_at) AS last_at),
    noted AS (
      INSERT INTO usage_loss AS l (starts_at, path, requests, times, first_at, last_at)
      SELECT date_trunc('hour', last_at, 'UTC'), CASE WHEN id = node THEN 'node-gone' ELSE 'verifier-gone' END, 0, count(*), min(complete_until), max(last_at)
      FROM gone GROUP BY 1, 2 ORDER BY 1, 2
      ON CONFLICT (starts_at, path) DO UPDATE SET times = l.times + excluded.times,
        first_at = least(l.first_at, excluded.first_at), last_at = greatest(l.last_at, excluded.last_at))
    SELECT count(*)::int AS folded FROM gone`.execute(tx);
  return (rows[0]?.folded ?? 0) === FOLDED_AT_ONCE;
}

/** Forgets losses of before that moment. */
export async function forgetLosses(tx: Tx, before: Date): Promise<void> {
  await sql`DELETE FROM usage_loss WHERE starts_at < ${before}`.execute(tx);
}
