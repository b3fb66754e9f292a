import { type Catalogue, type CatalogueInput, compileCatalogue, type Grant } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { loadCatalogueSource } from "../catalogue/index.ts";
import { findKey } from "../keys/index.ts";
import { grantFor } from "../traffic/index.ts";
import { lookAt, type SeenCaller, see } from "./look.ts";
import { callerOf, type SeenGroup, type Split } from "./split.ts";

const DAY_MS = 86_400_000;
/** Requests of the last day that are looked at: a page does not take seconds. */
const LOOKED_AT = 100_000;

const text = (time: Date | null): string | null => time?.toISOString() ?? null;

/** As lists show it. */
export function shapeSplit(split: Split) {
  const {
    startedAt,
    endedAt,
    lookedUntil: _,
    lookedAt: __,
    quietFrom: ___,
    unlistedAt: ____,
    nextAt: _____,
    ...shown
  } = split;
  return { ...shown, startedAt: startedAt.toISOString(), endedAt: text(endedAt) };
}

/** With its callers, how far each is, and what is left of the traffic of the shared key. `now` in milliseconds since the epoch. */
export async function showSplit(tx: Tx, split: Split, now: number) {
  const seen = await see(tx, split, now);
  const { groups, since } = await lookAt(tx, split.key, new Date(now - DAY_MS), LOOKED_AT);
  const latest = Map.groupBy(groups, (group) => callerOf(group, seen.callers)?.name ?? null);
  const counted = (of: readonly SeenGroup[] | undefined): number =>
    (of ?? []).reduce((sum, { requests }) => sum + requests, 0);
  const shared = await findKey(tx, split.key);
  const source = await loadCatalogueSource(tx, "refuse");
  const catalogue = compileCatalogue(source);
  const { ready, waitingFor, unlisted, quietAt } = seen.standing;
  return {
    split: shapeSplit(split),
    callers: seen.callers.map((caller) => ({
      ...shapeCaller(caller),
      requests24h: counted(latest.get(caller.name)),
      suggestion: shared === null ? null : suggestionFor(shared, caller, source, catalogue),
    })),
    remaining: {
      ...{ lastUsedAt: text(seen.lastUsedAt), requests24h: counted(groups), unlisted24h: counted(latest.get(null)) },
      since: since.toISOString(),
    },
    standing: { ready, waitingFor, unlisted, quietAt: quietAt.toISOString() },
  };
}

function shapeCaller({ own, firstSeenAt, lastSeenAt, dropped: _, ...caller }: SeenCaller) {
  return {
    ...caller,
    ...{ firstSeenAt: text(firstSeenAt), lastSeenAt: text(lastSeenAt), owner: own?.owner ?? null },
    ...{ keyFirstUsedAt: text(own?.firstUsedAt ?? null), keyLastUsedAt: text(own?.lastUsedAt ?? null) },
  };
}

function suggestionFor(
  { tier, scopes }: Grant,
  { routes }: SeenCaller,
  source: CatalogueInput,
  catalogue: Catalogue,
): Grant | null {
  return grantFor({ tier, scopes }, routes, source, catalogue);
}
