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
import { routeFor } from "./endpoint-scopes.ts";
import { type AcceptedRow, selectAccepted } from "./queries/key-usage.ts";

interface UsedScope {
  readonly scope: string;
  readonly requests: number;
  readonly lastDay: Date;
  readonly endpoints: readonly { readonly method: string; readonly route: string; readonly requests: number }[];
}

/**
 * What the key was granted and did not use within so many days, and a grant that would do (B7). Told from the endpoints that it was
 * let through at, by the scopes that open them today. `now` in milliseconds since the epoch.
 */
export async function suggestGrant(tx: Tx, key: Key, days: number, now: number) {
  const source = await loadCatalogueSource(tx, "refuse");
  const catalogue = compileCatalogue(source);
  const since = new Date(dayOf(now) - (days - 1) * DAY_MS);
  const rows = await selectAccepted(tx, key.id, since);
  const scopeOf = scopesOf(source);
  const unclear = rows.reduce((sum, row) => (scopeOf(row) === null ? sum + row.requests : sum), 0);
  const used = usedScopes(rows, scopeOf);
  const granted: Grant = { tier: key.tier, scopes: key.scopes };
  const names = new Set(used.map(({ scope }) => scope));
  const opened = [...new Set([...openedScopes(granted, catalogue), ...unknownOf(key.scopes, catalogue)])];
  const found = judge({ key, since, days, used, unclear, catalogue });
  return {
    ...{ key: key.id, since: since.toISOString(), granted: { tier: key.tier, scopes: [...key.scopes] } },
    used: used.map((each) => ({ ...each, lastDay: each.lastDay.toISOString() })),
    unused: opened.filter((name) => !names.has(name)).sort(),
    ...{ unclear, suggestion: found.suggestion, why: found.why },
  };
}

type ScopeOf = (row: AcceptedRow) => string | null;

/** The scope that opens an endpoint today: by its method, for HEAD by GET, else by any. */
function scopesOf({ routes = [] }: CatalogueInput): ScopeOf {
  const byRoute = Map.groupBy(routes, ({ path }) => path);
  return ({ route, method }) => {
    const there = route === null ? [] : (byRoute.get(route) ?? []);
    return routeFor(there, method)?.scope ?? null;
  };
}

function usedScopes(rows: readonly AcceptedRow[], scopeOf: ScopeOf): UsedScope[] {
  const byScope = Map.groupBy(rows, (row) => scopeOf(row) ?? "");
  byScope.delete("");
  return [...byScope]
    .map(([scope, those]) => ({
      scope,
      requests: those.reduce((sum, { requests }) => sum + requests, 0),
      lastDay: new Date(Math.max(...those.map(({ lastDay }) => lastDay.getTime()))),
      endpoints: those.map(({ method, route, requests }) => ({ method, route: route ?? "", requests })),
    }))
    .sort((a, b) => b.requests - a.requests);
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
  readonly used: readonly UsedScope[];
  readonly unclear: number;
  readonly catalogue: Catalogue;
}

function judge({ key, since, days, used, unclear, catalogue }: Evidence): { suggestion: Grant | null; why: string } {
  const none = (why: string) => ({ suggestion: null, why });
  if (key.state === "revoked") return none("It is revoked: there is nothing to narrow.");
  if (key.createdAt > since) return none(`It is younger than ${counted(days, "day")}: what it needs is not known yet.`);
  if (unclear > 0) {
    return none(
      `${counted(unclear, "request")} of it were accepted without an endpoint that a scope opens: what they needed is not known.`,
    );
  }
  if (used.length === 0)
    return none(`It was not used in ${counted(days, "day")}. Suspend it, and revoke it where nobody misses it.`);
  const uses = used.flatMap(({ scope, endpoints }) => endpoints.map(({ method }) => ({ scope, method })));
  const suggestion = leastGrant({ tier: key.tier, scopes: key.scopes }, uses, catalogue);
  if (suggestion === null) return none("Nothing of its grant can be taken away: all of it is needed.");
  const requests = used.reduce((sum, each) => sum + each.requests, 0);
  return {
    suggestion,
    why: `What it was accepted for within ${counted(days, "day")}, ${counted(requests, "request")}, needs no more.`,
  };
}
