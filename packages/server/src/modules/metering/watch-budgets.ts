import { type Database, PLATFORM } from "../../db/index.ts";
import { type Act, SYSTEM_SOURCE } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import { budgetId } from "./budget.ts";
import { deleteDue, hasPassed, insertCrossings, selectDue, selectSubjects } from "./queries/budgets.ts";

export interface WatchPorts {
  readonly act: Act;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

const DUE_AT_ONCE = 5_000;
/** Few, so that the sums of the largest accounts are not made in one statement. */
const SUBJECTS_AT_ONCE = 20;
/** All budgets are looked at so often, in milliseconds: what a flush did not tell of is found then. */
const ALL_EVERY_MS = 300_000;
const ACTING = { actor: { type: "system", id: "budgets" }, source: SYSTEM_SOURCE } as const;

/**
 * Makes what every node calls every so often: it records, with an audit event and an event for others, that 50, 80 or 100 % of a
 * budget were spent. Of each month and percentage once, by one of the nodes, whoever else looks: the row's key says so, in the
 * transaction of the event. A budget that cannot be looked at is logged and keeps no other from being looked at; it is tried again each
 * time. pg errors pass through where the database cannot be asked which there are.
 */
export function createBudgetWatch(ports: WatchPorts): () => Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  return async () => {
    await watchDue(ports);
    const now = ports.clock.mono();
    if (now - lookedAt < ALL_EVERY_MS) return;
    // Before, so that a look that fails is not made anew each second.
    lookedAt = now;
    await watchAll(ports);
  };
}

/** Budgets of what was used. A flush that commits while this looks has rows of its own, which are not seen yet and stay. */
async function watchDue(ports: WatchPorts): Promise<void> {
  const failed = new Set<string>();
  for (let after = 0; ; ) {
    const due = await ports.database.transaction(PLATFORM, (tx) => selectDue(tx, after, DUE_AT_ONCE));
    const subjects = [...new Set(due.map(({ subject }) => subject))].sort();
    for (const some of inChunks(subjects)) {
      const looked = new Set(
        await watchEach(
          ports,
          some.filter((subject) => !failed.has(subject)),
        ),
      );
      for (const subject of some) if (!looked.has(subject)) failed.add(subject);
      const done = due.filter(({ subject }) => looked.has(subject));
      if (done.length > 0) await ports.database.transaction(PLATFORM, (tx) => deleteDue(tx, done));
    }
    if (due.length < DUE_AT_ONCE) return;
    after = due.at(-1)?.id ?? after;
  }
}

async function watchAll(ports: WatchPorts): Promise<void> {
  let after = "";
  for (;;) {
    const subjects = await ports.database.transaction(PLATFORM, (tx) => selectSubjects(tx, after, SUBJECTS_AT_ONCE));
    await watchEach(ports, subjects);
    after = subjects.at(-1) ?? "";
    if (subjects.length < SUBJECTS_AT_ONCE) return;
  }
}

function* inChunks(subjects: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < subjects.length; at += SUBJECTS_AT_ONCE) yield subjects.slice(at, at + SUBJECTS_AT_ONCE);
}

/** Returns those that were looked at: all together, or where that fails each alone. */
async function watchEach(ports: WatchPorts, subjects: readonly string[]): Promise<readonly string[]> {
  if (subjects.length === 0) return [];
  try {
    await watch(ports, subjects);
    return subjects;
  } catch (error) {
    if (subjects.length > 1) {
      const looked: string[] = [];
      for (const subject of subjects) looked.push(...(await watchEach(ports, [subject])));
      return looked;
    }
    ports.logger.warn({ error, subject: subjects[0] }, "a budget could not be looked at; it is tried again");
    return [];
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
