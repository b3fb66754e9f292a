import { budgetOperations, meteringOperations, pick } from "@claviger/contract";
import { ClavigerError, type Timers } from "@claviger/core";
import { type Database, PLATFORM, type Tx } from "../../db/index.ts";
import type { Act } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { pageOf } from "../../kernel/page.ts";
import { actingOf, type Route, route } from "../../kernel/route.ts";
import { findAccount } from "../accounts/index.ts";
import type { BudgetState, Measure } from "./budget.ts";
import { deleteBudget } from "./delete-budget.ts";
import { MeteringExports } from "./export-metering.ts";
import { filterOf, listPeriods, requirePeriod, type ShownPeriod, showMetering } from "./list-metering.ts";
import { periodOf } from "./period.ts";
import { type PutBudget, putBudget, requireOwner } from "./put-budget.ts";
import { type BudgetFilter, selectBudgets } from "./queries/budgets.ts";
import { type MeteredSums, placeOf, selectMetered } from "./queries.ts";

export interface MeteringRoutePorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timers: Timers;
  /** Hours after its end at which a month closes. */
  readonly closeHours: number;
}

export function meteringRoutes(ports: MeteringRoutePorts): Route[] {
  const { database, clock, closeHours } = ports;
  const exports = new MeteringExports(ports);
  return [
    ...budgetRoutes(ports),
    route(pick(meteringOperations, "metering.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { period: name, ...asked } = call.query;
        const period = await requirePeriod(tx, name, clock.wall(), closeHours);
        const filter = await filterOf(tx, period.period, asked);
        const kinds = { key: ["string", "string", "string"], account: ["string"], plan: ["string"] } as const;
        const order = {
          ...{ sort: `${period.period} by ${asked.by}`, kinds: kinds[asked.by] },
          valuesOf: (row: MeteredSums) => placeOf(row, asked.by),
        };
        const page = await pageOf<MeteredSums>(call.query, order, async (after, count) =>
          filter === null ? [] : selectMetered(tx, filter, after?.map(String) ?? null, count),
        );
        const data = await showMetering(tx, period.period, page.data);
        return { status: 200, body: { data, nextCursor: page.nextCursor, period: shown(period) } };
      }),
    ),
    route(pick(meteringOperations, "metering.periods"), () =>
      database.transaction(PLATFORM, async (tx) => {
        const periods = await listPeriods(tx, clock.wall(), closeHours);
        return { status: 200, body: { data: periods.toReversed().map(shown), nextCursor: null } };
      }),
    ),
    route(pick(meteringOperations, "metering.export"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { period: name, ...asked } = call.query;
        const period = await requirePeriod(tx, name, clock.wall(), closeHours);
        const filter = await filterOf(tx, period.period, asked);
        const file = `metering-${period.period}.csv`;
        return {
          ...{ status: 200, contentType: "text/csv; charset=utf-8" },
          stream: exports.start({ period, filter, requestId: call.source.requestId }),
          headers: { "Content-Disposition": `attachment; filename="${file}"` },
        };
      }),
    ),
  ];
}

function shown({ period, from, to, closesAt, closedAt, sums }: ShownPeriod) {
  const times = { from: from.toISOString(), to: to.toISOString() };
  return {
    ...{ period, ...times, state: closedAt === null ? "open" : "closed", closesAt: closesAt.toISOString() },
    closedAt: closedAt?.toISOString() ?? null,
    ...{ accepted: sums?.accepted ?? null, refused: sums?.refused ?? null, cost: sums?.cost ?? null },
  };
}

const BY_SUBJECT = {
  ...{ sort: "subject", kinds: ["string", "string"] as const },
  valuesOf: ({ subject, measure }: BudgetState) => [subject, measure],
};

function budgetRoutes({ act, database, clock }: MeteringRoutePorts): Route[] {
  const thisMonth = () => periodOf(clock.wall());
  return [
    route(pick(budgetOperations, "budgets.list"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const filter = await budgetFilter(tx, call.query.account, call.query.key);
        const page = await pageOf<BudgetState>(call.query, BY_SUBJECT, async (after, count) =>
          filter === null ? [] : selectBudgets(tx, filter, thisMonth(), after?.map(String) ?? null, count),
        );
        return { status: 200, body: { data: page.data.map(shownBudget), nextCursor: page.nextCursor } };
      }),
    ),
    route(pick(budgetOperations, "budgets.get"), (call) =>
      database.transaction(PLATFORM, async (tx) => {
        const { subject } = await requireOwner(tx, call.params.subject);
        return { status: 200, body: await showBudget(tx, subject, call.params.measure, thisMonth()) };
      }),
    ),
    route(pick(budgetOperations, "budgets.put"), async (call) => {
      const acting = actingOf<PutBudget>(call, ({ budget }, tx) =>
        showBudget(tx, budget.subject, budget.measure, thisMonth()),
      );
      const done = await putBudget(act, acting, call.params.subject, call.params.measure, call.body.amount);
      return { status: done.value?.created === true ? 201 : 200, body: done.body };
    }),
    route(pick(budgetOperations, "budgets.delete"), async (call) => {
      const acting = actingOf<BudgetState>(call, async (state) => shownBudget(state));
      const done = await deleteBudget(act, acting, call.params.subject, call.params.measure, thisMonth());
      return { status: 200, body: done.body };
    }),
  ];
}

/** Null where it names nobody. */
async function budgetFilter(tx: Tx, reference?: string, key?: string): Promise<BudgetFilter | null> {
  const account = reference === undefined ? null : await findAccount(tx, reference);
  if (reference !== undefined && account === null) return null;
  return { account: account?.id ?? null, subject: key ?? null, measure: null };
}

/** Throws NOT_FOUND. */
async function showBudget(tx: Tx, subject: string, measure: Measure, period: string) {
  const [state] = await selectBudgets(tx, { account: null, subject, measure }, period, null, 1);
  if (state === undefined) throw new ClavigerError("NOT_FOUND");
  return shownBudget(state);
}

function shownBudget({ subject: _, crossings, createdAt, updatedAt, ...budget }: BudgetState) {
  return {
    ...budget,
    share: budget.spent / budget.amount,
    crossings: crossings.map(({ at, ...crossing }) => ({ ...crossing, at: at.toISOString() })),
    ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
  };
}
