import {
  type BlockAnswer,
  type BlockRequest,
  ClavigerError,
  type Gone,
  giveBackBlock,
  grantShare,
  type Inheritance,
  type QuotaRecord,
  type ShareAnswer,
  type ShareClaim,
  type ShareRecord,
  type ShareRequest,
  type SpentGroup,
  takeBlock,
} from "@claviger/core";
import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import { inheritancesOf } from "./inheritances.ts";
import { POSTGRES_PART, SETTLED_MS } from "./queries/registry.ts";

/*
 * Every write to a counter's rows comes after its lock, taken in one order by all, and commits before the lock is free; so
 * also a commit whose answer was lost comes before whatever is written next.
 */

/** Half of PostgreSQL's advisory locks are named by two integers; the first keeps ours apart. */
const LOCK_CLASS = 7164;
/** For each holder asked for, and for all of them together. */
const MOST_WANTED = 1_000;
const MOST_WANTED_IN_ALL = 20_000;

/** Waits for these counters. Read their rows in a later statement, which sees what was committed before. */
async function lock(tx: Tx, counters: readonly string[]): Promise<void> {
  await sql`SELECT count(pg_advisory_xact_lock(${LOCK_CLASS}, name)) FROM
    (SELECT DISTINCT hashtext(counter) AS name FROM unnest(${counters}::text[]) AS c (counter) ORDER BY name) AS names`.execute(
    tx,
  );
}

/**
 * Why the holder may do nothing in this epoch; null where it may: then it is not ended before the transaction is over. Rows
 * count in the epoch in which they were written.
 */
async function barred(tx: Tx, { holder, seq, order }: ShareAct): Promise<Gone | null> {
  const row = await tx
    .selectFrom("limit_holder")
    .select("id")
    .where("id", "=", holder)
    .where("ended", "=", false)
    .forKeyShare()
    .executeTakeFirst();
  if (row === undefined) return "ended";
  if ((await readPart(tx)).seq !== seq) return "moved";
  if (order !== null) await noteAct(tx, holder, seq, order);
  return null;
}

/** Rejects where a newer act was carried out before: what this one says is not so any more. */
async function noteAct(tx: Tx, holder: string, seq: number, order: number): Promise<void> {
  const noted = await sql`UPDATE limit_lent SET epoch = ${seq}::bigint, act = ${order}::bigint
    WHERE holder = ${holder} AND (epoch, act) < (${seq}::bigint, ${order}::bigint)`.execute(tx);
  if (Number(noted.numAffectedRows) === 1) return;
  throw new ClavigerError("UNAVAILABLE", { internal: "a later act came before this one" });
}

function readPart(tx: Tx): Promise<{ seq: number; settledMs: number }> {
  return tx
    .selectFrom("limit_part")
    .select(["seq", "settled_ms as settledMs"])
    .where("number", "=", POSTGRES_PART)
    .executeTakeFirstOrThrow();
}

/** In whose name, and in which epoch of PostgreSQL's part, something is done. */
export interface ShareAct {
  readonly holder: string;
  readonly seq: number;
  /** See `PartAct`. Null where acts are carried out in their order anyhow, because one process alone asks for them. */
  readonly order: number | null;
  readonly now: number;
}

export async function exchange(
  tx: Tx,
  act: ShareAct,
  requests: readonly ShareRequest[],
): Promise<ShareAnswer[] | Gone> {
  const why = await barred(tx, act);
  if (why !== null) return why;
  const counters = requests.map(({ counter }) => counter);
  await lock(tx, counters);
  const records = await recordsOf(tx, act, counters);
  const answers = requests.map((request) => grantShare(request, records.get(request.counter) ?? NO_SHARES));
  await writeShares(tx, act, requests, answers);
  return answers;
}

async function recordsOf(tx: Tx, act: ShareAct, counters: readonly string[]): Promise<Map<string, ShareRecord>> {
  const rows = await tx
    .selectFrom("limit_share")
    .select(["counter", "holder", "amount", "ceiling"])
    .where("counter", "in", counters)
    .where("epoch", "=", act.seq)
    .execute();
  const records = new Map<string, ShareRecord>();
  for (const row of rows) {
    const { own, others, othersCeiling } = records.get(row.counter) ?? NO_SHARES;
    records.set(
      row.counter,
      row.holder === act.holder
        ? { own: own + row.amount, others, othersCeiling }
        : {
            own,
            others: others + row.amount,
            // A row that only says what its holder lacks binds nobody.
            othersCeiling: row.amount > 0 ? Math.min(othersCeiling, row.ceiling) : othersCeiling,
          },
    );
  }
  return records;
}

const NO_SHARES: ShareRecord = { own: 0, others: 0, othersCeiling: Number.POSITIVE_INFINITY };

async function writeShares(
  tx: Tx,
  { holder, now, seq }: ShareAct,
  requests: readonly ShareRequest[],
  answers: readonly ShareAnswer[],
): Promise<void> {
  const all = requests.flatMap((request, index) => {
    const answer = answers[index];
    return answer === undefined ? [] : [{ request, answer }];
  });
  const gone = all.filter(({ answer }) => answer.recorded === 0 && answer.unmet === 0);
  const kept = all.filter(({ answer }) => answer.recorded > 0 || answer.unmet > 0);
  if (gone.length > 0) {
    const counters = gone.map(({ request }) => request.counter);
    await tx.deleteFrom("limit_share").where("holder", "=", holder).where("counter", "in", counters).execute();
  }
  if (kept.length === 0) return;
  const column = <T>(read: (each: (typeof kept)[number]) => T): T[] => kept.map(read);
  await sql`INSERT INTO limit_share AS s (counter, holder, window_ms, amount, ceiling, unmet, journal, noted_at, epoch)
    SELECT counter, ${holder}, window_ms, amount, ceiling, unmet, coalesce(journal, '[]')::jsonb, ${now}, ${seq}::bigint
    FROM unnest(${column(({ request }) => request.counter)}::text[], ${column(({ request }) => request.windowMs)}::int[],
      ${column(({ answer }) => answer.recorded)}::bigint[], ${column(({ request }) => request.amount)}::bigint[],
      ${column(({ answer }) => answer.unmet)}::bigint[],
      ${column(({ request }) => (request.journal === null ? null : JSON.stringify(request.journal)))}::text[])
      AS t (counter, window_ms, amount, ceiling, unmet, journal)
    ON CONFLICT (counter, holder) DO UPDATE SET epoch = excluded.epoch,
      amount = excluded.amount, ceiling = excluded.ceiling, unmet = excluded.unmet,
      journal = CASE WHEN excluded.journal = '[]' THEN s.journal ELSE excluded.journal END,
      noted_at = CASE WHEN excluded.journal = '[]' THEN s.noted_at ELSE excluded.noted_at END`.execute(tx);
}

/** Writes down what a holder has had since before this epoch; for each claim whether it holds. */
export async function claimShares(tx: Tx, act: ShareAct, claims: readonly ShareClaim[]): Promise<boolean[] | Gone> {
  const { holder, now, seq } = act;
  const why = await barred(tx, act);
  if (why !== null) return why;
  await lock(
    tx,
    claims.map(({ counter }) => counter),
  );
  // After the lock: whoever was given more since it was settled has committed, or comes later and sees this.
  const { settledMs } = await readPart(tx);
  const holding = claims.filter(({ windowMs }) => windowMs > settledMs);
  const column = <T>(read: (each: ShareClaim) => T): T[] => holding.map(read);
  await sql`INSERT INTO limit_share AS s (counter, holder, window_ms, amount, ceiling, unmet, journal, noted_at, epoch)
    SELECT counter, ${holder}, window_ms, amount, ceiling, 0, '[]', ${now}, ${seq}::bigint
    FROM unnest(${column(({ counter }) => counter)}::text[], ${column(({ windowMs }) => windowMs)}::int[],
      ${column(({ units }) => units)}::bigint[], ${column(({ ceiling }) => ceiling)}::bigint[])
      AS t (counter, window_ms, amount, ceiling)
    -- In this epoch already: an earlier claim whose answer was lost, or a later act that this one comes after.
    ON CONFLICT (counter, holder) DO UPDATE SET epoch = excluded.epoch,
      amount = CASE WHEN s.epoch = excluded.epoch THEN greatest(s.amount, excluded.amount) ELSE excluded.amount END,
      ceiling = CASE WHEN s.epoch = excluded.epoch THEN least(s.ceiling, excluded.ceiling) ELSE excluded.ceiling END,
      unmet = CASE WHEN s.epoch = excluded.epoch THEN s.unmet ELSE 0 END`.execute(tx);
  return claims.map((claim) => holding.includes(claim));
}

/** Counters of these holders of which others lack something. */
export async function readWanted(
  tx: Tx,
  holders: readonly string[],
): Promise<{ holder: string; counter: string; askers: number }[]> {
  const rows = await sql<{ holder: string; counter: string; askers: number }>`
    SELECT s.holder, w.counter, count(*)::int AS askers FROM limit_share w JOIN limit_share s ON s.counter = w.counter
      JOIN limit_part p ON p.number = ${POSTGRES_PART} AND p.seq = w.epoch AND p.seq = s.epoch
    WHERE w.unmet > 0 AND w.holder <> s.holder AND s.holder = ANY(${holders}::uuid[]) AND s.amount > 0
    GROUP BY s.holder, w.counter LIMIT ${Math.min(MOST_WANTED * holders.length, MOST_WANTED_IN_ALL)}`.execute(tx);
  return rows.rows;
}

export async function takeBlocks(tx: Tx, requests: readonly BlockRequest[]): Promise<BlockAnswer[]> {
  await lock(
    tx,
    requests.map(({ counter }) => counter),
  );
  const rows = await tx
    .selectFrom("limit_quota")
    .select(["counter", "period", "taken", "refill_every", "refilled_to"])
    .where(
      "counter",
      "in",
      requests.map(({ counter }) => counter),
    )
    .execute();
  const records = new Map<string, QuotaRecord>();
  for (const { counter, period, taken, refill_every: every, refilled_to: to } of rows) {
    const refilled = every === null || to === null ? null : { every, period: to };
    records.set(nameOf(counter, period), { taken, refilled });
  }
  const forgetAt = new Map<string, number | null>();
  const answers = requests.map((request) => {
    const { giveBack } = request;
    const back = giveBack === null ? undefined : records.get(nameOf(request.counter, giveBack.period));
    if (giveBack !== null && back !== undefined) {
      records.set(nameOf(request.counter, giveBack.period), giveBackBlock(back, giveBack));
      forgetAt.set(nameOf(request.counter, giveBack.period), request.forgetAt);
    }
    const name = nameOf(request.counter, request.period);
    const answer = takeBlock(request, records.get(name) ?? null);
    records.set(name, answer);
    forgetAt.set(name, request.forgetAt);
    return answer;
  });
  await writeQuotas(tx, records, forgetAt);
  return answers;
}

export async function forgetQuotas(tx: Tx, by: Date): Promise<void> {
  await tx.deleteFrom("limit_quota").where("forget_at", "<", by).execute();
}

const nameOf = (counter: string, period: number): string => `${period} ${counter}`;

async function writeQuotas(
  tx: Tx,
  records: ReadonlyMap<string, QuotaRecord>,
  forgetAt: ReadonlyMap<string, number | null>,
): Promise<void> {
  const written = [...forgetAt].flatMap(([name, at]) => {
    const record = records.get(name);
    if (record === undefined) return [];
    const blank = name.indexOf(" ");
    const time = at === null ? null : new Date(at).toISOString();
    return [{ counter: name.slice(blank + 1), period: Number(name.slice(0, blank)), record, time }];
  });
  const column = <T>(read: (each: (typeof written)[number]) => T): T[] => written.map(read);
  await sql`INSERT INTO limit_quota AS q (counter, period, taken, refill_every, refilled_to, forget_at)
    SELECT * FROM unnest(${column(({ counter }) => counter)}::text[], ${column(({ period }) => period)}::bigint[],
      ${column(({ record }) => record.taken)}::bigint[], ${column(({ record }) => record.refilled?.every ?? null)}::text[],
      ${column(({ record }) => record.refilled?.period ?? null)}::bigint[], ${column(({ time }) => time)}::timestamptz[])
    ON CONFLICT (counter, period) DO UPDATE SET taken = excluded.taken, refill_every = excluded.refill_every,
      refilled_to = excluded.refilled_to, forget_at = greatest(q.forget_at, excluded.forget_at)`.execute(tx);
}

/** Makes some `most` counters of ended holders this holder's own. What is of an earlier epoch is dropped with its holder. */
export async function inherit(tx: Tx, act: ShareAct, most: number): Promise<Inheritance[] | Gone> {
  const { seq } = act;
  const why = await barred(tx, act);
  if (why !== null) return why;
  const found = await sql<{ counter: string }>`SELECT DISTINCT s.counter FROM limit_share s
    JOIN limit_holder h ON h.id = s.holder AND h.ended WHERE s.epoch = ${seq}::bigint LIMIT ${most}`.execute(tx);
  const counters = found.rows.map(({ counter }) => counter);
  await lock(tx, counters);
  const rows = await sql<EstateRow>`DELETE FROM limit_share s USING limit_holder h
    WHERE h.id = s.holder AND h.ended AND s.counter = ANY(${counters}::text[]) AND s.epoch = ${seq}::bigint
    RETURNING s.counter, s.window_ms, s.amount, s.ceiling, s.journal, h.renewed_at + h.term_ms - s.noted_at AS after_ms`.execute(
    tx,
  );
  const inherited = inheritancesOf(rows.rows.map(estateOf));
  await takeOver(tx, act, inherited);
  // While something may be missing, a holder that is gone and has left nothing is remembered as a holder that may have had it.
  await sql`DELETE FROM limit_holder h WHERE h.ended
    AND NOT EXISTS (SELECT FROM limit_share s WHERE s.holder = h.id AND s.epoch = ${seq}::bigint)
    AND EXISTS (SELECT FROM limit_part WHERE number = ${POSTGRES_PART} AND settled_ms >= ${SETTLED_MS}::bigint)`.execute(
    tx,
  );
  return inherited;
}

interface EstateRow {
  readonly counter: string;
  readonly window_ms: number;
  readonly amount: number;
  readonly ceiling: number;
  readonly journal: SpentGroup[];
  readonly after_ms: number;
}

function estateOf({ counter, window_ms: windowMs, amount: share, ceiling, journal, after_ms: afterMs }: EstateRow) {
  return { counter, windowMs, share, ceiling, journal, afterMs };
}

async function takeOver(tx: Tx, { holder, now, seq }: ShareAct, inherited: readonly Inheritance[]): Promise<void> {
  if (inherited.length === 0) return;
  const column = <T>(read: (each: Inheritance) => T): T[] => inherited.map(read);
  const units = ({ spent }: Inheritance): number => spent.reduce((sum, [, count]) => sum + count, 0);
  await sql`INSERT INTO limit_share AS s (counter, holder, window_ms, amount, ceiling, unmet, journal, noted_at, epoch)
    SELECT counter, ${holder}, window_ms, amount, ceiling, 0, '[]', ${now}, ${seq}::bigint
    FROM unnest(${column(({ counter }) => counter)}::text[], ${column(({ windowMs }) => windowMs)}::int[],
      ${column(units)}::bigint[], ${column(({ ceiling }) => ceiling)}::bigint[]) AS t (counter, window_ms, amount, ceiling)
    ON CONFLICT (counter, holder) DO UPDATE SET epoch = excluded.epoch,
      amount = excluded.amount + CASE WHEN s.epoch = excluded.epoch THEN s.amount ELSE 0 END`.execute(tx);
}

/** Drops up to `most` rows of earlier epochs, of whoever lives; true where there may be more. */
export async function dropStale(tx: Tx, most: number): Promise<boolean> {
  const dropped = await sql`DELETE FROM limit_share WHERE (counter, holder) IN
    (SELECT s.counter, s.holder FROM limit_share s JOIN limit_part p ON p.number = ${POSTGRES_PART} AND s.epoch < p.seq
      LIMIT ${most} FOR UPDATE OF s SKIP LOCKED)`.execute(tx);
  return Number(dropped.numAffectedRows) === most;
}
