import { ClavigerError } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { findAccount, findBilled } from "../accounts/index.ts";
import { selectClosed } from "./metering.store.ts";
import { endOf, HOUR_MS, nextPeriod, type Period, type PeriodState, periodOf, startOf } from "./period.ts";
import type { MeteredFilter, MeteredSums } from "./queries.ts";

/** A month as it is shown. */
export interface ShownPeriod extends PeriodState {
  readonly from: Date;
  readonly to: Date;
  readonly closesAt: Date;
}

/** Months that are metered until now, oldest first. */
export async function listPeriods(tx: Tx, now: number, closeHours: number): Promise<ShownPeriod[]> {
  const { began, closed } = await selectClosed(tx);
  const known = new Map(closed.map((state) => [state.period, state]));
  const shown: ShownPeriod[] = [];
  const last = [periodOf(now), closed.at(-1)?.period ?? began].sort().at(-1) as Period;
  for (let period = nextPeriod(began); period <= last; period = nextPeriod(period)) {
    const state = known.get(period) ?? { period, closedAt: null, sums: null };
    const to = endOf(period);
    const times = { from: new Date(startOf(period)), to: new Date(to), closesAt: new Date(to + closeHours * HOUR_MS) };
    shown.push({ ...state, ...times });
  }
  return shown;
}

/** The month of this name; of now where none is named. Throws NOT_FOUND for one that is not metered. */
export async function requirePeriod(
  tx: Tx,
  name: Period | undefined,
  now: number,
  closeHours: number,
): Promise<ShownPeriod> {
  const wanted = name ?? periodOf(now);
  const found = (await listPeriods(tx, now, closeHours)).find(({ period }) => period === wanted);
  if (found === undefined) throw new ClavigerError("NOT_FOUND", { publicDetail: `Nothing was metered in ${wanted}.` });
  return found;
}

export interface AskedMetering extends Pick<MeteredFilter, "by"> {
  readonly account?: string | undefined;
  readonly key?: string | undefined;
  readonly plan?: string | undefined;
  readonly environment?: string | undefined;
}

/** Null where the filter names nobody, which gives an empty list, as elsewhere. */
export async function filterOf(tx: Tx, period: Period, asked: AskedMetering): Promise<MeteredFilter | null> {
  const account = asked.account === undefined ? null : await findAccount(tx, asked.account);
  if (asked.account !== undefined && account === null) return null;
  const { by, key = null, plan = null, environment = null } = asked;
  return { period, by, account: account?.id ?? null, key, plan, environment };
}

/** A row as it is shown: of which account by the caller's own id, and what it is billed for. */
export interface ShownMetering extends MeteredSums {
  readonly period: Period;
  readonly accountExternalId: string | null;
  readonly billableRequests: number;
  readonly billableCost: number;
}

export async function showMetering(tx: Tx, period: Period, rows: readonly MeteredSums[]): Promise<ShownMetering[]> {
  const accounts = [...new Set(rows.flatMap(({ account }) => account ?? []))];
  const billed = await findBilled(tx, accounts);
  return rows.map((row) => ({
    ...row,
    period,
    accountExternalId: row.account === null ? null : (billed.get(row.account)?.externalId ?? null),
    plan: row.plan === "" ? null : row.plan,
    billableRequests: row.accepted + row.carriedAccepted,
    billableCost: row.cost + row.carriedCost,
  }));
}
