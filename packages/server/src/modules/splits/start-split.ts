import { ClavigerError } from "@claviger/core";
import { isUniqueViolation, PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Authority, type Key, requireKey } from "../keys/index.ts";
import { lookAt, wholeWindow } from "./look.ts";
import type { SplitPorts } from "./ports.ts";
import { noteGroups, type Split } from "./split.ts";
import { insertSplit, writeCallers } from "./splits.store.ts";
import { LOOK_MS } from "./watch-splits.ts";

export interface StartSplitInput {
  readonly days: number;
  readonly quietHours: number;
  readonly revokes: boolean;
}

/**
 * Finds out who uses a key. Throws NOT_FOUND; STATE_CONFLICT for a management key, whose callers are not looked at, for a revoked one, and
 * while a split of the key is open.
 */
export async function startSplit(
  { keys, database, clock }: SplitPorts,
  acting: Acting<Split>,
  authority: Authority,
  id: string,
  input: StartSplitInput,
): Promise<Done<Split>> {
  // Ahead of the act, so that nothing is held meanwhile.
  const seen = await database.transaction(PLATFORM, async (tx) => {
    const key = await requireKey(tx, id, authority);
    // What cannot be split is told in the act, as a repetition is.
    return isSplittable(key) ? lookAt(tx, id, wholeWindow(input, clock.wall())) : { groups: [], unlistedAt: null };
  });
  try {
    return await keys.act(acting, PLATFORM, async (unit) => {
      const key = await requireKey(unit.tx, id, authority, true);
      demandSplittable(key);
      const { callers, unlistedAt } = noteGroups([], seen, new Set());
      const split: Split = {
        ...{ id: keys.ids.make("spl"), account: key.account, key: id, state: "open", ...input },
        ...{ lookedUntil: unit.now, lookedAt: unit.now, quietFrom: unit.now, unlistedAt },
        ...{ nextAt: new Date(unit.now.getTime() + LOOK_MS), startedBy: acting.actor, startedAt: unit.now },
        ...{ endedAt: null, endedBecause: null },
      };
      await insertSplit(unit.tx, split);
      await writeCallers(unit.tx, split, callers);
      unit.audits({
        ...{ action: "split.started", account: key.account, target: { type: "key", id } },
        after: { split: split.id, ...input, callers: callers.length },
      });
      unit.emits({
        type: "split.started",
        account: key.account,
        payload: { split: split.id, key: id, callers: callers.length },
      });
      return split;
    });
  } catch (error) {
    if (!isUniqueViolation(error, "key_split_open")) throw error;
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "A split of this key is open." });
  }
}

const isSplittable = ({ kind, state }: Key): boolean => kind !== "management" && state !== "revoked";

function demandSplittable({ kind, state }: Key): void {
  if (kind === "management")
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "Management keys are not split: make others." });
  if (state === "revoked")
    throw new ClavigerError("STATE_CONFLICT", { publicDetail: "The key is revoked, which is final." });
}
