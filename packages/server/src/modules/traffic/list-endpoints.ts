import type { RouteDefinition } from "@claviger/core";
import type { Tx } from "../../db/index.ts";
import { loadCatalogueSource } from "../catalogue/index.ts";
import { type RouteOf, routesOfScopes } from "./endpoint-scopes.ts";
import { type EndpointPlace, type EndpointRow, selectEndpoints } from "./queries/endpoints.ts";

export interface EndpointQuery {
  readonly environment: string | null;
  /** Only what a scope opens today, or only what none opens. */
  readonly mapped: boolean | null;
  readonly scope: string | null;
  /** Only what was called since. */
  readonly since: Date | null;
  readonly after: EndpointPlace | null;
  readonly limit: number;
}

export interface SeenEndpoint extends EndpointRow {
  readonly scope: string | null;
}

/** Rows that are looked at for one page at most, so that a filter which few pass stays cheap. */
const MOST_LOOKED_AT = 5_000;
const AT_ONCE = 1_000;

/**
 * A page of what was called, each with the scope that opens it today. Where few of many rows fit, the page may be short, or empty, and
 * there is a next one all the same. `next` is null at the end.
 */
export async function listEndpoints(
  tx: Tx,
  query: EndpointQuery,
): Promise<{ readonly data: readonly SeenEndpoint[]; readonly next: EndpointPlace | null }> {
  const routeOf = routesOfScopes(await loadCatalogueSource(tx, "refuse"));
  const data: SeenEndpoint[] = [];
  let { after } = query;
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += AT_ONCE) {
    const rows = await selectEndpoints(tx, { ...query, after, limit: AT_ONCE });
    for (const row of rows) {
      const scope = routeOf(row.method, row.template)?.scope ?? null;
      if (!fits(scope, query)) continue;
      if (data.length === query.limit) return { data, next: after };
      data.push({ ...row, scope });
      after = placeOf(row);
    }
    if (rows.length < AT_ONCE) return { data, next: null };
    after = placeOf(rows.at(-1) ?? null) ?? after;
  }
  return { data, next: after };
}

function fits(found: string | null, { mapped, scope }: EndpointQuery): boolean {
  return (mapped === null || mapped === (found !== null)) && (scope === null || scope === found);
}

function placeOf(row: EndpointRow): EndpointPlace;
function placeOf(row: EndpointRow | null): EndpointPlace | null;
function placeOf(row: EndpointRow | null): EndpointPlace | null {
  return row === null ? null : [row.environment, row.template, row.method];
}

export interface UncalledQuery {
  readonly environment: string | null;
  readonly scope: string | null;
  /** What was called since is not told. */
  readonly since: Date;
}

export interface UncalledRoute extends RouteDefinition {
  readonly lastSeen: Date | null;
  readonly accepted: number;
  readonly refused: number;
}

/** Routes of scopes that nobody called since, by template and method; what was called before it was mapped counts as called. */
export async function listUncalled(tx: Tx, { environment, scope, since }: UncalledQuery): Promise<UncalledRoute[]> {
  const source = await loadCatalogueSource(tx, "refuse");
  const calls = await callsByRoute(tx, environment, routesOfScopes(source));
  return [...(source.routes ?? [])]
    .filter((route) => scope === null || route.scope === scope)
    .map((route) => ({ ...route, ...(calls.get(nameOf(route)) ?? { lastSeen: null, accepted: 0, refused: 0 }) }))
    .filter(({ lastSeen }) => lastSeen === null || lastSeen < since)
    .sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
}

type Calls = Pick<UncalledRoute, "lastSeen" | "accepted" | "refused">;

async function callsByRoute(tx: Tx, environment: string | null, routeOf: RouteOf): Promise<ReadonlyMap<string, Calls>> {
  const calls = new Map<string, Calls>();
  let after: EndpointPlace | null = null;
  do {
    const rows: readonly EndpointRow[] = await selectEndpoints(tx, { environment, since: null, after, limit: AT_ONCE });
    for (const row of rows) {
      const route = routeOf(row.method, row.template);
      if (route !== null) calls.set(nameOf(route), together(calls.get(nameOf(route)), row));
    }
    after = rows.length < AT_ONCE ? null : placeOf(rows.at(-1) ?? null);
  } while (after !== null);
  return calls;
}

function together(known: Calls | undefined, { lastSeen, accepted, refused }: EndpointRow): Calls {
  if (known === undefined || known.lastSeen === null) return { lastSeen, accepted, refused };
  return {
    lastSeen: known.lastSeen > lastSeen ? known.lastSeen : lastSeen,
    accepted: known.accepted + accepted,
    refused: known.refused + refused,
  };
}

const nameOf = ({ method, path }: RouteDefinition): string => `${method} ${path}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
