import {
  type Catalogue,
  type CatalogueInput,
  compileCatalogue,
  type Grant,
  leastGrant,
  openedScopes,
} from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { loadCatalogueSource } from "../catalogue/index.ts";
import type { Key } from "../keys/index.ts";
import { DAY_MS } from "./bounds.ts";
import { dayOf } from "./counted-cell.ts";
import { selectAccepted, selectAsked } from "./queries/key-usage.ts";
import { type Needed, neededOf } from "./used-scopes.ts";

/**
 * What the key was granted and did not use within so many days, and a grant that would do (B7). Told from the endpoints that it was
 * let through at, by the scopes that open them today, and from what programs asked for by name. `now` in milliseconds since the epoch.
 */
export async function suggestGrant(tx: Tx, key: Key, days: number, now: number) {
  const source = await loadCatalogueSource(tx, "refuse");
  const catalogue = compileCatalogue(source);
  const since = new Date(dayOf(now) - (days - 1) * DAY_MS);
  const accepted = await selectAccepted(tx, key.id, since);
  const asked = await selectAsked(tx, key.id, since);
  const granted: Grant = { tier: key.tier, scopes: key.scopes };
  const needed = neededOf(accepted, asked, granted, source, catalogue);
  const opened = [...new Set([...openedScopes(granted, catalogue), ...unknownOf(key.scopes, catalogue)])];
  const found = judge({ key, since, days, needed, catalogue });
  return {
    ...{ key: key.id, since: since.toISOString(), granted: { tier: key.tier, scopes: [...key.scopes] } },
    used: needed.used.map((each) => ({ ...each, lastDay: each.lastDay.toISOString() })),
    unused: opened.filter((name) => !needed.names.has(name)).sort(),
    ...{ unclear: needed.unclear, suggestion: found.suggestion, why: found.why },
  };
}

/** The least grant that opens these routes, within `granted`; null where one of them is of no scope, or nothing can be taken away. */
export function grantFor(
  granted: Grant,
  routes: readonly { readonly method: string | null; readonly route: string | null }[],
  source: CatalogueInput,
  catalogue: Catalogue,
): Grant | null {
  const accepted = routes.map(({ method, route }) => ({
    method: method ?? "",
    route,
    requests: 1,
    lastDay: new Date(0),
  }));
  const { uses, unclear } = neededOf(accepted, [], granted, source, catalogue);
  return unclear > 0 || uses.length === 0 ? null : leastGrant(granted, uses, catalogue);
}

/** Granted names that the catalogue lacks: they open nothing now, and something once it has them again. */
function unknownOf(scopes: readonly string[], catalogue: Catalogue): string[] {
  return scopes.filter((name) => !name.endsWith(":*") && !catalogue.scopes.has(name));
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

interface Evidence {
  readonly key: Key;
  readonly since: Date;
  readonly days: number;
  readonly needed: Needed;
  readonly catalogue: Catalogue;
}

function judge({ key, since, days, needed, catalogue }: Evidence): { suggestion: Grant | null; why: string } {
  const { used, uses, requests, unclear } = needed;
  const none = (why: string) => ({ suggestion: null, why });
  if (key.state === "revoked") return none("It is revoked: there is nothing to narrow.");
  if (key.createdAt > since) return none(`It is younger than ${counted(days, "day")}: what it needs is not known yet.`);
  if (unclear > 0) {
    return none(
      `${counted(unclear, "request")} of it were accepted at no endpoint of a scope, and for no scope by name: what they needed is not known.`,
    );
  }
  if (used.length === 0)
    return none(`It was not used in ${counted(days, "day")}. Suspend it, and revoke it where nobody misses it.`);
  const suggestion = leastGrant({ tier: key.tier, scopes: key.scopes }, uses, catalogue);
  if (suggestion === null) return none("Nothing of its grant can be taken away: all of it is needed.");
  return {
    suggestion,
    why: `What it was accepted for within ${counted(days, "day")}, ${counted(requests, "request")}, needs no more.`,
  };
}
