import { ClavigerError } from "@claviger/core";
import { PLATFORM } from "../../db/index.ts";
import type { Acting, Done } from "../../kernel/act.ts";
import { changed } from "../../kernel/changed.ts";
import { type Authority, requireKey } from "../keys/index.ts";
import { aboutSplit, holdOpen } from "./hold-open.ts";
import { lookAt, wholeWindow } from "./look.ts";
import type { SplitPorts } from "./ports.ts";
import { blankCaller, type Caller, covers, type Match, MOST_CALLERS, noteGroups, type Split } from "./split.ts";
import { findSplit, removeCallers, saveLooked, selectCallers, writeCallers } from "./splits.store.ts";
import { tellFound } from "./watch-splits.ts";

export interface PutCallerInput {
  readonly match: { readonly [part in keyof Match]?: string | null | undefined };
  readonly description: string | null;
  readonly dropped: boolean;
}

export interface PutCaller {
  readonly split: Split;
  readonly created: boolean;
}

/**
 * Says who a caller is. Callers that were found, have no key and are part of it are taken over by it. Throws NOT_FOUND, and STATE_CONFLICT
 * where the split has ended, where another caller is known by the same, and where there are too many.
 */
export async function putCaller(
  { keys, database, clock }: SplitPorts,
  acting: Acting<PutCaller>,
  authority: Authority,
  id: string,
  name: string,
  { match: { service = null, network = null, agent = null }, description, dropped }: PutCallerInput,
): Promise<Done<PutCaller>> {
  const match: Match = { service, network, agent };
  const seen = await database.transaction(PLATFORM, async (tx) => {
    await requireKey(tx, id, authority);
    const split = await findSplit(tx, id);
    return split === null ? null : lookAt(tx, id, wholeWindow(split, clock.wall()));
  });
  return keys.act(acting, PLATFORM, async (unit) => {
    const split = await holdOpen(unit, id);
    const before = await selectCallers(unit.tx, split.id);
    const existing = before.find((caller) => caller.name === name) ?? null;
    const others = before.filter((caller) => caller.name !== name);
    const taken = others.filter((one) => one.found && one.key === null && covers(match, one.match));
    const kept = others.filter((one) => !taken.includes(one));
    demandOwn(kept, match);
    const put: Caller = {
      ...{ ...blankCaller(name, match), description, dropped, found: false, key: existing?.key ?? null },
      // What is known already of whom it takes over, and of itself: not all of it may be looked at again.
      ...seenAs(existing === null ? taken : [...taken, existing]),
    };
    // Whose requests are whose may have changed for all of them.
    const { callers, fresh, unlistedAt } = noteGroups(
      [...kept, put].map(uncounted),
      seen ?? NOTHING,
      new Set([name, ...kept.map((one) => one.name)]),
    );
    if (callers.length > MOST_CALLERS) throw conflict(`A split has ${MOST_CALLERS} callers at most.`);
    await removeCallers(unit.tx, split.id, [...taken.map((one) => one.name), ...(existing === null ? [] : [name])]);
    await writeCallers(unit.tx, split, callers);
    await saveLooked(unit.tx, split.id, { ...split, unlistedAt, nextAt: unit.now });
    tellFound(unit, split, fresh);
    const after = { ...audited(put), takes: taken.map((one) => one.name) };
    const about = aboutSplit(split);
    if (existing === null) unit.audits({ action: "split-caller.created", ...about, after });
    else {
      const difference = changed({ ...audited(existing), takes: [] }, after) ?? { before: {}, after: {} };
      unit.audits({
        action: "split-caller.updated",
        ...about,
        before: { name, ...difference.before },
        after: difference.after,
      });
    }
    return { split, created: existing === null };
  });
}

function seenAs(callers: readonly Caller[]): Pick<Caller, "firstSeenAt" | "lastSeenAt"> {
  const first = callers.flatMap(({ firstSeenAt }) => firstSeenAt ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  const last = callers.flatMap(({ lastSeenAt }) => lastSeenAt ?? []).sort((a, b) => b.getTime() - a.getTime())[0];
  return { firstSeenAt: first ?? null, lastSeenAt: last ?? null };
}

const NOTHING = { groups: [], unlistedAt: null };

const audited = ({ name, match, description, dropped }: Caller) => ({ name, ...match, description, dropped });

/** To be counted anew. */
const uncounted = (caller: Caller): Caller => ({ ...caller, requests: 0, routes: [] });

function demandOwn(others: readonly Caller[], match: Match): void {
  const same = others.find((one) => covers(one.match, match) && covers(match, one.match));
  if (same !== undefined) throw conflict(`The caller ${same.name} is known by the same.`);
}

const conflict = (publicDetail: string): ClavigerError => new ClavigerError("STATE_CONFLICT", { publicDetail });
