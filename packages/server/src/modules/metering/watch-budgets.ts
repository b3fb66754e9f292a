import { type Database, PLATFORM } from "../../db/index.ts";
import { type Act, SYSTEM_SOURCE } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import { budgetId } from "./budget.ts";
import { deleteDue, hasPassed, insertCrossings, selectDue, selectSubjects } from "./queries/budgets.ts";

export interface WatchPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
}

const DUE_AT_ONCE = 5_000;
const SUBJECTS_AT_ONCE = 500;
/** All budgets are looked at so often, in milliseconds: what a flush did not tell of is found then. */
const ALL_EVERY_MS = 300_000;
const ACTING = { actor: { type: "system", id: "budgets" }, source: SYSTEM_SOURCE } as const;

/**
 * Makes what every node calls every so often: it records, with an audit event and an event for others, that 50, 80 or 100 % of a
 * budget were spent. Of each month and percentage once, by one of the nodes, whoever else looks: the row's key says so, in the
 * transaction of the event. pg errors pass through.
 */
export function createBudgetWatch(ports: WatchPorts): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    await watchDue(ports);
    const now = ports.clock.mono();
    if (now - lookedAt < ALL_EVERY_MS) return;
    await watchAll(ports);
    lookedAt = now;
  };
}

/** Budgets of what was used. A flush that commits while this looks has rows of its own, which are not seen yet and stay. */
async function watchDue(ports: WatchPorts): Promise<void> {
  for (;;) {
    const due = await ports.database.transaction(PLATFORM, (tx) => selectDue(tx, DUE_AT_ONCE));
    if (due.length === 0) return;
    const subjects = [...new Set(due.map(({ subject }) => subject))].sort();
    for (let at = 0; at < subjects.length; at += SUBJECTS_AT_ONCE) {
      await watch(ports, subjects.slice(at, at + SUBJECTS_AT_ONCE));
    }
    await ports.database.transaction(PLATFORM, (tx) => deleteDue(tx, due));
    if (due.length < DUE_AT_ONCE) return;
  }
}

async function watchAll(ports: WatchPorts): Promise<void> {
  let after = "";
  for (;;) {
    const subjects = await ports.database.transaction(PLATFORM, (tx) => selectSubjects(tx, after, SUBJECTS_AT_ONCE));
    if (subjects.length > 0) await watch(ports, subjects);
    after = subjects.at(-1) ?? "";
    if (subjects.length < SUBJECTS_AT_ONCE) return;
  }
}

async function watch({ act, database }: WatchPorts, subjects: readonly string[]): Promise<void> {
  if (!(await database.transaction(PLATFORM, (tx) => hasPassed(tx, subjects)))) return;
  await act(ACTING, PLATFORM, async (unit) => {
    const crossings = await insertCrossings(unit.tx, subjects, unit.now);
    // Another node was quicker.
    if (crossings.length === 0) return unit.foundDone();
    for (const { account, key, ...crossing } of crossings) {
      const { subject: _, measure, period, percent, amount, spent } = crossing;
      const target = { type: "budget", id: budgetId(crossing) };
      const after = { period, percent, amount, spent };
      unit.audits({ action: "budget.crossed", account, target, after });
      unit.emits({ type: "budget.crossed", account, payload: { account, key, measure, ...after } });
    }
  });
}
