import { BOUNDS, OTHERS } from "./bounds.ts";
import { type CountRow, Counts, SEPARATOR, TABLES } from "./count-table.ts";
import { type CellSums, dayOf, hourOf } from "./counted-cell.ts";

/** Everything of one key with one route, method and code in one hour. */
export interface RouteSum {
  readonly hour: number;
  readonly route: string;
  readonly mapped: boolean;
  readonly method: string;
  readonly code: string;
  /** requests, cost, four classes of status, durations, their sum and the longest, as the tables have them. */
  readonly sums: number[];
  firstAt: number;
  lastAt: number;
}

/** Everything of one key from one source in one hour. */
interface FacetSum {
  readonly hour: number;
  readonly kind: string;
  readonly value: string;
  accepted: number;
  refused: number;
  firstAt: number;
  lastAt: number;
}

/** What a group of batches says of one key. */
export class KeyFold {
  readonly key: string;
  readonly account: string;
  readonly environment: string;
  #routes = new Map<string, RouteSum>();
  #facets = new Map<string, FacetSum>();
  readonly #outcomes = new Counts(TABLES.outcome);

  constructor({ key, account, environment }: CellSums) {
    this.key = key;
    this.account = account;
    this.environment = environment;
  }

  add(cell: CellSums): void {
    this.#addRoute(cell);
    if (cell.requests === 0) return;
    const { merged, network, country, agent, service, browser, asked, code, version, used, requests, cost } = cell;
    if (merged) for (const kind of ["network", "country", "agent"]) this.#addFacet(cell, kind, OTHERS);
    if (network !== null) this.#addFacet(cell, "network", network);
    if (country !== null) this.#addFacet(cell, "country", country);
    if (agent !== null) this.#addFacet(cell, "agent", agent);
    if (service !== null) this.#addFacet(cell, "service", service);
    if (asked !== null) this.#addFacet(cell, "scopes", asked);
    if (browser) this.#addFacet(cell, "browser", "yes");
    this.#outcomes.add([this.key, version, code, this.account, used.firstAt, used.lastAt, requests, cost]);
  }

  /** Keeps within its bounds what one caller can send at once; to be called once all is added. */
  trim(): void {
    this.#routes = trimmedRoutes(this.#routes);
    this.#facets = trimmedFacets(this.#facets, BOUNDS.sources);
  }

  routes(): Iterable<RouteSum> {
    return this.#routes.values();
  }

  hourRows(): CountRow[] {
    return inOrder(this.#routes).map((sum) => this.#routeRow(sum, sum.hour));
  }

  dayRows(): readonly CountRow[] {
    const days = new Counts(TABLES.day);
    for (const sum of this.#routes.values()) days.add(this.#routeRow(sum, dayOf(sum.hour)));
    return days.sorted();
  }

  facetHourRows(): CountRow[] {
    return inOrder(trimmedFacets(this.#facets, BOUNDS.facets)).map((sum) => this.#facetRow(sum, sum.hour));
  }

  facetDayRows(): readonly CountRow[] {
    const days = new Counts(TABLES.facetDay);
    for (const sum of trimmedFacets(this.#facets, BOUNDS.facets).values())
      days.add(this.#facetRow(sum, dayOf(sum.hour)));
    return days.sorted();
  }

  sourceRows(): readonly CountRow[] {
    const sources = new Counts(TABLES.source);
    for (const { kind, value, firstAt, lastAt, accepted, refused } of this.#facets.values()) {
      sources.add([this.key, kind, value, this.account, firstAt, lastAt, accepted, refused]);
    }
    return sources.sorted();
  }

  outcomeRows(): readonly CountRow[] {
    return this.#outcomes.sorted();
  }

  #routeRow({ route, mapped, method, code, sums }: RouteSum, startsAt: number): CountRow {
    return [this.key, startsAt, route, mapped, method, code, this.account, this.environment, ...sums];
  }

  #facetRow({ kind, value, accepted, refused }: FacetSum, startsAt: number): CountRow {
    return [this.key, startsAt, kind, value, this.account, accepted, refused];
  }

  #addRoute({ route, mapped, method, code, requests, cost, statuses, durations, firstAt, lastAt }: CellSums): void {
    const hour = hourOf(lastAt);
    const { count, totalMs, maxMs } = durations;
    const sums = [requests, cost, ...statuses, count, totalMs, maxMs];
    addRoute(this.#routes, { hour, route, mapped, method, code, sums, firstAt, lastAt });
  }

  #addFacet({ code, requests, firstAt, lastAt }: CellSums, kind: string, value: string): void {
    const [accepted, refused] = code === "VALID" ? [requests, 0] : [0, requests];
    addFacet(this.#facets, { hour: hourOf(lastAt), kind, value, accepted, refused, firstAt, lastAt });
  }
}

/** By the same columns in the same order as rows are sorted by. */
function addRoute(routes: Map<string, RouteSum>, added: RouteSum): void {
  const { hour, route, mapped, method, code } = added;
  const name = `${hour}${SEPARATOR}${route}${SEPARATOR}${mapped}${SEPARATOR}${method}${SEPARATOR}${code}${SEPARATOR}`;
  const found = routes.get(name);
  if (found === undefined) {
    routes.set(name, added);
    return;
  }
  const { sums } = found;
  for (let index = 0; index < sums.length - 1; index += 1) sums[index] = (sums[index] ?? 0) + (added.sums[index] ?? 0);
  sums[sums.length - 1] = Math.max(sums.at(-1) ?? 0, added.sums.at(-1) ?? 0);
  found.firstAt = Math.min(found.firstAt, added.firstAt);
  found.lastAt = Math.max(found.lastAt, added.lastAt);
}

function addFacet(facets: Map<string, FacetSum>, added: FacetSum): void {
  const name = `${added.hour}${SEPARATOR}${added.kind}${SEPARATOR}${added.value}${SEPARATOR}`;
  const found = facets.get(name);
  if (found === undefined) {
    facets.set(name, added);
    return;
  }
  found.accepted += added.accepted;
  found.refused += added.refused;
  found.firstAt = Math.min(found.firstAt, added.firstAt);
  found.lastAt = Math.max(found.lastAt, added.lastAt);
}

/** With no more paths of an hour than the bound: those that were asked for most. */
function trimmedRoutes(routes: Map<string, RouteSum>): Map<string, RouteSum> {
  const gone = least(
    [...routes.values()].filter(({ mapped, route }) => !mapped && route !== "" && route !== OTHERS),
    {
      nameOf: ({ hour, route }) => `${hour}${SEPARATOR}${route}`,
      groupOf: ({ hour }) => String(hour),
      weightOf: ({ sums }) => sums[0] ?? 0,
      most: BOUNDS.paths,
    },
  );
  if (gone.size === 0) return routes;
  const kept = new Map<string, RouteSum>();
  for (const sum of routes.values()) {
    const goes = !sum.mapped && gone.has(`${sum.hour}${SEPARATOR}${sum.route}`);
    addRoute(kept, goes ? { ...sum, sums: [...sum.sums], route: OTHERS } : sum);
  }
  return kept;
}

/** With no more values of a kind and hour than that: those that were seen most. */
function trimmedFacets(facets: Map<string, FacetSum>, most: number): Map<string, FacetSum> {
  const gone = least(
    [...facets.values()].filter(({ value }) => value !== OTHERS),
    {
      nameOf: ({ hour, kind, value }) => `${hour}${kind}${SEPARATOR}${value}`,
      groupOf: ({ hour, kind }) => `${hour}${kind}`,
      weightOf: ({ accepted, refused }) => accepted + refused,
      most,
    },
  );
  if (gone.size === 0) return facets;
  const kept = new Map<string, FacetSum>();
  for (const sum of facets.values()) {
    const goes = gone.has(`${sum.hour}${sum.kind}${SEPARATOR}${sum.value}`);
    addFacet(kept, goes ? { ...sum, value: OTHERS } : { ...sum });
  }
  return kept;
}

interface Ranking<T> {
  nameOf(item: T): string;
  groupOf(item: T): string;
  weightOf(item: T): number;
  readonly most: number;
}

/** Names beyond the bound of their group: those of the least weight. */
function least<T>(items: readonly T[], { nameOf, groupOf, weightOf, most }: Ranking<T>): Set<string> {
  const gone = new Set<string>();
  if (items.length <= most) return gone;
  const groups = new Map<string, Map<string, number>>();
  for (const item of items) {
    const group = groupOf(item);
    let weights = groups.get(group);
    if (weights === undefined) {
      weights = new Map();
      groups.set(group, weights);
    }
    const name = nameOf(item);
    weights.set(name, (weights.get(name) ?? 0) + weightOf(item));
  }
  for (const weights of groups.values()) {
    if (weights.size <= most) continue;
    const ranked = [...weights].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    for (const [name] of ranked.slice(most)) gone.add(name);
  }
  return gone;
}

function inOrder<T>(sums: Map<string, T>): T[] {
  if (sums.size === 1) return [...sums.values()];
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
