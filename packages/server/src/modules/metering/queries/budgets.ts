import { type RawBuilder, sql } from "kysely";
import type { Tx } from "../../../db/index.ts";
import type { Budget, BudgetState, Crossing, Measure } from "../budget.ts";
import { dayOf, MOST, type Period } from "../period.ts";

/** What an account or a key used in a month, of both measures. Each half finds its rows by an index, and one of them has none. */
function usedIn(
  period: RawBuilder<unknown>,
  { account, key }: { account: RawBuilder<unknown>; key: RawBuilder<unknown> },
): RawBuilder<unknown> {
  const sum = (column: string) => sql`least(coalesce(sum(${sql.ref(column)}), 0), ${MOST})::bigint`;
  return sql`SELECT ${sum("u.accepted")} AS requests, ${sum("u.cost")} AS cost FROM (
      SELECT m.accepted, m.cost FROM metering m WHERE ${key} IS NULL AND m.period = ${period} AND m.account_id = ${account}
      UNION ALL SELECT m.accepted, m.cost FROM metering m WHERE m.period = ${period} AND m.key_id = ${key}) u`;
}

/** Of the budget `b`. */
const OF_BUDGET = { account: sql.ref("b.account_id"), key: sql.ref("b.key_id") };

interface StateRow extends Budget {
  readonly spent: number;
  readonly crossings: readonly (Omit<Crossing, "at"> & { readonly at: string })[] | null;
}

export interface BudgetFilter {
  /** Our ids; an account stands for its own budgets and those of its keys. */
  readonly account: string | null;
  readonly subject: string | null;
  readonly measure: Measure | null;
}

/** By subject and measure, after a place in that order; what was spent and crossed in that month. */
export async function selectBudgets(
  tx: Tx,
  { account, subject, measure }: BudgetFilter,
  period: Period,
  after: readonly string[] | null,
  limit: number,
): Promise<BudgetState[]> {
  const only = [
    ...(account === null ? [] : [sql`b.account_id = ${account}`]),
    ...(subject === null ? [] : [sql`b.subject = ${subject}`]),
    ...(measure === null ? [] : [sql`b.measure = ${measure}`]),
    ...(after === null ? [] : [sql`(b.subject, b.measure) > (${after[0]}::text, ${after[1]}::text)`]),
  ];
  const { rows } = await sql<StateRow>`
    SELECT b.subject, b.measure, b.account_id AS account, b.key_id AS key, b.amount, b.created_at AS "createdAt", b.updated_at AS "updatedAt",
      CASE b.measure WHEN 'requests' THEN u.requests ELSE u.cost END AS spent,
      (SELECT json_agg(json_build_object('percent', c.percent, 'at', c.at, 'amount', c.amount, 'spent', c.spent) ORDER BY c.percent)
        FROM budget_crossing c WHERE c.subject = b.subject AND c.measure = b.measure AND c.period = ${dayOf(period)}::date) AS crossings
    FROM budget b CROSS JOIN LATERAL (${usedIn(sql`${dayOf(period)}::date`, OF_BUDGET)}) u
    WHERE ${only.length === 0 ? sql`true` : sql.join(only, sql` AND `)}
    ORDER BY b.subject, b.measure LIMIT ${limit}`.execute(tx);
  return rows.map(({ crossings, ...budget }) => ({
    ...{ ...budget, period },
    crossings: (crossings ?? []).map((crossing) => ({ ...crossing, at: new Date(crossing.at) })),
  }));
}

/** The budget, held until the transaction ends; null where there is none. */
export async function holdBudget(tx: Tx, subject: string, measure: Measure): Promise<Budget | null> {
  const { rows } = await sql<Budget>`SELECT subject, measure, account_id AS account, key_id AS key, amount,
      created_at AS "createdAt", updated_at AS "updatedAt"
    FROM budget WHERE subject = ${subject} AND measure = ${measure} FOR UPDATE`.execute(tx);
  return rows[0] ?? null;
}

/** Sets it, and asks for it to be looked at. */
export async function putBudgetRow(tx: Tx, budget: Budget): Promise<void> {
  const { subject, measure, account, key, amount, createdAt, updatedAt } = budget;
  await sql`INSERT INTO budget (subject, measure, account_id, key_id, amount, created_at, updated_at)
    VALUES (${subject}, ${measure}, ${account}, ${key}, ${amount}, ${createdAt}, ${updatedAt})
    ON CONFLICT (subject, measure) DO UPDATE SET amount = excluded.amount, updated_at = excluded.updated_at`.execute(
    tx,
  );
  await sql`INSERT INTO budget_due (subject) VALUES (${subject})`.execute(tx);
}

export async function deleteBudgetRow(tx: Tx, subject: string, measure: Measure): Promise<void> {
  await sql`DELETE FROM budget WHERE subject = ${subject} AND measure = ${measure}`.execute(tx);
}

export interface Due {
  readonly id: number;
  readonly subject: string;
}

/** Accounts and keys with budgets that were used since these were last looked at, or whose budget was set; after one of them. */
export async function selectDue(tx: Tx, after: number, limit: number): Promise<readonly Due[]> {
  const { rows } =
    await sql<Due>`SELECT id, subject FROM budget_due WHERE id > ${after} ORDER BY id LIMIT ${limit}`.execute(tx);
  return rows;
}

export async function deleteDue(tx: Tx, due: readonly Due[]): Promise<void> {
  await sql`DELETE FROM budget_due WHERE id = ANY (${due.map(({ id }) => id)}::bigint[])`.execute(tx);
}

/** Accounts and keys that have budgets, after one of them. */
export async function selectSubjects(tx: Tx, after: string, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{
    subject: string;
  }>`SELECT DISTINCT subject FROM budget WHERE subject > ${after} ORDER BY subject LIMIT ${limit}`.execute(tx);
  return rows.map(({ subject }) => subject);
}

/**
 * What was passed of the budgets of these in months that are open, and in the one that closed last, which may have done so before
 * anybody looked; and is not recorded. Of a month that is over, only by budgets as they were set before its end: nobody is told of a
 * time for which there was no such budget. Uses are added up once for both measures.
 */
function passed(subjects: readonly string[]): RawBuilder<unknown> {
  const months = sql`SELECT g::date AS period, g = date_trunc('month', now() AT TIME ZONE 'UTC') AS current, (g + interval '1 month') AT TIME ZONE 'UTC' AS ends
    FROM generate_series((SELECT max(period)::timestamp FROM metering_period), date_trunc('month', now() AT TIME ZONE 'UTC'), interval '1 month') g`;
  return sql`
    SELECT b.subject, b.measure, s.period, c.percent, b.account_id, b.key_id, b.amount, a.spent
    FROM (SELECT o.subject, p.period, p.current, p.ends, u.requests, u.cost
      FROM (SELECT subject, min(account_id) AS account_id, min(key_id) AS key_id FROM budget
        WHERE subject = ANY (${[...subjects]}::text[]) GROUP BY subject) o
      CROSS JOIN (${months}) p
      CROSS JOIN LATERAL (${usedIn(sql.ref("p.period"), { account: sql.ref("o.account_id"), key: sql.ref("o.key_id") })}) u) s
    JOIN budget b ON b.subject = s.subject AND (s.current OR b.updated_at < s.ends)
    CROSS JOIN LATERAL (SELECT CASE b.measure WHEN 'requests' THEN s.requests ELSE s.cost END AS spent) a
    JOIN (VALUES (50), (80), (100)) c (percent) ON a.spent::numeric * 100 >= b.amount::numeric * c.percent
    WHERE NOT EXISTS (SELECT FROM budget_crossing x
      WHERE x.subject = b.subject AND x.measure = b.measure AND x.period = s.period AND x.percent = c.percent)`;
}

export async function hasPassed(tx: Tx, subjects: readonly string[]): Promise<boolean> {
  const { rows } = await sql`SELECT FROM (${passed(subjects)}) p LIMIT 1`.execute(tx);
  return rows.length > 0;
}

export interface NewCrossing extends Pick<Budget, "subject" | "measure" | "account" | "key" | "amount"> {
  readonly period: Period;
  readonly percent: number;
  readonly spent: number;
}

/** Records what was passed; returns what nobody had recorded before. */
export async function insertCrossings(tx: Tx, subjects: readonly string[], at: Date): Promise<readonly NewCrossing[]> {
  const { rows } = await sql<NewCrossing>`
    WITH passed AS MATERIALIZED (${passed(subjects)}),
    recorded AS (
      INSERT INTO budget_crossing (subject, measure, period, percent, account_id, at, amount, spent)
      SELECT subject, measure, period, percent, account_id, ${at}, amount, spent FROM passed ORDER BY subject, measure, period, percent
      ON CONFLICT DO NOTHING RETURNING subject, measure, period, percent)
    SELECT p.subject, p.measure, to_char(p.period, 'YYYY-MM') AS period, p.percent, p.account_id AS account, p.key_id AS key, p.amount, p.spent
    FROM recorded r JOIN passed p USING (subject, measure, period, percent) ORDER BY p.subject, p.measure, p.period, p.percent`.execute(
    tx,
  );
  return rows;
}
