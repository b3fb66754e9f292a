import { isHeldUp, isUnavailable, PLATFORM } from "../../db/index.ts";
import { SYSTEM_SOURCE, type Unit } from "../../kernel/act.ts";
import { findAccount } from "../accounts/index.ts";
import { findKey } from "../keys/index.ts";
import { isAhead, writtenOf } from "../traffic/index.ts";
import { endWithKey } from "./finish-split.ts";
import { aboutSplit } from "./hold-open.ts";
import { lookAt, type SeenTraffic, see, wholeWindow } from "./look.ts";
import type { SplitWatchPorts } from "./ports.ts";
import { type Caller, noteGroups, type Split } from "./split.ts";
import { findSplit, holdSplit, saveLooked, selectCallers, takeDueSplits, writeCallers } from "./splits.store.ts";

/** How often traffic of a key is looked at. */
export const LOOK_MS = 60_000;
const AT_ONCE = 20;
/** A look that failed is tried again so much later: it keeps nobody else's from its turn. */
const AGAIN_MS = 300_000;
/** Where nobody has looked for longer, there was no service, or it is a restored one: what happened meanwhile may not be known. */
const GAP_MS = 3_600_000;
/** What was used reaches the database so much later, at the most that is usual; what comes later still is found before the key is revoked. */
const LATE_MS = 600_000;
const ACTING = { actor: { type: "system", id: "splits" }, source: SYSTEM_SOURCE } as const;

/**
 * What every node calls every so often: finds new callers of keys that are being split, and revokes the key once all have moved and nobody uses
 * it any more. Before that, all traffic since the start is looked at once more. Of several nodes one does it. pg errors pass through.
 */
export function createSplitWatch(ports: SplitWatchPorts): () => Promise<void> {
  const { database, clock, logger } = ports;
  return async () => {
    const now = new Date(clock.wall());
    const later = new Date(now.getTime() + AGAIN_MS);
    for (const key of await database.transaction(PLATFORM, (tx) => takeDueSplits(tx, now, later, AT_ONCE))) {
      try {
        await watch(ports, key);
      } catch (error) {
        if (isUnavailable(error) && !isHeldUp(error)) throw error;
        logger.error({ error }, `the split of ${key} could not be looked at and will be tried again`);
      }
    }
  };
}

async function watch({ keys, database, clock }: SplitWatchPorts, key: string): Promise<void> {
  const now = clock.wall();
  const looked = await database.transaction(PLATFORM, async (tx) => {
    const split = await findSplit(tx, key);
    if (split === null || split.state !== "open") return null;
    const { standing, databaseNow } = await see(tx, split, now);
    // What it wrote down would keep others from looking until its time has come.
    if (isAhead(now, databaseNow)) return null;
    const all = standing.ready && split.revokes;
    const whole = wholeWindow(split, Math.min(now, split.startedAt.getTime()));
    const since = all ? whole : new Date(Math.max(whole.getTime(), split.lookedUntil.getTime() - LATE_MS));
    return { traffic: await lookAt(tx, key, since), all, lookedUntil: split.lookedUntil };
  });
  if (looked === null) return;
  await keys.act(ACTING, PLATFORM, async (unit) => {
    const held = await findKey(unit.tx, key, true);
    const split = await holdSplit(unit.tx, key);
    // Another node was quicker, or somebody asked for another look.
    if (held === null || split === null || split.lookedUntil.getTime() !== looked.lookedUntil.getTime())
      return unit.foundDone();
    if (held.state === "revoked") return void (await endWithKey(unit, split, held, "key"));
    const account = await findAccount(unit.tx, held.account);
    const usable = held.state === "active" && account?.status === "active";
    const noted = await note(unit, split, looked.traffic, new Date(now), usable);
    const { standing } = await see(unit.tx, noted.split, unit.now.getTime(), noted.callers);
    if (looked.all && standing.ready && split.revokes) return void (await endWithKey(unit, split, held, "quiet"));
    if (noted.fresh.length === 0) unit.foundDone();
  });
}

/** Writes down what traffic tells of callers, old and new. `usable`: whether the key would have been accepted. */
async function note(unit: Unit, split: Split, seen: SeenTraffic, now: Date, usable: boolean) {
  const before = await selectCallers(unit.tx, split.id);
  const { callers, fresh, unlistedAt } = noteGroups(before, seen, new Set());
  const known = new Map(before.map((caller) => [caller.name, caller]));
  await writeCallers(
    unit.tx,
    split,
    callers.filter((caller) => differs(known.get(caller.name), caller)),
  );
  const { databaseNow } = await writtenOf(unit.tx);
  const watched = databaseNow.getTime() - split.lookedAt.getTime() < GAP_MS;
  const looked = {
    ...{ lookedUntil: now, lookedAt: databaseNow, quietFrom: usable && watched ? split.quietFrom : now },
    ...{ unlistedAt: unlistedAt ?? split.unlistedAt, nextAt: new Date(now.getTime() + LOOK_MS) },
  };
  await saveLooked(unit.tx, split.id, looked);
  tellFound(unit, split, fresh);
  return { callers, fresh, split: { ...split, ...looked } };
}

/** Callers that nobody has named. */
export function tellFound(unit: Unit, split: Split, fresh: readonly Caller[]): void {
  for (const { name, match } of fresh) {
    unit.audits({ action: "split-caller.found", ...aboutSplit(split), after: { name, ...match } });
    const payload = { split: split.id, key: split.key, caller: name, ...match };
    unit.emits({ type: "split.caller_found", account: split.account, payload });
  }
}

function differs(before: Caller | undefined, after: Caller): boolean {
  if (before === undefined) return true;
  const times = ({ firstSeenAt, lastSeenAt }: Caller): string => `${firstSeenAt?.getTime()} ${lastSeenAt?.getTime()}`;
  return times(before) !== times(after) || before.routes.length !== after.routes.length;
}
