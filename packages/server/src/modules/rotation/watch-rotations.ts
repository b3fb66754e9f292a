import type { RotationEvent } from "@claviger/core";
import { type Database, isUnavailable, PLATFORM } from "../../db/index.ts";
import { SYSTEM_SOURCE } from "../../kernel/act.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/log.ts";
import type { KeysPorts } from "../keys/index.ts";
import { usedVersionsOf } from "../traffic/index.ts";
import { applyStep } from "./apply-step.ts";
import { holdRotated, selectDue, selectUnseen } from "./rotation.store.ts";

export interface WatchPorts {
  readonly keys: KeysPorts;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

const DUE_AT_ONCE = 500;
const UNSEEN_AT_ONCE = 2_000;
/** Of very many rotations some are looked at each time, in turn. */
const LOOKS = 5;
const ACTOR = { type: "system", id: "rotations" } as const;

/**
 * Makes what every node calls every so often: it finds new versions that are in use, and rotations that time has ended. Each is recorded
 * once, whoever else looks, in the transaction that holds the key. The old version needs nobody: its end stands in what verifiers
 * hold. pg errors pass through.
 */
export function createRotationWatch(ports: WatchPorts): () => Promise<void> {
  let after = "";
  return async () => {
    for (let look = 0; look < LOOKS; look += 1) {
      after = await watchUnseen(ports, after);
      if (after === "") break;
    }
    await watchDue(ports);
  };
}

/** Returns where to go on; at the end, the beginning. */
async function watchUnseen(ports: WatchPorts, after: string): Promise<string> {
  const { unseen, used } = await ports.database.transaction(PLATFORM, async (tx) => {
    const found = await selectUnseen(tx, after, UNSEEN_AT_ONCE);
    return { unseen: found, used: await usedVersionsOf(tx, found) };
  });
  for (const key of used) await step(ports, key, { type: "used" });
  return unseen.length < UNSEEN_AT_ONCE ? "" : (unseen.at(-1)?.key ?? "");
}

async function watchDue(ports: WatchPorts): Promise<void> {
  for (let more = true; more; ) {
    const now = new Date(ports.clock.wall());
    const keys = await ports.database.transaction(PLATFORM, (tx) => selectDue(tx, now, DUE_AT_ONCE));
    let done = 0;
    for (const key of keys) done += (await step(ports, key, { type: "tick" })) ? 1 : 0;
    more = keys.length === DUE_AT_ONCE && done > 0;
  }
}

/** False where it failed, which is told and keeps nobody else's rotation waiting. Throws while the database is not to be had. */
async function step({ keys, logger }: WatchPorts, id: string, event: RotationEvent): Promise<boolean> {
  try {
    await keys.act({ actor: ACTOR, source: SYSTEM_SOURCE }, PLATFORM, async (unit) => {
      const held = await holdRotated(unit.tx, id);
      const { stored } = held ?? { stored: null };
      if (held === null || stored === null || stored.endedAt !== null) return unit.foundDone();
      // Of the rotation that is open now, which may be another than was found.
      const isUsed = (await usedVersionsOf(unit.tx, [{ key: id, version: stored.to }])).length > 0;
      const wanted: RotationEvent = event.type === "used" && !isUsed ? { type: "tick" } : event;
      if ((await applyStep(keys, unit, ACTOR, held, wanted)) === null) unit.foundDone();
    });
    return true;
  } catch (error) {
    if (isUnavailable(error)) throw error;
    logger.error({ error }, `the rotation of ${id} could not be followed`);
    return false;
  }
}
