import type { KeyUse, UseCell, UseDetail } from "@claviger/core";
import type { Draw } from "./draw.ts";
import type { CalledRoute, PlannedCallers } from "./plan.ts";
import { OLD_ROUTES } from "./plan-callers.ts";

const HOUR_MS = 3_600_000;

/** Whose uses they are. */
export interface CellKey {
  readonly key: string;
  readonly account: string;
  readonly environment: string;
}

export interface CellsPort {
  readonly draw: Draw;
  readonly callers: PlannedCallers;
  /** Milliseconds that one cell covers at most, whole hours; null: one cell has all. */
  readonly slotMs: number | null;
  /** When the first refusal of the day can have been, in milliseconds since the epoch. */
  readonly refusedFrom: number;
}

export type DayUse = Pick<
  KeyUse,
  "accepted" | "refused" | "firstUsedAt" | "lastUsedAt" | "lastRefusedAt" | "lastRefusedCode"
>;

/** By UTC hour: most people and their programs work by day. */
const BY_HOUR = [2, 2, 3, 3, 2, 2, 3, 5, 8, 10, 11, 11, 9, 10, 11, 11, 10, 8, 6, 5, 4, 3, 3, 2];
/** Of a hundred answers: fine, gone elsewhere, not found, failed. */
const ANSWERS = [965, 5, 27, 3] as const;

/** What one key saw on a day, as verifiers would have told it: it adds up to `use`, and begins and ends when that does. */
export function cellsOf(port: CellsPort, of: CellKey, use: DayUse): UseCell[] {
  const { accepted, refused, firstUsedAt, lastUsedAt, lastRefusedAt, lastRefusedCode } = use;
  const cells: UseCell[] = [];
  if (accepted > 0 && firstUsedAt !== null && lastUsedAt !== null) {
    for (const slot of spread(accepted, firstUsedAt, lastUsedAt, port.slotMs)) cells.push(accept(port, of, slot));
  }
  if (refused > 0 && lastRefusedAt !== null && lastRefusedCode !== null) {
    const from = refused === 1 ? lastRefusedAt : Math.min(lastRefusedAt, port.refusedFrom);
    for (const slot of spread(refused, from, lastRefusedAt, port.slotMs)) {
      cells.push(refuse(port, of, slot, lastRefusedCode));
    }
  }
  return cells;
}

interface Slot {
  readonly requests: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** So many over the time from `first` to `last`, more by day than by night: at least one at either end. */
function spread(total: number, first: number, last: number, slotMs: number | null): Slot[] {
  if (slotMs === null) return [{ requests: total, firstAt: total === 1 ? last : first, lastAt: last }];
  const begin = Math.floor(first / slotMs) * slotMs;
  const starts = Array.from({ length: Math.floor((last - begin) / slotMs) + 1 }, (_, index) => begin + index * slotMs);
  const weights = starts.map((start) => weightOf(start, slotMs));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const ends = starts.length === 1 ? 0 : Math.min(2, total);
  let [weight, given] = [0, 0];
  return starts.flatMap((start, index) => {
    weight += weights[index] ?? 0;
    const here = Math.floor(((total - ends) * weight) / sum) - given;
    given += here;
    const isFirst = index === 0;
    const isLast = index === starts.length - 1;
    // A single request is the last one.
    const requests = here + (ends === 2 && isFirst ? 1 : 0) + (ends > 0 && isLast ? 1 : 0);
    if (requests === 0) return [];
    const [firstAt, lastAt] = [isFirst ? first : start, isLast ? last : start + slotMs - 1];
    return [{ requests, lastAt, firstAt: requests === 1 ? lastAt : firstAt }];
  });
}

function weightOf(start: number, slotMs: number): number {
  let weight = 0;
  for (let at = start; at < start + slotMs; at += HOUR_MS) weight += BY_HOUR[Math.floor(at / HOUR_MS) % 24] ?? 1;
  return weight;
}

function accept(port: CellsPort, of: CellKey, slot: Slot): UseCell {
  const { draw, callers } = port;
  const route = draw.pick(callers.routes);
  const meanMs = draw.between(4, 60);
  const { requests } = slot;
  const [moved, unknown, failed] = ANSWERS.slice(1).map((share) => Math.floor((requests * share) / 1_000));
  const others = (moved ?? 0) + (unknown ?? 0) + (failed ?? 0);
  return {
    ...seen(port, of, slot, route),
    ...{ code: "VALID", route: route.template, path: null, cost: requests },
    statuses: [requests - others, moved ?? 0, unknown ?? 0, failed ?? 0],
    durations: {
      count: requests,
      totalMs: Math.round(requests * meanMs),
      maxMs: Math.round(meanMs * draw.between(2, 12)),
    },
  };
}

function refuse(port: CellsPort, of: CellKey, slot: Slot, code: UseCell["code"]): UseCell {
  const { draw, callers } = port;
  const isUnmapped = code === "ROUTE_NOT_MAPPED";
  const route = draw.pick(isUnmapped ? OLD_ROUTES : callers.routes);
  const elsewhere = code === "IP_NOT_ALLOWED" ? { ip: "192.0.2.200" } : {};
  return {
    ...{ ...seen(port, of, slot, route), ...elsewhere, code, cost: 0 },
    ...(isUnmapped ? { route: null, path: route.template } : { route: route.template, path: null }),
    ...{ statuses: [0, 0, slot.requests, 0], durations: null },
  };
}

function seen({ draw, callers }: CellsPort, of: CellKey, slot: Slot, { method }: CalledRoute) {
  return {
    ...{ ...of, ...slot, version: 1, method, ip: draw.pick(callers.addresses), agent: draw.pick(callers.agents) },
    ...{ browser: callers.browser, service: draw.pick(callers.services), scopes: null, merged: false },
  };
}

/** Some single verifications of these cells, so many of each at most, as if the others had been left out. */
export function detailsOf(draw: Draw, cells: readonly UseCell[], most: number): UseDetail[] {
  return cells.flatMap((cell, index) => {
    const { firstAt, lastAt, requests, code, durations, cost } = cell;
    const count = Math.min(most, requests);
    return Array.from({ length: count }, (_, place): UseDetail => {
      const at = place === count - 1 ? lastAt : Math.floor(draw.between(firstAt, lastAt));
      const valid = code === "VALID";
      return {
        ...{ cell: index, at, requestId: null, status: valid ? 200 : null },
        ...{ cost: valid ? Math.floor(cost / requests) : 0 },
        durationMs:
          durations === null ? null : Math.round(draw.between(0.3, 2) * (durations.totalMs / durations.count)),
      };
    });
  });
}
