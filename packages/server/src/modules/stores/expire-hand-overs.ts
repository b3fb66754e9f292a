import { PLATFORM } from "../../db/index.ts";
import { SYSTEM_SOURCE } from "../../kernel/act.ts";
import { aboutHandOver } from "./hand-over.ts";
import type { StoresPorts } from "./ports.ts";
import { deleteEnded, endHandOver, holdHandOver, selectExpired } from "./queries/hand-overs.ts";

const AT_ONCE = 200;
/** For so long it can be asked what became of a hand-over. */
const KEPT_MS = 90 * 86_400_000;
const ACTING = { actor: { type: "system", id: "stores" }, source: SYSTEM_SOURCE } as const;

/**
 * Writes down which offered ones time has ended, and with that their secret is gone; forgets those that ended 90 days ago. pg errors pass
 * through.
 */
export async function expireHandOvers(
  ports: Pick<StoresPorts, "act" | "database" | "clock" | "giveUp">,
): Promise<void> {
  const { act, database, clock, giveUp } = ports;
  const now = new Date(clock.wall());
  const due = await database.transaction(PLATFORM, (tx) => selectExpired(tx, now, AT_ONCE));
  for (const id of due) {
    await act(ACTING, PLATFORM, async (unit) => {
      const held = await holdHandOver(unit.tx, id);
      if (held === null || held.state !== "offered" || held.deadline > unit.now) return unit.foundDone();
      const { sealed: _, ...handOver } = held;
      const state = handOver.scheduled ? "failed" : "expired";
      await endHandOver(unit.tx, handOver, state, unit.now);
      const { key, version } = handOver;
      const change = { before: { state: "offered" }, after: { state, key, version } };
      unit.audits({ action: "hand-over.ended", ...aboutHandOver(handOver), ...change });
      if (handOver.scheduled) await giveUp(unit, handOver);
    });
  }
  const before = new Date(clock.wall() - KEPT_MS);
  for (let more = true; more; ) {
    more = (await database.transaction(PLATFORM, (tx) => deleteEnded(tx, before, AT_ONCE))) === AT_ONCE;
  }
}
