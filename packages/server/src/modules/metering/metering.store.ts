import { sql } from "kysely";
import type { Tx } from "../../db/index.ts";
import type { MeteredUse } from "./metered-use.ts";
import { dayOf, MOST, type Period, type PeriodState, type PeriodSums } from "./period.ts";

/** Shared by whoever adds to metering, taken alone by whoever closes a month; triggers of the tables take it as well. */
const PERIODS_LOCK = 7_164_011;
/** What comes later than that is told to be from so long ago. */
const MOST_MONTHS_LATE = 12;
/** No id, name or code holds it. */
const SEPARATOR = "\u001f";
/** Rows of one statement: what it takes to write it down is done in one turn of the event loop. */
const ROWS_AT_ONCE = 2_000;

/**
 * To be called first in a transaction that writes uses: no month closes until it ends, and the database leaves it to `addMetered` to
 * meter them. First, so that nobody who waits for a closing holds rows that others wait for.
 */
export async function beginMetering(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock_shared(${PERIODS_LOCK}), set_config('claviger.metered', 'yes', true)`.execute(
    tx,
  );
}

/**
 * Adds to what was metered: to the month in which it happened, or to the oldest one that is open where that one has closed. `plans`:
 * of accounts, by id; null for none.
 */
export async function addMetered(
  tx: Tx,
  uses: readonly MeteredUse[],
  plans: ReadonlyMap<string, string | null>,
): Promise<void> {
  for (let at = 0; at < uses.length; at += ROWS_AT_ONCE) await addSlice(tx, uses.slice(at, at + ROWS_AT_ONCE), plans);
}

async function addSlice(tx: Tx, uses: readonly MeteredUse[], plans: ReadonlyMap<string, string | null>): Promise<void> {
  const texts = (read: (use: MeteredUse) => string) =>
    sql`(string_to_array(${`${uses.map(read).join(SEPARATOR)}${SEPARATOR}`}, ${SEPARATOR}))[1:${sql.lit(uses.length)}]`;
  const numbers = (read: (use: MeteredUse) => number) => sql`${`{${uses.map(read).join(",")}}`}::bigint[]`;
  await sql`
    WITH given AS MATERIALIZED (
      SELECT * FROM unnest(${texts(({ key }) => key)}, ${texts(({ account }) => account)}, ${texts(({ environment }) => environment)},
        ${texts(({ account }) => plans.get(account) ?? "")}, ${texts(({ happened }) => dayOf(happened))}::date[],
        ${texts(({ counted }) => dayOf(counted))}::date[], ${numbers(({ accepted }) => accepted)},
        ${numbers(({ refused }) => refused)}, ${numbers(({ cost }) => cost)})
        AS g (key_id, account_id, environment, plan, happened, counted, accepted, refused, cost)),
    months AS MATERIALIZED (
      SELECT (max(period) + interval '1 month')::date AS oldest,
        greatest((min(period) + interval '1 month')::date, (max(period) - make_interval(months => ${sql.lit(MOST_MONTHS_LATE - 1)}))::date) AS earliest,
        greatest(date_trunc('month', now() AT TIME ZONE 'UTC'), max(period) + interval '1 month')::date AS newest
      FROM metering_period),
    placed AS (
      SELECT greatest(least(g.happened, m.newest), m.oldest) AS period, g.key_id, g.plan,
        greatest(least(g.happened, m.newest), m.earliest) AS happened, g.counted,
        min(g.account_id) AS account_id, min(g.environment) AS environment,
        least(sum(g.accepted), ${MOST}) AS accepted, least(sum(g.refused), ${MOST}) AS refused, least(sum(g.cost), ${MOST}) AS cost
      FROM given g CROSS JOIN months m GROUP BY 1, 2, 3, 4, 5),
    metered AS (
      INSERT INTO metering AS t (period, key_id, plan, happened, counted, account_id, environment, accepted, refused, cost)
      SELECT period, key_id, plan, happened, counted, account_id, environment, accepted, refused, cost FROM placed
      ORDER BY period, key_id, plan, happened, counted
      ON CONFLICT (period, key_id, plan, happened, counted) DO UPDATE SET
        accepted = least(t.accepted + excluded.accepted, ${MOST}), refused = least(t.refused + excluded.refused, ${MOST}),
        cost = least(t.cost + excluded.cost, ${MOST}))
    INSERT INTO budget_due (subject)
      SELECT DISTINCT b.subject FROM budget b
      WHERE b.subject IN (SELECT g.account_id FROM given g UNION ALL SELECT g.key_id FROM given g)`.execute(tx);
}

interface PeriodRow {
  readonly period: Period;
  readonly closedAt: Date | null;
  readonly accepted: number | null;
  readonly refused: number | null;
  readonly cost: number | null;
  readonly rows: number | null;
}

/** Closed months, oldest first; `began`: the one before metering began. */
export async function selectClosed(
  tx: Tx,
): Promise<{ readonly began: Period; readonly closed: readonly PeriodState[] }> {
  const { rows } =
    await sql<PeriodRow>`SELECT to_char(period, 'YYYY-MM') AS period, closed_at AS "closedAt", accepted, refused, cost, rows
    FROM metering_period ORDER BY period`.execute(tx);
  const [first, ...closed] = rows;
  if (first === undefined) throw new TypeError("no month says when metering began");
  return { began: first.period, closed: closed.map(stateOf) };
}

function stateOf({ period, closedAt, accepted, refused, cost, rows }: PeriodRow): PeriodState {
  const told = accepted !== null && refused !== null && cost !== null && rows !== null;
  return { period, closedAt, sums: told ? { accepted, refused, cost, rows } : null };
}

/**
 * `closed`: from here on nothing is added to it. `before`: another was quicker. `early`: by the database's clock it is not yet `hours`
 * hours over, whatever the caller's says. Waits for whoever adds at the moment; gives up after `waitMs`, with pg's 55P03.
 */
export async function insertClosed(
  tx: Tx,
  period: Period,
  hours: number,
  waitMs: number,
): Promise<"closed" | "before" | "early"> {
  await sql`SELECT set_config('lock_timeout', ${String(waitMs)}, true)`.execute(tx);
  await sql`SELECT pg_advisory_xact_lock(${PERIODS_LOCK})`.execute(tx);
  // In a statement of its own, which sees what others closed while the lock was waited for.
  const day = sql`${dayOf(period)}::date`;
  const { rows } = await sql<{ before: boolean; due: boolean }>`
    SELECT EXISTS (SELECT FROM metering_period WHERE period >= ${day}) AS before,
      now() >= ((${day} + interval '1 month') AT TIME ZONE 'UTC') + make_interval(hours => ${hours}) AS due`.execute(
    tx,
  );
  if (rows[0]?.before === true) return "before";
  if (rows[0]?.due !== true) return "early";
  await sql`INSERT INTO metering_period (period, closed_at) VALUES (${day}, now())`.execute(tx);
  return "closed";
}

export async function sumPeriod(tx: Tx, period: Period): Promise<PeriodSums> {
  const { rows } = await sql<PeriodSums>`SELECT least(coalesce(sum(accepted), 0), ${MOST})::bigint AS accepted,
      least(coalesce(sum(refused), 0), ${MOST})::bigint AS refused, least(coalesce(sum(cost), 0), ${MOST})::bigint AS cost, count(*) AS rows
    FROM metering WHERE period = ${dayOf(period)}::date`.execute(tx);
  return rows[0] as PeriodSums;
}

/** Tells the sums of a closed month; false where they were told. */
export async function updateSums(
  tx: Tx,
  period: Period,
  { accepted, refused, cost, rows }: PeriodSums,
): Promise<boolean> {
  const { numAffectedRows } =
    await sql`UPDATE metering_period SET accepted = ${accepted}, refused = ${refused}, cost = ${cost}, rows = ${rows}
    WHERE period = ${dayOf(period)}::date AND rows IS NULL`.execute(tx);
  return Number(numAffectedRows ?? 0n) === 1;
}
