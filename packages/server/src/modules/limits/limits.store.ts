import {
  type BlockAnswer,
  type BlockRequest,
  type Gone,
  giveBackBlock,
  grantShare,
  type HolderRow,
  type Inheritance,
  type LimitStores,
  type PartAct,
  type QuotaRecord,
  type Renewal,
  type ShareAnswer,
  type ShareRecord,
  type ShareRequest,
  type SpentGroup,
  spentOf,
  takeBlock,
} from "@claviger/core";
import { sql } from "kysely";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";

/** Half of PostgreSQL's advisory locks are named by two integers; the first keeps ours apart. */
const LOCK_CLASS = 7164;
const MOST_WANTED = 1_000;
const STATEMENT_TIMEOUT_MS = 2_000;

/** What PostgreSQL has committed it keeps, so its one part has one epoch. */
const EPOCH = "postgresql";

/**
 * Budgets in PostgreSQL. Every write to a counter's rows comes after its lock, taken in one order by all, and commits before
 * the lock is free; so also a commit whose answer was lost comes before whatever is written next.
 */
export function createPostgresStores(database: Database): LimitStores {
  const run = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    database.transaction(PLATFORM, work, { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  return {
    shares: {
      join: (holder) => run((tx) => insertHolder(tx, holder)),
      renew: (holder) => run((tx) => renew(tx, holder)),
      end: (id, token) => run((tx) => endHolder(tx, id, token)),
      leave: (holder) => run((tx) => leave(tx, holder)),
      claim: async (_, claims) => claims.map(() => true),
      exchange: (act, requests) => run((tx) => exchange(tx, act, requests)),
      inherit: (act, most) => run((tx) => inherit(tx, act, most)),
    },
    blocks: {
      take: (requests) => run((tx) => takeBlocks(tx, requests)),
      forget: (wall) =>
        run(async (tx) => {
          await tx.deleteFrom("limit_quota").where("forget_at", "<", new Date(wall)).execute();
        }),
    },
  };
}

async function insertHolder(tx: Tx, { id, token, termMs, now }: HolderRow): Promise<void> {
  await tx.insertInto("limit_holder").values({ id, token, term_ms: termMs, renewed_at: now }).execute();
}

async function renew(tx: Tx, { id, token, termMs, now }: HolderRow): Promise<Renewal> {
  const renewed = await tx
    .updateTable("limit_holder")
    .set({ token, term_ms: termMs, renewed_at: now })
    .where("id", "=", id)
    .where("ended", "=", false)
    .executeTakeFirst();
  const rows = await tx
    .selectFrom("limit_holder")
    .select(["id", "token", "term_ms as termMs", "ended"])
    .where("id", "<>", id)
    .execute();
  const others = rows.filter((row) => !row.ended);
  const part = {
    epoch: EPOCH,
    settledMs: Number.POSITIVE_INFINITY,
    heirless: rows.some((row) => row.ended),
    wanted: others.length === 0 ? [] : await wantedOf(tx, id),
  };
  return { alive: renewed.numUpdatedRows > 0n, others, parts: [part] };
}

async function wantedOf(tx: Tx, holder: string): Promise<{ counter: string; askers: number }[]> {
  const rows = await sql<{ counter: string; askers: number }>`
    SELECT w.counter, count(*)::int AS askers FROM limit_share w JOIN limit_share s ON s.counter = w.counter AND s.holder = ${holder}
    WHERE w.unmet > 0 AND w.holder <> ${holder} AND s.amount > 0 GROUP BY w.counter LIMIT ${MOST_WANTED}`.execute(tx);
  return rows.rows;
}

/** Waits for an exchange of that holder under way, so that what it wrote is there for whoever inherits. */
async function endHolder(tx: Tx, id: string, token: string): Promise<void> {
  const row = await tx
    .selectFrom("limit_holder")
    .select("id")
    .where("id", "=", id)
    .where("token", "=", token)
    .forUpdate()
    .executeTakeFirst();
  if (row !== undefined) await tx.updateTable("limit_holder").set({ ended: true }).where("id", "=", id).execute();
}

async function leave(tx: Tx, { id, termMs, now }: Omit<HolderRow, "token">): Promise<void> {
  // As though the term had ended at this moment: nothing was spent after it.
  await tx
    .updateTable("limit_holder")
    .set({ ended: true, renewed_at: now - termMs })
    .where("id", "=", id)
    .where("ended", "=", false)
    .execute();
}

/** True where the holder has not been ended; keeps it from being ended until the transaction is over. */
async function holds(tx: Tx, holder: string): Promise<boolean> {
  const row = await tx
    .selectFrom("limit_holder")
    .select("id")
    .where("id", "=", holder)
    .where("ended", "=", false)
    .forKeyShare()
    .executeTakeFirst();
  return row !== undefined;
}

/** Waits for these counters. Read their rows in a later statement, which sees what was committed before. */
async function lock(tx: Tx, counters: readonly string[]): Promise<void> {
  await sql`SELECT count(pg_advisory_xact_lock(${LOCK_CLASS}, name)) FROM
    (SELECT DISTINCT hashtext(counter) AS name FROM unnest(${counters}::text[]) AS c (counter) ORDER BY name) AS names`.execute(
    tx,
  );
}

async function exchange(tx: Tx, act: PartAct, requests: readonly ShareRequest[]): Promise<ShareAnswer[] | Gone> {
  if (!(await holds(tx, act.holder))) return "ended";
  const counters = requests.map(({ counter }) => counter);
  await lock(tx, counters);
  const records = await recordsOf(tx, act.holder, counters);
  const answers = requests.map((request) => grantShare(request, records.get(request.counter) ?? NO_SHARES));
  await writeShares(tx, act, requests, answers);
  return answers;
}

async function recordsOf(tx: Tx, holder: string, counters: readonly string[]): Promise<Map<string, ShareRecord>> {
  const rows = await tx
    .selectFrom("limit_share")
    .select(["counter", "holder", "amount", "ceiling"])
    .where("counter", "in", counters)
    .execute();
  const records = new Map<string, ShareRecord>();
  for (const row of rows) {
    const { own, others, othersCeiling } = records.get(row.counter) ?? NO_SHARES;
    records.set(
      row.counter,
      row.holder === holder
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
  { holder, now }: PartAct,
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
  await sql`INSERT INTO limit_share AS s (counter, holder, window_ms, amount, ceiling, unmet, journal, noted_at)
    SELECT counter, ${holder}, window_ms, amount, ceiling, unmet, coalesce(journal, '[]')::jsonb, ${now}
    FROM unnest(${column(({ request }) => request.counter)}::text[], ${column(({ request }) => request.windowMs)}::int[],
      ${column(({ answer }) => answer.recorded)}::bigint[], ${column(({ request }) => request.amount)}::bigint[],
      ${column(({ answer }) => answer.unmet)}::bigint[],
      ${column(({ request }) => (request.journal === null ? null : JSON.stringify(request.journal)))}::text[])
      AS t (counter, window_ms, amount, ceiling, unmet, journal)
    ON CONFLICT (counter, holder) DO UPDATE SET amount = excluded.amount, ceiling = excluded.ceiling, unmet = excluded.unmet,
      journal = CASE WHEN excluded.journal = '[]' THEN s.journal ELSE excluded.journal END,
      noted_at = CASE WHEN excluded.journal = '[]' THEN s.noted_at ELSE excluded.noted_at END`.execute(tx);
}

async function takeBlocks(tx: Tx, requests: readonly BlockRequest[]): Promise<BlockAnswer[]> {
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

async function inherit(tx: Tx, { holder, now }: PartAct, most: number): Promise<Inheritance[] | Gone> {
  if (!(await holds(tx, holder))) return "ended";
  const found = await sql<{ counter: string }>`SELECT DISTINCT s.counter FROM limit_share s
    JOIN limit_holder h ON h.id = s.holder AND h.ended LIMIT ${most}`.execute(tx);
  const counters = found.rows.map(({ counter }) => counter);
  await lock(tx, counters);
  const rows = await sql<{
    counter: string;
    window_ms: number;
    amount: number;
    ceiling: number;
    journal: SpentGroup[];
    after_ms: number;
  }>`DELETE FROM limit_share s USING limit_holder h WHERE h.id = s.holder AND h.ended AND s.counter = ANY(${counters}::text[])
    RETURNING s.counter, s.window_ms, s.amount, s.ceiling, s.journal, h.renewed_at + h.term_ms - s.noted_at AS after_ms`.execute(
    tx,
  );
  const estates = new Map<string, Inheritance>();
  for (const { counter, window_ms: windowMs, amount: share, journal, ceiling, after_ms: afterMs } of rows.rows) {
    if (share === 0) continue;
    const known = estates.get(counter);
    const spent = spentOf({ share, windowMs, journal, afterMs });
    estates.set(counter, {
      ...{ counter, windowMs },
      ceiling: Math.min(known?.ceiling ?? ceiling, ceiling),
      spent: [...(known?.spent ?? []), ...spent],
    });
  }
  const inherited = [...estates.values()];
  await takeOver(tx, holder, inherited, now);
  await sql`DELETE FROM limit_holder h WHERE h.ended AND NOT EXISTS (SELECT FROM limit_share s WHERE s.holder = h.id)`.execute(
    tx,
  );
  return inherited;
}

async function takeOver(tx: Tx, holder: string, inherited: readonly Inheritance[], now: number): Promise<void> {
  if (inherited.length === 0) return;
  const column = <T>(read: (each: Inheritance) => T): T[] => inherited.map(read);
  const units = ({ spent }: Inheritance): number => spent.reduce((sum, [, count]) => sum + count, 0);
  await sql`INSERT INTO limit_share AS s (counter, holder, window_ms, amount, ceiling, unmet, journal, noted_at)
    SELECT counter, ${holder}, window_ms, amount, ceiling, 0, '[]', ${now}
    FROM unnest(${column(({ counter }) => counter)}::text[], ${column(({ windowMs }) => windowMs)}::int[],
      ${column(units)}::bigint[], ${column(({ ceiling }) => ceiling)}::bigint[]) AS t (counter, window_ms, amount, ceiling)
    ON CONFLICT (counter, holder) DO UPDATE SET amount = s.amount + excluded.amount`.execute(tx);
}
