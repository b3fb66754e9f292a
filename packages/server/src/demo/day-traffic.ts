import type { KeyUse } from "@claviger/core";
import type { Draw } from "./draw.ts";
import { DAY_MS, type Offset, type PlannedTraffic } from "./plan.ts";

/** One UTC day, or the part of it that has passed. */
export interface Day {
  readonly from: Offset;
  readonly to: Offset;
  readonly weekend: boolean;
}

/** When a refusal of that day can have been first, as an offset. */
export function refusedSince({ from, to, after }: PlannedTraffic, day: Day): Offset {
  return Math.max(day.from, after !== null && day.to > to ? Math.max(to, day.from) : from);
}

/** Older days are counted once a week only: they show when a key was used, and no chart reaches as far back. */
const DAILY_FOR_MS = 400 * DAY_MS;

/** The days from `from` to the start, which is `start` milliseconds after the epoch. */
export function daysSince(from: Offset, start: number): Day[] {
  const days: Day[] = [];
  const midnight = Math.floor((start + from) / DAY_MS) + 1;
  for (let number = midnight; number * DAY_MS < start; number += 1) {
    const begin = number * DAY_MS - start;
    const end = Math.min(begin + DAY_MS, 0);
    // The first of January 1970 was a Thursday.
    const weekday = (number + 4) % 7;
    if (begin < -DAILY_FOR_MS && weekday !== 2) continue;
    days.push({ from: begin, to: end, weekend: weekday === 0 || weekday === 6 });
  }
  return days;
}

/** What one key saw on one day of a demo that began at `start`; null for nothing. Takes the same number of draws whatever comes out. */
export function usesOn(
  draw: Draw,
  traffic: PlannedTraffic,
  day: Day,
  start: number,
): Pick<KeyUse, "accepted" | "refused" | "firstUsedAt" | "lastUsedAt" | "lastRefusedAt" | "lastRefusedCode"> | null {
  const [volume, rounding, first, last, late] = [
    draw.between(0.7, 1.3),
    draw.unit(),
    draw.unit(),
    draw.unit(),
    draw.unit(),
  ];
  const rate = volume * (day.weekend ? traffic.weekend : 1);
  const living = overlap(day, traffic.from, traffic.to);
  const dead = traffic.after === null ? null : overlap(day, traffic.to, traffic.after.to);
  const wanted = living === null ? 0 : Math.floor(traffic.perDay * rate * (living.length / DAY_MS) + rounding);
  const refusedAlive = Math.floor(wanted * traffic.refused.share + rounding * 0.5);
  const refusedDead =
    dead === null ? 0 : Math.floor((traffic.after?.perDay ?? 0) * rate * (dead.length / DAY_MS) + rounding);
  const accepted = Math.max(0, wanted - refusedAlive);
  const refused = (accepted > 0 ? Math.min(refusedAlive, wanted) : 0) + refusedDead;
  if (accepted + refused === 0) return null;
  const at = (span: Span | null, share: number): number | null =>
    span === null ? null : start + Math.round(span.from + share * span.length);
  return {
    ...{ accepted, refused },
    firstUsedAt: accepted > 0 ? at(living, first / (accepted + 1)) : null,
    // A single use is the first one and the last.
    lastUsedAt: accepted > 0 ? at(living, accepted === 1 ? first / 2 : 1 - (last * 0.99) / (accepted + 1)) : null,
    lastRefusedAt: refused > 0 ? at(refusedDead > 0 ? dead : living, 1 - late / (refused + 1)) : null,
    lastRefusedCode: refused === 0 ? null : refusedDead > 0 ? (traffic.after?.code ?? null) : traffic.refused.code,
  };
}

interface Span {
  readonly from: Offset;
  readonly length: number;
}

function overlap(day: Day, from: Offset, to: Offset): Span | null {
  const begin = Math.max(day.from, from);
  const length = Math.min(day.to, to) - begin;
  return length > 0 ? { from: begin, length } : null;
}
