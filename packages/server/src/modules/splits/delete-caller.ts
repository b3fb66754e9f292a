import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { type Authority, requireKey } from "../keys/index.ts";
import { aboutSplit, holdOpen } from "./hold-open.ts";
import { wholeWindow } from "./look.ts";
import type { SplitPorts } from "./ports.ts";
import type { Split } from "./split.ts";
import { removeCallers, saveLooked, selectCallers } from "./splits.store.ts";

/**
 * Forgets a caller; traffic is looked at anew, and what is nobody else's finds it again. Throws NOT_FOUND, and STATE_CONFLICT where it was
 * issued a key or the split has ended.
 */
export function deleteCaller(
  { keys }: Pick<SplitPorts, "keys">,
  acting: Acting<Split>,
  authority: Authority,
  id: string,
  name: string,
): Promise<Done<Split>> {
  return keys.act(acting, PLATFORM, async (unit) => {
    await requireKey(unit.tx, id, authority);
    const split = await holdOpen(unit, id);
    const caller = (await selectCallers(unit.tx, split.id)).find((one) => one.name === name);
    if (caller === undefined) throw new ClavigerError("NOT_FOUND");
    if (caller.key !== null)
      throw new ClavigerError("STATE_CONFLICT", {
        publicDetail: `The caller ${name} was issued a key: drop it instead.`,
      });
    await removeCallers(unit.tx, split.id, [name]);
    const lookedUntil = wholeWindow(split, unit.now.getTime());
    await saveLooked(unit.tx, split.id, { ...split, lookedUntil, unlistedAt: null, nextAt: unit.now });
    unit.audits({ action: "split-caller.deleted", ...aboutSplit(split), before: { name, ...caller.match } });
    return split;
  });
}
