import { ClavigerError } from "@claviger/core";
import { PLATFORM, type Tx } from "../../db/index.ts";
import { SYSTEM_SOURCE } from "../../kernel/act.ts";
import { LONGEST_MS } from "./drill.ts";
import { findLast, findRunning } from "./drills.store.ts";
import type { DrillPorts } from "./ports.ts";
import { finish, startDrill } from "./start-drill.ts";

const DAY_MS = 86_400_000;
/** After one that failed the next is tried so much later, at the soonest. */
const AGAIN_MS = DAY_MS;
const ACTS = { actor: { type: "system", id: "drills" }, source: SYSTEM_SOURCE } as const;

/** What every node calls every so often: begins the drill that is due, on one node, and ends what a killed one has left. */
export function createDrillWatch(ports: DrillPorts): () => Promise<void> {
  const { database, clock, logger, everyDays } = ports;
  return async () => {
    const now = clock.wall();
    const { running, standing } = await database.transaction(PLATFORM, async (tx) => ({
      ...{ running: await findRunning(tx), standing: await standingOf(tx, everyDays, now) },
    }));
    if (running !== null) {
      if (now - running.startedAt.getTime() < LONGEST_MS) return;
      const step = { step: "issue", ok: false, tookMs: 0, detail: "its process is gone" } as const;
      await finish(ports, ACTS, running, { status: "failed", key: running.key, steps: [step] });
      return;
    }
    if (!standing.due) return;
    try {
      const { id, status, steps } = await startDrill(ports, ACTS, null);
      const failed = steps.find(({ ok }) => !ok);
      const words = `the drill ${id} has failed at ${failed?.step}: ${failed?.detail}`;
      if (status !== "passed") logger.error({}, words);
    } catch (error) {
      // Another node was quicker.
      if (!(error instanceof ClavigerError && error.code === "STATE_CONFLICT")) throw error;
    }
  };
}

export interface Standing {
  readonly everyDays: number;
  readonly lastStartedAt: Date | null;
  readonly lastPassedAt: Date | null;
  /** Whether the next one is to begin now. */
  readonly due: boolean;
  /** No drill has passed within the days: a finding. */
  readonly overdue: boolean;
}

/** How drills stand. `now` is in milliseconds since the epoch. */
export async function standingOf(tx: Tx, everyDays: number, now: number): Promise<Standing> {
  const { startedAt, passedAt } = await findLast(tx);
  const since = (time: Date | null): number => (time === null ? Number.POSITIVE_INFINITY : now - time.getTime());
  const asked = everyDays > 0;
  return {
    ...{ everyDays, lastStartedAt: startedAt, lastPassedAt: passedAt },
    due: asked && since(passedAt) >= everyDays * DAY_MS && since(startedAt) >= Math.min(AGAIN_MS, everyDays * DAY_MS),
    // A day more than asked for, so that one which is just about to run is none.
    overdue: asked && since(passedAt) >= (everyDays + 1) * DAY_MS,
  };
}
