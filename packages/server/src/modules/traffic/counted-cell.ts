import type { Durations, StatusCounts, UseCell, UseDetail } from "@claviger/core";
import { productOf } from "./agent-product.ts";
import { DAY_MS, HOUR_MS, OTHERS } from "./bounds.ts";
import { usedAt } from "./counted-uses.ts";
import { type CallerAddress, networkOf } from "./network-of.ts";

/** One row of raw events: a verification, or `standsFor` of them. Times are milliseconds since the epoch. */
export interface UsageEvent {
  readonly at: number;
  readonly standsFor: number;
  readonly cost: number;
  readonly requestId: string | null;
  readonly status: number | null;
  readonly durationMs: number | null;
}

/** A cell as it is counted: of a key that there is, within bounds, at a time that can be. */
export interface CountedCell {
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
  readonly address: CallerAddress | null;
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
  countryOf: (ip: string) => string | null,
  now: number,
): CountedCell | null {
  const requests = whole(cell.requests);
  const [statuses, durations] = [statusesOf(cell.statuses), durationsOf(cell.durations)];
  if (requests === 0 && durations.count === 0 && statuses.every((count) => count === 0)) return null;
  const lastAt = placed(cell.lastAt, now);
  const address = cell.ip === null ? null : networkOf(cell.ip);
  const product = cell.agent === null ? null : productOf(cell.agent);
  const counted = {
    ...{ key: cell.key, version: cell.version, account: owner.account, environment: owner.environment },
    ...{
      code: cell.code,
      method: methodOf(cell),
      ...routeOf(cell),
      asked: askedOf(cell),
      merged: cell.merged,
      address,
      requests,
    },
    country: address === null ? null : countryOf(address.ip),
    agent: product?.product ?? null,
    browser: cell.browser || product?.browser === true,
    service: cell.service === null ? null : textOf(cell.service, LENGTHS.service),
    cost: whole(cell.cost),
    firstAt: Math.min(placed(cell.firstAt, now), lastAt),
    lastAt,
    used: usedSpan(cell, now),
    happenedAt: cell.lastAt <= now ? Math.floor(cell.lastAt) : now,
    ...{ statuses, durations },
  };
  return { ...counted, events: requests === 0 ? [] : eventsOf(counted, details) };
}

/** The time of something told: its own, unless that is in the future or long ago, which is a clock's mistake or no use any more. */
export function placed(at: number, now: number): number {
  return at <= now && at >= now - LATE_MS ? Math.floor(at) : now;
}

function usedSpan(cell: UseCell, now: number): CountedCell["used"] {
  const lastAt = Math.floor(usedAt(cell.lastAt, now));
  return { firstAt: Math.min(Math.floor(usedAt(cell.firstAt, now)), lastAt), lastAt };
}

export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

export function dayOf(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}

/** One line of well-formed text without control characters, never empty and never what stands for others. */
function textOf(text: string, most: number): string {
  const plain = text
    .slice(0, most)
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "_");
  return plain === "" || plain === OTHERS ? "_" : plain;
}

function methodOf({ method, merged }: UseCell): string {
  if (merged) return OTHERS;
  if (method === null) return "";
  return METHODS.has(method) ? method : OTHER_METHOD;
}

function routeOf({ route, path, merged }: UseCell): { readonly route: string; readonly mapped: boolean } {
  if (merged) return { route: OTHERS, mapped: false };
  if (route !== null) return { route: textOf(route, LENGTHS.route), mapped: true };
  return { route: path === null ? "" : textOf(path, LENGTHS.path), mapped: false };
}

/**
 * The method (`-` where none was told) and the scopes, with spaces between them; with `+` before all of it where the request counts at the
 * endpoint of a scope as well.
 */
function askedOf(cell: UseCell): string | null {
  if (cell.merged || cell.scopes === null) return null;
  return `${cell.route === null ? "" : "+"}${methodOf(cell) || "-"} ${textOf(cell.scopes, LENGTHS.scopes)}`;
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
  const details = told.slice(0, requests);
  const alone = { at: lastAt, requestId: null, status: null, durationMs: null };
  if (details.length === 0) return [{ ...alone, standsFor: requests, cost }];
  const own = details.map((detail) => whole(detail.cost));
  const sum = own.reduce((total, each) => total + each, 0);
  const exact = details.length === requests && sum === cost;
  const costs = exact ? own : spread(cost, details.length);
  const weights = spread(requests, details.length);
  const [from, to] = [hourOf(lastAt), Math.min(hourOf(lastAt) + HOUR_MS - 1, lastAt)];
  return details.map((detail, index) => ({
    at: detail.at >= from && detail.at <= to ? Math.floor(detail.at) : to,
    standsFor: weights[index] ?? 1,
    cost: costs[index] ?? 0,
    requestId: detail.requestId === null ? null : textOf(detail.requestId, LENGTHS.requestId),
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
