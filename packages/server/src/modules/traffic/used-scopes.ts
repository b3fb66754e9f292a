import {
  type Catalogue,
  type CatalogueInput,
  expandScopes,
  type Grant,
  type ScopeUse,
  satisfies,
} from "@claviger/core";
import { OTHERS } from "./bounds.ts";
import { routeFor } from "./endpoint-scopes.ts";
import type { AcceptedRow, AskedRow } from "./queries/key-usage.ts";

export interface UsedScope {
  /** A scope; where a program asks for them by name, also a tier or a wildcard. */
  readonly scope: string;
  readonly requests: number;
  readonly lastDay: Date;
  readonly endpoints: readonly { readonly method: string; readonly route: string; readonly requests: number }[];
}

/** What a key was let through for. */
export interface Needed {
  /** The most used first. */
  readonly used: readonly UsedScope[];
  readonly uses: readonly ScopeUse[];
  /** Scopes among them, those that a wildcard stood for included. */
  readonly names: ReadonlySet<string>;
  /** Requests that were accepted. */
  readonly requests: number;
  /** Requests of which it is not known what they needed; at least one where there are any. */
  readonly unclear: number;
}

interface Asked {
  readonly method: string | undefined;
  readonly names: readonly string[];
  /** The request counts at the endpoint of a scope as well. */
  readonly beside: boolean;
}

/**
 * From the endpoints where it was let through, by the scopes that open them today, and from what programs asked for by name. Of what they
 * asked for, only what the grant answers counts: of alternatives any may have been enough, so all that it holds are needed.
 */
export function neededOf(
  accepted: readonly AcceptedRow[],
  asked: readonly AskedRow[],
  grant: Grant,
  source: CatalogueInput,
  catalogue: Catalogue,
): Needed {
  const found = new Map<string, { requests: number; lastDay: Date; endpoints: UsedScope["endpoints"][number][] }>();
  const uses: ScopeUse[] = [];
  const note = (scope: string, method: string | undefined, { requests, lastDay }: AcceptedRow | AskedRow) => {
    const known = found.get(scope) ?? { requests: 0, lastDay, endpoints: [] };
    known.requests += requests;
    if (lastDay > known.lastDay) known.lastDay = lastDay;
    found.set(scope, known);
    uses.push({ scope, method });
    return known;
  };
  const byRoute = Map.groupBy(source.routes ?? [], ({ path }) => path);
  let [elsewhere, unclear] = [0, 0];
  for (const row of accepted) {
    const route = row.route === null ? null : routeFor(byRoute.get(row.route) ?? [], row.method);
    if (row.route === null) elsewhere += row.requests;
    else if (route === null) unclear += row.requests;
    else {
      const { route: template, method, requests } = row;
      note(route.scope, method, row).endpoints.push({ method, route: template, requests });
    }
  }
  let untold = 0;
  for (const row of asked) {
    const told = parsed(row.asked);
    const held = told?.names.filter((name) => satisfies(grant, [name], catalogue, told.method)) ?? [];
    if (told === null || held.length === 0) untold += row.requests;
    else if (!told.beside) elsewhere -= row.requests;
    for (const name of held) note(name, told?.method, row);
  }
  const used = [...found]
    .map(([scope, sums]) => ({ scope, ...sums }))
    .sort((a, b) => b.requests - a.requests || (a.scope < b.scope ? -1 : 1));
  const names = new Set([...found.keys(), ...expandScopes([...found.keys()], catalogue)]);
  const requests = accepted.reduce((sum, row) => sum + row.requests, 0);
  return { used, uses, names, requests, unclear: unclear + Math.max(elsewhere, untold) };
}

/** As `countCell` writes it; null where it is not told. */
function parsed(asked: string): Asked | null {
  const [by = "", ...names] = asked.split(" ");
  if (asked === OTHERS || names.length === 0 || names.includes("?")) return null;
  const beside = by.startsWith("+");
  const method = beside ? by.slice(1) : by;
  return { method: method === "-" ? undefined : method, names, beside };
}
