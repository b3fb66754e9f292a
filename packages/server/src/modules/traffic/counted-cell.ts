import type { Durations, StatusCounts, UseCell, UseDetail } from "@claviger/core";
import { DAY_MS, HOUR_MS, OTHERS } from "./bounds.ts";
import { usedAt } from "./counted-uses.ts";
import { plainText, type Readings } from "./readings.ts";

/** One row of raw events: a verification, or `standsFor` of them. Times are milliseconds since the epoch. */
export interface UsageEvent {
  readonly at: number;
  readonly standsFor: number;
  readonly cost: number;
  readonly requestId: string | null;
  readonly status: number | null;
  readonly durationMs: number | null;
}

/** What is counted of a cell: of a key that there is, within bounds, at a time that can be. */
export interface CellSums {
  readonly key: string;
  readonly version: number;
  readonly account: string;
  readonly environment: string;
  readonly code: string;
  /** '' where none was told. */
  readonly method: string;
  /** '' where none was asked for. */
  readonly route: string;
  /** Whether a scope names the route. */
  readonly mapped: boolean;
  /** What was asked for by name, as `askedOf` of suggestions reads it; null: nothing. */
  readonly asked: string | null;
  /** Stands for cells of several routes and sources. */
  readonly merged: boolean;
  readonly network: string | null;
  readonly country: string | null;
  readonly agent: string | null;
  readonly service: string | null;
  readonly browser: boolean;
  /** 0: answers of requests that were counted in a cell of a batch before, because they took longer than that waited. */
  readonly requests: number;
  readonly cost: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** When the first and the last of it were used, as `key_use` has it: by its own clock, within some days. */
  readonly used: { readonly firstAt: number; readonly lastAt: number };
  /** When the last of it happened by its own clock, however long ago that is; never after `now`. */
  readonly happenedAt: number;
  readonly statuses: StatusCounts;
  readonly durations: Durations;
}

/** A cell as it is counted, and its raw events. */
export interface CountedCell extends CellSums {
  /** In one spelling. */
  readonly ip: string | null;
  /** Their `standsFor` and `cost` add up to `requests` and `cost`, and all are of the hour of `lastAt`. */
  readonly events: readonly UsageEvent[];
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
const OTHER_METHOD = "OTHER";
/** Far above what anybody can count between two batches. */
const MOST = 1e12;
const LATE_MS = DAY_MS;
const LENGTHS = { route: 500, path: 200, scopes: 200, service: 100, requestId: 200 } as const;
const NO_STATUSES: StatusCounts = [0, 0, 0, 0];
const NO_DURATIONS: Durations = { count: 0, totalMs: 0, maxMs: 0 };

/** Whose cell it is, as the database says. */
export interface CellOwner {
  readonly account: string;
  readonly environment: string;
}

/**
 * What a verifier says, kept within what can be: it is a claim. `details` are those of this cell. Null where it counts
 * nothing. `now` is the time of its arrival.
 */
export function countCell(
  cell: UseCell,
  details: readonly UseDetail[],
  owner: CellOwner,
  readings: Readings,
  now: number,
): CountedCell | null {
  const requests = whole(cell.requests);
  const [statuses, durations] = [statusesOf(cell.statuses), durationsOf(cell.durations)];
  if (requests === 0 && durations.count === 0 && statuses.every((count) => count === 0)) return null;
  const lastAt = placed(cell.lastAt, now);
  const address = cell.ip === null ? null : readings.address(cell.ip);
  const product = cell.agent === null ? null : readings.product(cell.agent);
  const cost = whole(cell.cost);
  const usedLast = Math.floor(usedAt(cell.lastAt, now));
  return {
    key: cell.key,
    version: cell.version,
    account: owner.account,
    environment: owner.environment,
    code: cell.code,
    method: methodOf(cell),
    route: routeOf(cell, readings),
    mapped: cell.route !== null && !cell.merged,
    asked: askedOf(cell, readings),
    merged: cell.merged,
    network: address?.network ?? null,
    country: address?.country ?? null,
    agent: product?.product ?? null,
    service: cell.service === null ? null : readings.text(cell.service, LENGTHS.service),
    browser: cell.browser || product?.browser === true,
    requests,
    cost,
    firstAt: Math.min(placed(cell.firstAt, now), lastAt),
    lastAt,
    used: { firstAt: Math.min(Math.floor(usedAt(cell.firstAt, now)), usedLast), lastAt: usedLast },
    happenedAt: cell.lastAt <= now ? Math.floor(cell.lastAt) : now,
    statuses,
    durations,
    ip: address?.ip ?? null,
    events: requests === 0 ? [] : eventsOf({ requests, cost, lastAt }, details),
  };
}

/** The time of something told: its own, unless that is in the future or long ago, which is a clock's mistake or no use any more. */
export function placed(at: number, now: number): number {
  return at <= now && at >= now - LATE_MS ? Math.floor(at) : now;
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

function methodOf({ method, merged }: UseCell): string {
  if (merged) return OTHERS;
  if (method === null) return "";
  return METHODS.has(method) ? method : OTHER_METHOD;
}

function routeOf({ route, path, merged }: UseCell, readings: Readings): string {
  if (merged) return OTHERS;
  if (route !== null) return readings.text(route, LENGTHS.route);
  return path === null ? "" : readings.text(path, LENGTHS.path);
}

/**
 * The method (`-` where none was told) and the scopes, with spaces between them; with `+` before all of it where the request counts at the
 * endpoint of a scope as well.
 */
function askedOf(cell: UseCell, readings: Readings): string | null {
  if (cell.merged || cell.scopes === null) return null;
  return `${cell.route === null ? "" : "+"}${methodOf(cell) || "-"} ${readings.text(cell.scopes, LENGTHS.scopes)}`;
}

/** A whole number from 0 on; what is no number is none. */
function whole(value: number): number {
  return value > 0 ? Math.min(Math.floor(value), MOST) : 0;
}

function statusesOf(statuses: StatusCounts | null): StatusCounts {
  if (statuses === null) return NO_STATUSES;
  const [ok, moved, refused, failed] = statuses;
  return [whole(ok), whole(moved), whole(refused), whole(failed)];
}

function durationsOf(durations: Durations | null): Durations {
  if (durations === null) return NO_DURATIONS;
  return { count: whole(durations.count), totalMs: ms(durations.totalMs), maxMs: ms(durations.maxMs) };
}

function ms(value: number): number {
  return value > 0 ? Math.min(value, MOST) : 0;
}

type Summed = Pick<CountedCell, "requests" | "cost" | "lastAt">;

/** So that raw events add up to what is counted, those that came without a detail are stood for by others, or by one of their own. */
function eventsOf({ requests, cost, lastAt }: Summed, told: readonly UseDetail[]): UsageEvent[] {
  const details = told.length > requests ? told.slice(0, requests) : told;
  if (details.length === 0) {
    return [{ at: lastAt, standsFor: requests, cost, requestId: null, status: null, durationMs: null }];
  }
  let sum = 0;
  for (const detail of details) sum += whole(detail.cost);
  const exact = details.length === requests && sum === cost;
  const costs = exact ? null : spread(cost, details.length);
  const weights = exact ? null : spread(requests, details.length);
  const from = hourOf(lastAt);
  const to = Math.min(from + HOUR_MS - 1, lastAt);
  return details.map((detail, index) => ({
    at: detail.at >= from && detail.at <= to ? Math.floor(detail.at) : to,
    standsFor: weights?.[index] ?? 1,
    cost: costs === null ? whole(detail.cost) : (costs[index] ?? 0),
    requestId: detail.requestId === null ? null : plainText(detail.requestId, LENGTHS.requestId),
    status: statusOf(detail.status),
    durationMs: detail.durationMs === null ? null : ms(detail.durationMs),
  }));
}

/** A total in so many whole parts, as even as can be. */
function spread(total: number, parts: number): number[] {
  const [each, more] = [Math.floor(total / parts), total % parts];
  return Array.from({ length: parts }, (_, index) => (index < more ? each + 1 : each));
}

function statusOf(status: number | null): number | null {
  return status !== null && status >= 100 && status <= 999 ? Math.floor(status) : null;
}
