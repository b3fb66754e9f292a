import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done, Unit } from "../../kernel/act.ts";
import { type Authority, type Key, requireKey, revokeHeld } from "../keys/index.ts";
import { aboutSplit, holdOpen } from "./hold-open.ts";
import { see } from "./look.ts";
import type { SplitPorts } from "./ports.ts";
import type { EndedBecause, Split, Standing } from "./split.ts";
import { endSplit } from "./splits.store.ts";

/**
 * Revokes the shared key, which no process anywhere accepts when this returns. Throws NOT_FOUND; STATE_CONFLICT where the split has ended,
 * and where somebody uses the key or has not moved, unless `early`.
 */
export function finishSplit(
  { keys }: Pick<SplitPorts, "keys">,
  acting: Acting<Split>,
  authority: Authority,
  id: string,
  { early }: { readonly early: boolean },
): Promise<Done<Split>> {
  return keys.act(acting, PLATFORM, async (unit) => {
    const key = await requireKey(unit.tx, id, authority, true);
    const split = await holdOpen(unit, id);
    const { standing } = await see(unit.tx, split, unit.now.getTime());
    if (!early && !standing.ready) throw inTheWay(standing);
    return endWithKey(unit, split, key, "asked");
  });
}

/** Both are held by the caller. A key that is revoked already stays as it is. */
export async function endWithKey(unit: Unit, split: Split, key: Key, because: EndedBecause): Promise<Split> {
  const comment = `Split: each caller was given a key of its own (${split.id}).`;
  if (key.state !== "revoked") await revokeHeld(unit, key, { reason: "superseded", comment });
  await endSplit(unit.tx, split.id, "finished", because, unit.now);
  unit.audits({
    ...{ action: "split.finished", ...aboutSplit(split), before: { state: "open" } },
    after: { split: split.id, because },
  });
  unit.emits({ type: "split.finished", account: split.account, payload: { split: split.id, key: split.key, because } });
  return { ...split, state: "finished", endedAt: unit.now, endedBecause: because };
}

function inTheWay({ waitingFor, unlisted, quietAt }: Standing): ClavigerError {
  const named = waitingFor.slice(0, 10).join(", ");
  const more = waitingFor.length > 10 ? ` and ${waitingFor.length - 10} more` : "";
  const reasons = [
    ...(waitingFor.length > 0 ? [`${named}${more} ${waitingFor.length === 1 ? "has" : "have"} not moved`] : []),
    ...(unlisted ? ["there are more callers than are listed"] : []),
    ...(waitingFor.length === 0 && !unlisted
      ? [`it is known to be quiet from ${quietAt.toISOString()} at the earliest`]
      : []),
  ];
  return new ClavigerError("STATE_CONFLICT", { publicDetail: `The key is not revoked: ${reasons.join(", and ")}.` });
}
