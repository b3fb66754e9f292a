import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Authority, requireKey } from "../keys/index.ts";
import { aboutSplit, holdOpen } from "./hold-open.ts";
import type { SplitPorts } from "./ports.ts";
import type { Split } from "./split.ts";
import { endSplit } from "./splits.store.ts";

/** Leaves the shared key as it is. Throws NOT_FOUND, and STATE_CONFLICT where the split has ended. */
export function cancelSplit(
  { keys }: Pick<SplitPorts, "keys">,
  acting: Acting<Split>,
  authority: Authority,
  id: string,
): Promise<Done<Split>> {
  return keys.act(acting, PLATFORM, async (unit) => {
    await requireKey(unit.tx, id, authority);
    const split = await holdOpen(unit, id);
    await endSplit(unit.tx, split.id, "cancelled", null, unit.now);
    unit.audits({
      action: "split.cancelled",
      ...aboutSplit(split),
      before: { state: "open" },
      after: { split: split.id },
    });
    unit.emits({ type: "split.cancelled", account: split.account, payload: { split: split.id, key: id } });
    return { ...split, state: "cancelled", endedAt: unit.now };
  });
}
